"""Answers that come twice, late, malformed or from somewhere else."""

import pytest


def answers_of(trial):
    """What a trial stores."""
    return (trial.seen_before, trial.card_read_at, trial.decision, trial.decision_rt_ms)


def test_a_double_click_changes_one_row_only(app, visitor, tools):
    visitor.start().walk(until="judge")
    form = visitor.page.form
    for choice in ("yes", "no"):
        data = {**form.fields, "answer": choice, "rt_ms": "100"}
        assert visitor.client.post(form.action, data=data).status_code == 303
    first, second, *_ = tools.trials(app)
    assert first.decision == "accept"
    assert second.decision is None


def test_the_back_button_changes_nothing(app, visitor, tools):
    visitor.start().walk(until="seen")
    old = visitor.page.form
    visitor.walk(until="judge")
    before = [answers_of(trial) for trial in tools.trials(app)]
    visitor.client.post(old.action, data={**old.fields, "answer": "no"})
    assert [answers_of(trial) for trial in tools.trials(app)] == before


def test_an_answer_to_a_later_trial_is_not_taken(app, visitor, tools):
    visitor.start().walk(until="judge")
    later = tools.trials(app)[3]
    visitor.press("yes", trial=later.key)
    assert all(trial.decision is None for trial in tools.trials(app))


def test_a_card_cannot_be_skipped(app, visitor, tools):
    visitor.start().walk(until="seen")
    visitor.press("yes", screen="judge")
    assert tools.trials(app)[5].decision is None
    assert visitor.screen == "seen"


def test_a_second_tab_shows_the_same_trial(app, visitor, another_visitor):
    visitor.start().walk(until="judge")
    tab = another_visitor().open(visitor.url)
    assert tab.page.form.fields["trial"] == visitor.page.form.fields["trial"]
    tab.answer("no")
    visitor.answer("yes")
    assert visitor.page.form.fields["trial"] == tab.page.form.fields["trial"]
    assert "feedback" == visitor.screen


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("12.5", 12.5),
        ("0", 0.0),
        ("", None),
        ("-1", None),
        ("nan", None),
        ("inf", None),
        ("x", None),
    ],
)
def test_a_time_that_cannot_be_one_is_stored_as_missing(app, visitor, tools, sent, stored):
    visitor.start().walk(until="judge").press("yes", rt_ms=sent)
    assert tools.trials(app)[0].decision_rt_ms == stored


def test_an_unknown_input_is_stored_as_missing(app, visitor, tools):
    visitor.start().walk(until="judge").press("yes", input="telepathy")
    assert tools.trials(app)[0].input is None


@pytest.mark.parametrize(
    "changes", [{"screen": "nowhere"}, {"screen": "debrief"}, {"answer": "maybe"}, {"screen": ""}]
)
def test_a_malformed_answer_gets_a_friendly_page(app, visitor, tools, changes):
    visitor.start().walk(until="judge").press("yes", **changes)
    assert visitor.response.status_code == 400
    assert "your answers are safe" in visitor.response.text
    assert tools.trials(app)[0].decision is None


@pytest.mark.parametrize("token", ["", "wrong"])
def test_an_answer_without_the_csrf_token_is_refused(app, visitor, tools, token):
    visitor.start().press("agree", csrf_token=token)
    assert visitor.response.status_code == 400
    assert tools.participants(app)[0].consented_at is None


def test_start_without_the_csrf_token_is_refused(app, visitor, tools):
    visitor.open("/").press(csrf_token="")
    assert visitor.response.status_code == 400
    assert tools.participants(app) == []


@pytest.mark.parametrize("path", ["/p/unknown", "/nowhere", "/media/0123456789abcdef.jpg"])
def test_an_unknown_address_gets_a_friendly_page(visitor, path):
    visitor.open(path)
    assert visitor.response.status_code == 404
    assert "do not know this link" in visitor.response.text


def test_an_answer_to_an_unknown_link_is_refused(visitor):
    visitor.start()
    fields = visitor.page.form.fields
    reply = visitor.client.post("/p/unknown/answer", data={**fields, "answer": "agree"})
    assert reply.status_code == 404


def test_an_answer_after_the_end_changes_nothing(app, visitor, tools):
    visitor.start().walk(until="judge")
    form = visitor.page.form
    visitor.walk()
    before = [answers_of(trial) for trial in tools.trials(app)]
    visitor.client.post(form.action, data={**form.fields, "answer": "no"})
    assert [answers_of(trial) for trial in tools.trials(app)] == before
    assert tools.participants(app)[0].outcome == "completed"
