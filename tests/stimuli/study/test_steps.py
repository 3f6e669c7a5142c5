"""`[[trial.steps]]`: what a study file may say of the steps of a trial, and what it is told."""

from typing import Any

import pytest
from pydantic import ValidationError

from stimuli.problems import validation_problems
from stimuli.study import Part, Phase, Step, Study, TrialSettings
from stimuli.study.steps import QUESTIONS, TRUTHS, carried_from
from tests.stimuli.study.conftest import problems_with

CLASSES = {"kind": "choice", "options": "classes"}
FIXED = {"kind": "choice", "options": ["yes", "no"], "text": "Is it?"}
ALONE = {"name": "alone", "shows": ["photo"], "response": CLASSES}
ADVISED = {"name": "advised", "shows": ["photo", "answer", "panels", "own"], "response": CLASSES}
SURE = {"name": "sure", "shows": ["own"], "response": {"kind": "slider"}}
DECIDE = {"name": "decide", "shows": ["photo", "answer"], "response": {"kind": "decision"}}
LOOK = {"name": "look", "shows": ["photo"], "response": {"kind": "continue"}}


def trial(*steps: dict[str, Any], **settings: object) -> TrialSettings:
    """`[trial]` with these steps."""
    return TrialSettings.model_validate({"steps": steps, **settings})


def told(*steps: dict[str, Any], **settings: object) -> list[str]:
    """What is wrong with it, line by line."""
    with pytest.raises(ValidationError) as error:
        trial(*steps, **settings)
    return [line for p in validation_problems(error.value) for line in p.splitlines()]


def step(**changes: object) -> Step:
    """A choice among names of classes, unless something else is said."""
    return Step.model_validate(ALONE | changes)


# What a file need not say


@pytest.mark.parametrize(
    ("response", "truth"),
    [
        ({"kind": "decision"}, "ai_right"),
        (CLASSES, "label"),
        (FIXED, None),
        ({"kind": "slider"}, None),
        ({"kind": "number", "text": "How many?"}, None),
        ({"kind": "continue"}, None),
    ],
)
def test_a_decision_and_a_choice_of_names_can_be_right_and_all_else_where_said_32(
    response: dict[str, object], truth: str | None
) -> None:
    assert step(response=response).truth == truth


@pytest.mark.parametrize(("kind", "truth"), QUESTIONS, ids=lambda key: str(key))
def test_a_question_that_is_not_given_is_the_usual_one_32(kind: str, truth: str | None) -> None:
    response = {"kind": kind} | ({"options": "classes"} if kind == "choice" else {})
    shown = step(response=response, truth=truth)
    assert shown.response.text == QUESTIONS[kind, truth]  # type: ignore[index]
    assert shown.response.required
    assert shown.response.name == "alone"


def test_what_is_right_is_known_of_the_kinds_that_have_a_question_about_it_32() -> None:
    assert {(kind, truth) for kind, truth in QUESTIONS if truth} <= {
        (kind, truth) for kind, truths in TRUTHS.items() for truth in truths
    }


def test_parts_come_with_the_page_unless_the_step_says_when_32() -> None:
    shows = ["photo", "answer", "confidence", "panels"]
    assert step(shows=shows).moments == {}
    assert step(shows=shows, reveal="on demand").moments == {
        Part.ANSWER: "on demand",
        Part.PANELS: "on demand",
    }
    later = step(shows=shows, reveal={"answer": {"after_ms": 500}}).moments
    assert [(part, moment.after_ms) for part, moment in later.items()] == [(Part.ANSWER, 500)]  # type: ignore[union-attr]


def test_ones_own_answer_is_the_latest_of_its_kind_or_what_a_confidence_is_about_32() -> None:
    steps = trial(ALONE, SURE, ADVISED, SURE | {"name": "sure-advised"}).steps
    assert [carried_from(step, steps[:place]) for place, step in enumerate(steps)] == [
        None,
        steps[0],
        steps[0],
        steps[2],
    ]


def test_an_own_answer_that_is_neither_right_nor_wrong_may_be_shown_too_32() -> None:
    seen = {"name": "seen-it", "shows": ["photo"], "response": FIXED}
    again = seen | {"name": "again", "shows": ["photo", "own"]}
    steps = trial(seen, again, DECIDE).steps
    assert carried_from(steps[1], steps[:1]) == steps[0]


def test_the_last_step_with_a_truth_decides_about_the_trial_32() -> None:
    outcome = trial(ALONE, SURE, ADVISED, SURE | {"name": "sure-advised"}).outcome
    assert outcome is not None
    assert outcome.name == "advised"


# What is wrong with one step


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"name": "judge"},
            "judge: is what another screen of a trial is called; rename the step",
        ),
        (
            {"truth": "ai_right"},
            "alone.truth: 'ai_right' says nothing of a choice; choose of label, ai_answer",
        ),
        (
            {"truth": "label", "response": {"kind": "continue", "text": "Look."}},
            "alone.truth: 'label' says nothing of a continue; remove it",
        ),
        (
            {"truth": "label", "response": FIXED},
            'alone.truth: fixed options are no labels; say options = "classes"',
        ),
        (
            {"truth": "ai_answer", "shows": ["photo", "best"]},
            "alone.shows: shows the answer that it asks for; leave it out",
        ),
        (
            {"shows": ["photo", "confidence"]},
            "alone.shows: confidence is that of the answer; add answer",
        ),
        (
            {"shows": ["photo", "truth"]},
            (
                "alone.shows: only practice may tell the truth; leave it out, or say "
                'phases = ["practice"]'
            ),
        ),
        (
            {"shows": ["answer"], "response": {"kind": "click"}},
            "alone.shows: a click marks a place in the photo; add photo",
        ),
        (
            {"phases": ["test", "consent", "debrief"]},
            "alone.phases: consent, debrief has no trials; remove it",
        ),
        (
            {"reveal": {"photo": "on demand"}},
            "alone.reveal: photo is there from the beginning; remove it",
        ),
        (
            {"reveal": {"panels": "on demand"}},
            "alone.reveal: panels is not in shows; add it there",
        ),
    ],
)
def test_what_a_step_cannot_be_is_told_32(changes: dict[str, object], problem: str) -> None:
    assert told(ALONE | changes) == [f"steps.0: {problem}"]


def test_everything_wrong_with_a_step_is_told_at_once_32() -> None:
    problems = told(
        ALONE
        | {
            "name": "card",
            "shows": ["confidence", "truth"],
            "truth": "ai_right",
            "phases": ["consent"],
            "reveal": {"confidence": "on demand", "best": "on demand"},
        }
    )
    keys = [problem.removeprefix("steps.0: ").split(":")[0] for problem in problems]
    assert keys == [
        *("card", "card.truth", "card.shows", "card.shows", "card.phases"),
        *("card.reveal", "card.reveal"),
    ]


@pytest.mark.parametrize("kind", ["choice", "scale"])
def test_a_question_without_a_usual_text_has_to_be_given_32(kind: str) -> None:
    response = {"kind": kind, "options": ["a", "b"]}
    assert told(ALONE | {"response": response}) == ["steps.0.response.text: is missing; add it"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"response": {"kind": "guess"}}, "steps.0.response.kind: "),
        ({"shows": ["picture"]}, "steps.0.shows.0: "),
        ({"reveal": {"panels": {"after_ms": -1}}}, "steps.0.reveal"),
        ({"after": 3}, "steps.0.after: is not known here; remove it or correct its spelling"),
    ],
)
def test_words_that_no_step_knows_are_told_32(changes: dict[str, object], problem: str) -> None:
    assert told(ALONE | changes)[0].startswith(problem)


def test_a_step_without_a_response_is_told_32() -> None:
    assert told({"name": "alone"}) == ["steps.0.response: is missing; add it"]


# What the steps of a trial owe each other


@pytest.mark.parametrize(
    ("steps", "settings", "problem"),
    [
        ([ALONE, ALONE], {}, "steps: the name 'alone' is used more than once; rename one"),
        (
            [ALONE],
            {"ask_seen": "first"},
            "ask_seen: belongs to the trial without steps of its own; make it one of the steps",
        ),
        (
            [ALONE],
            {"show_confidence": False},
            "show_confidence: a step says that by confidence in its shows; remove it",
        ),
        (
            [ADVISED],
            {},
            (
                "steps.advised.shows: no earlier step asks for a choice, so that there is no own "
                "answer; leave `own` out"
            ),
        ),
        (
            [LOOK, SURE, ALONE],
            {},
            (
                "steps.sure.shows: no earlier step asks for a slider or has a truth, so that there "
                "is no own answer; leave `own` out"
            ),
        ),
        (
            [ALONE | {"show": "first"}, ADVISED],
            {},
            (
                "steps.advised.shows: its own answer is that to 'alone', which comes in fewer "
                "trials; remove its show and phases, or leave `own` out"
            ),
        ),
        (
            [DECIDE | {"reveal": {"answer": "on demand"}}],
            {"unlock": True},
            (
                "steps.decide.reveal: with unlock everybody waits for what may never be asked for; "
                "set one of them aside"
            ),
        ),
        (
            [LOOK],
            {},
            "steps: nothing that people answer can be right or wrong; give one of them a truth",
        ),
        (
            [ALONE | {"phases": ["test"]}],
            {},
            (
                "steps.alone: is the last step with a truth, which decides what a trial was worth, "
                "so it has to come in each; remove its show and phases"
            ),
        ),
    ],
)
def test_what_steps_owe_each_other_is_told_32(
    steps: list[dict[str, Any]], settings: dict[str, object], problem: str
) -> None:
    assert told(*steps, **settings) == [problem]


def test_everything_that_steps_owe_each_other_is_told_at_once_32() -> None:
    steps = [DECIDE | {"reveal": "on demand", "phases": ["test"]}, ADVISED | {"show": "first"}]
    problems = told(*steps, *steps, unlock=True, show_card="never")
    keys = [problem.split(": ")[0] for problem in problems]
    assert keys == [
        *("steps", "steps", "show_card", "steps.decide.reveal", "steps.advised.shows"),
        *("steps.decide.reveal", "steps.advised"),
    ]


def test_ones_own_answer_may_be_shown_in_the_very_trials_that_asked_for_it_32() -> None:
    first = {"show": "first", "phases": ["practice"]}
    steps = [ALONE | first, SURE | first, DECIDE]
    assert [step.name for step in trial(*steps).steps] == ["alone", "sure", "decide"]


# What the other tables owe them


def study_with(study: Study, *steps: dict[str, Any], **tables: object) -> Study:
    """A study with these steps, and other tables."""
    return Study.model_validate(study.model_dump() | {"trial": {"steps": steps}} | tables)


def conditions(*changes: dict[str, object]) -> list[dict[str, object]]:
    """Conditions a, b and so on."""
    return [{"name": name, **change} for name, change in zip("abc", changes, strict=False)]


@pytest.mark.parametrize(
    ("steps", "tables", "problem"),
    [
        (
            [],
            {"questions": [{"name": "ok", "kind": "decision", "text": "Ok?"}]},
            "questions.ok.kind: a decision is asked in trials alone",
        ),
        (
            [],
            {"questions": [{"name": "which", "text": "Which?", **CLASSES}]},
            (
                "questions.which.options: names are those of a trial's photo; list the answers, or "
                "make it one of [[trial.steps]]"
            ),
        ),
        (
            [DECIDE],
            {"practice": {"items": 3, "steps": "paper"}, "conditions": conditions({})},
            (
                'practice.steps: "paper" is the decision of the trial without [[trial.steps]]; say '
                '"trial"'
            ),
        ),
        (
            [ALONE],
            {
                "analysis": {"measure": "d_prime", "secondary": ["accuracy", "over_reliance"]},
                "conditions": conditions({}),
            },
            (
                "analysis: d_prime is one of decisions, and 'alone' asks for none; choose accuracy "
                "or time"
            ),
        ),
        (
            [ALONE],
            {"conditions": conditions({"panels": ["gradcam"]})},
            "conditions.a.panels: no step shows panels; add them to one of [[trial.steps]]",
        ),
        (
            [LOOK, DECIDE | {"shows": ["answer"]}],
            {"conditions": conditions({}, {"shows_ai": False})},
            (
                "conditions.b: of what it is shown no step is left that can be right or wrong; "
                "give a truth to one that asks of the photo, neither of the AI nor of an own answer"
            ),
        ),
        (
            [ALONE | {"show": "first"}, DECIDE | {"shows": ["answer"]}],
            {"conditions": conditions({}, {"shows_ai": False})},
            (
                "conditions.b: its trials are decided by 'alone', which does not come in each of "
                "them; remove the step's show and phases"
            ),
        ),
        (
            [ALONE | {"truth": "ai_answer"}],
            {"conditions": conditions({}, {"shows_ai": False})},
            "conditions.b: of what it is shown no step is left that can be right or wrong",
        ),
    ],
)
def test_what_other_tables_owe_the_steps_is_told_32(
    colour_study: Study, steps: list[dict[str, Any]], tables: dict[str, object], problem: str
) -> None:
    assert problem in problems_with(colour_study, trial={"steps": steps}, **tables)


def test_everything_that_other_tables_owe_the_steps_is_told_at_once_32(colour_study: Study) -> None:
    message = problems_with(
        colour_study,
        trial={"steps": [ALONE | {"show": "first"}, DECIDE | {"shows": ["answer"]}]},
        practice={"items": 3, "steps": "paper"},
        questions=[{"name": "ok", "kind": "continue", "text": "Ok?"}],
        conditions=conditions({"panels": ["gradcam"]}, {"shows_ai": False}),
        gate={"min_correct": 99},
    )
    for where in ("practice.steps", "questions.ok.kind", "conditions.a.panels", "conditions.b"):
        assert f"{where}: " in message
    assert "gate.min_correct: 99" in message


# Who meets what


def test_whoever_does_not_meet_the_ai_revises_and_foresees_nothing_32(colour_study: Study) -> None:
    study = study_with(
        colour_study,
        *(ALONE, SURE, ADVISED),
        {"name": "why", "shows": ["panels"], "response": {"kind": "continue"}},
        ALONE | {"name": "foresee", "truth": "ai_answer"},
        conditions=conditions({"panels": ["gradcam"]}, {}, {"shows_ai": False}),
    )
    names = [[step.name for step in study.steps_of(c)] for c in study.conditions]
    assert names == [
        ["alone", "sure", "advised", "why", "foresee"],
        ["alone", "sure", "advised", "foresee"],
        ["alone"],
    ]


def test_parts_are_hidden_from_whom_they_are_not_for_32(colour_study: Study) -> None:
    some = conditions({"panels": ["gradcam"]}, {"shows_ai": "answer"}, {"shows_ai": False})
    shows = [part.value for part in Part if part is not Part.OWN and part is not Part.TRUTH]
    decided = DECIDE | {"shows": shows}
    hidden = {
        "choose": [set(), {"confidence", "best", "panels"}, {*shows} - {"photo"}],
        "decide": [set(), {"confidence", "best", "panels"}, {*shows} - {"photo", "card"}],
    }
    for name, step_table in (("choose", ALONE | {"shows": shows}), ("decide", decided)):
        study = study_with(colour_study, step_table, conditions=some)
        assert [{*study.hidden_from(c)} for c in study.conditions] == hidden[name]


def test_steps_come_in_every_phase_that_has_trials_unless_they_say_32() -> None:
    assert step().phases == (Phase.PRACTICE, Phase.VALIDATION, Phase.TEST)
