"""How the study is going, in counts."""

import re

from tests.study_app.dashboard.console import expert, text_of


def test_the_funnel_counts_every_step_and_every_other_end(app, console, another_visitor):
    another_visitor().start().walk()
    another_visitor().start().press("decline")
    another_visitor().start().walk(until="judge")
    console.open("/experimenter")
    text = text_of(console)
    for words in ("3 started", "1 completed", "1 under way", "1 declined"):
        assert words in text
    sums = {
        step: sum(map(int, re.findall(rf"{step} (\d+)", text)))
        for step in ("Pressed Start", "Agreed", "Read the instructions", "Completed")
    }
    expected = {"Pressed Start": 3, "Agreed": 2, "Read the instructions": 2, "Completed": 1}
    assert sums == expected
    assert "5 with 5 right" not in text


def test_scores_of_the_first_questions_are_shown_by_condition(app, console, bundle, visitor):
    visitor.start().walk(choose=expert(bundle))
    console.open("/experimenter")
    assert "1 of 1 passed (100&nbsp;%)" in text_of(console)
    assert "1 with 10 right" in text_of(console)
