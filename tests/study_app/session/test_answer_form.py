"""What a form says that our pages do not send."""

import pytest


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


@pytest.mark.parametrize(
    ("field", "sent", "stored"),
    [
        ("photo_seen", "0.75", 0.75),
        ("photo_seen", "1.01", None),
        ("panels_seen", "1 0.5", [1, 0.5]),
        ("panels_seen", "1 1.5", None),
        ("panels_seen", "1 x", None),
        ("panels_seen", "", None),
        ("panels_seen_ms", "12.5", [12.5]),
        ("panels_seen_ms", "nan", None),
        ("window_w", "1280", 1280),
        ("zoom", "-2", None),
        ("enlarged_count", "9" * 12, 1_000_000),
    ],
)
def test_what_was_in_view_is_stored_where_it_can_be_28(app, visitor, tools, field, sent, stored):
    visitor.start().walk(until="judge").press("yes", **{field: sent})
    assert getattr(tools.trials(app)[0], field) == stored


def test_a_time_in_view_that_is_longer_than_the_trial_makes_all_of_it_missing_28(
    app, visitor, tools
):
    sent = {"photo_seen": "1", "panels_seen_ms": "5 9000000", "rt_ms": "5"}
    visitor.start().walk(until="judge").press("yes", **sent)
    trial = tools.trials(app)[0]
    assert (trial.photo_seen, trial.panels_seen_ms, trial.decision_rt_ms) == (None, None, None)


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
