"""Answers that come twice, late, or from somewhere else; and the last one."""

import pytest

from tests.study_app.visiting import verdict


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


def test_an_answer_after_the_end_changes_nothing(app, visitor, tools):
    visitor.start().walk(until="judge")
    form = visitor.page.form
    visitor.walk()
    before = [answers_of(trial) for trial in tools.trials(app)]
    visitor.client.post(form.action, data={**form.fields, "answer": "no"})
    assert [answers_of(trial) for trial in tools.trials(app)] == before
    assert tools.participants(app)[0].outcome == "completed"


def test_a_finished_session_is_completed(app, visitor, tools):
    visitor.start().walk()
    [participant] = tools.participants(app)
    assert participant.outcome == "completed"
    assert (
        participant.started_at
        <= participant.consented_at
        <= participant.instructed_at
        <= participant.finished_at
    )
    assert all(trial.decision for trial in tools.trials(app))


@pytest.mark.parametrize("screen", ["check", "instructions", "judge", "feedback", "seen", "card"])
def test_every_answer_is_known_when_it_comes_again(visitor, post, screen):
    visitor.start().walk(until=screen)
    fields = {k: v for k, v in visitor.page.form.fields.items() if k != "csrf_token"}
    choice = visitor.page.form.choices[0]
    assert verdict(post("answer", **fields, answer=choice)) == "stored"
    assert verdict(post("answer", **fields, answer=choice)) == "already"


@pytest.mark.parametrize(("screen", "choice"), [("consent", "decline"), ("check", "incompatible")])
def test_an_answer_that_ended_the_session_is_known_too(visitor, post, screen, choice):
    visitor.start().walk(until=screen)
    assert verdict(post("answer", screen=screen, answer=choice)) == "stored"
    assert verdict(post("answer", screen=screen, answer=choice)) == "already"
