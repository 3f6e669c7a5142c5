"""Which answers are judgements of the picture, and which of them stand before and after advice."""

import pandas as pd
import pytest

from analysis.export.step_facts import ShowsAi, StepFacts
from analysis.statistics.measures.steps.judgements import before_and_after, judgements, paired
from tests.analysis.participants import ADVERSARIAL, NATURAL
from tests.analysis.steps import ADVISED, ALONE, Advised, tables_of

STEPS = tuple(StepFacts.model_validate(step) for step in (ALONE, ADVISED))
SHOWS_AI: dict[str, ShowsAi] = {"gradcam": True, "unaided": False}


def steps_of(**last: object) -> tuple[StepFacts, ...]:
    return (STEPS[0], StepFacts.model_validate(ADVISED | last))


def test_the_answer_alone_stands_before_the_one_with_advice() -> None:
    both = before_and_after(STEPS, True)
    assert both is not None
    assert (both.first.name, both.last.name, both.advised) == ("alone", "advised", True)


@pytest.mark.parametrize(
    "last", [{"kind": "decision", "truth": "ai_right"}, {"truth": "ai_answer"}, {"truth": None}]
)
def test_a_last_step_that_asks_something_else_has_nothing_before_it(
    last: dict[str, object],
) -> None:
    assert before_and_after(steps_of(**last), True) is None


def test_who_sees_nothing_of_the_ai_has_no_after() -> None:
    assert before_and_after(STEPS, False) is None


def test_a_panel_that_comes_after_the_answer_is_no_advice_in_between() -> None:
    first = StepFacts.model_validate(ALONE | {"shows": ["photo", "answer"]})
    both = before_and_after((first, STEPS[1]), True)
    assert both is not None
    assert not both.advised


def test_agreement_is_with_what_the_ai_says_whether_it_was_shown_or_not() -> None:
    answers, trials = tables_of([Advised(before="TTOTAO", condition="unaided")])
    rows = judgements(answers, trials, STEPS)
    assert rows["right"].tolist() == [True, True, False, True, False, False]
    assert rows["agrees"].tolist() == [True, True, False, False, True, False]
    assert rows["advice_right"].tolist() == [True, True, True, False, False, False]


def test_answers_without_advice_or_truth_are_not_taken_for_disagreement() -> None:
    answers, trials = tables_of([Advised(before="TTOTAO", after="TTOTAO")])
    answers.loc[0, "advice"] = None
    answers.loc[2, ["truth", "right"]] = [None, pd.NA]
    rows = judgements(answers, trials, STEPS)
    assert len(rows) == 11
    assert pd.isna(rows.loc[0, "agrees"])
    assert len(paired(rows, STEPS, SHOWS_AI)) == 4


def test_practice_unfinished_and_adversarial_trials_do_not_count() -> None:
    stimuli = NATURAL + ADVERSARIAL
    answers, trials = tables_of([Advised(before="TTOTAOTTT", after="TTOTAOTTT")], stimuli)
    answers.loc[answers["trial_index"] == 0, "phase"] = "practice"
    trials = trials[trials["trial_index"] != 1]
    rows = judgements(answers, trials, STEPS)
    assert set(rows["trial_index"]) == {2, 3, 4, 5}


def test_a_pair_is_one_trial_with_both_answers() -> None:
    answers, trials = tables_of(
        [Advised(before="TTOTAO", after="TTTTTT"), Advised(before="TTTTTT", condition="unaided")]
    )
    answers = answers[~((answers["trial_index"] == 5) & (answers["step"] == "alone"))]
    both = paired(judgements(answers, trials, STEPS), STEPS, SHOWS_AI)
    assert both["trial_index"].tolist() == [0, 1, 2, 3, 4]
    assert set(both["condition"]) == {"gradcam"}
    assert both["right_before"].tolist() == [True, True, False, True, False]
    assert both["right_after"].all()
