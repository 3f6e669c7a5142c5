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
