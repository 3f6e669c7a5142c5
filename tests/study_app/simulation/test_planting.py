"""What `study simulate` is told of a study's own steps."""

import pytest

from stimuli.study import parse_study
from study_app.errors import RefusalError
from study_app.simulation.planting import PLANTABLE, planted_in
from tests.study_app.invented import study_text

STEPS = """[trial]
pause = false
[[trial.steps]]
name = "alone"
shows = ["photo"]
response = { kind = "choice", options = "classes" }
[[trial.steps]]
name = "estimate"
shows = ["photo"]
truth = "label"
response = { kind = "number" }
[[trial.steps]]
name = "foresee"
shows = ["photo"]
truth = "ai_answer"
response = { kind = "choice", options = "classes" }
[[trial.steps]]
name = "sure"
shows = ["own"]
response = { kind = "slider" }
[[trial.steps]]
name = "decide"
shows = ["photo", "answer", "confidence", "panels"]
reveal = { panels = "on demand" }
response = { kind = "decision" }
[[conditions]]
name = "without"
shows_ai = false
[[conditions]]
name = "told"
shows_ai = "answer"
"""


@pytest.fixture(scope="module")
def study():
    """A study with a step of its own and a group without the AI."""
    text = study_text().replace('steps = "paper"\n', "").replace("[trial]\npause = false\n", STEPS)
    return parse_study(text, subject="study.toml")


def test_every_option_changes_its_condition_and_no_other_32(study):
    changes = {
        "alone": ["heatmap=0.1"],
        "switching": ["heatmap=0.9,0.1"],
        "sureness": ["heatmap=1,0"],
        "predicting": ["heatmap=0.7,0.2"],
        "asking": ["heatmap:panels=0.9", "heatmap=0.2"],
        "numbers": ["heatmap=0.3,0.6"],
    }
    assert changes.keys() == PLANTABLE.keys()
    usual, own = planted_in(study, [], {}), planted_in(study, [], changes)
    assert {name for name in own if own[name] != usual[name]} == {"heatmap"}
    planted = own["heatmap"]
    assert (planted.alone, planted.switching, planted.sureness) == (0.1, (0.9, 0.1), (1, 0))
    assert (planted.predicting, planted.asking) == ((0.7, 0.2), 0.2)
    assert planted.asking_for == {"panels": 0.9}
    assert (planted.error, planted.weight) == (0.3, 0.6)


def test_every_text_that_says_nothing_is_named_with_its_option_32(study):
    changes = {
        "alone": ["nobody=0.5", "heatmap=2", "heatmap=0.5,0.5", "heatmap:panels=0.5"],
        "switching": ["without=0.5,0.5"],
        "asking": ["heatmap:photo=1"],
    }
    with pytest.raises(RefusalError) as caught:
        planted_in(study, ["without=0.8,0.5"], changes)
    problems = caught.value.problems
    assert len(problems) == 7
    assert all(problem.startswith("--") for problem in problems)


def test_what_no_step_asks_for_is_not_planted_32():
    text = study_text().replace('steps = "paper"\n', "")
    decide = STEPS[STEPS.index('[[trial.steps]]\nname = "decide"') :]
    own = parse_study(text.replace("[trial]\npause = false\n", decide), subject="study.toml")
    changes = {
        "switching": ["heatmap=1,1"],
        "sureness": ["heatmap=1,1"],
        "predicting": ["heatmap=1,1"],
        "numbers": ["heatmap=1,1"],
        "alone": ["heatmap=1"],
        "asking": ["heatmap=1"],
    }
    with pytest.raises(RefusalError) as caught:
        planted_in(own, [], changes)
    assert len(caught.value.problems) == 4
    assert all("would change nothing" in problem for problem in caught.value.problems)


def test_a_study_of_decisions_alone_takes_none_of_them_but_of_who_does_not_meet_the_ai_32():
    text = study_text() + '[[conditions]]\nname = "without"\nshows_ai = false\n'
    paper = parse_study(text, subject="study.toml")
    assert planted_in(paper, [], {"alone": ["without=0.9"]})["without"].alone == 0.9
    with pytest.raises(RefusalError) as caught:
        planted_in(paper, [], {"switching": ["heatmap=1,1"]})
    assert "has no steps of its own" in str(caught.value)


def test_nobody_follows_a_confidence_that_is_not_shown_32(study):
    behaviours = planted_in(study, [], {})
    follows = {name: own.follows for name, own in behaviours.items()}
    assert follows == {"confidence": 1, "heatmap": 1, "neighbours": 1, "without": 0, "told": 0}
