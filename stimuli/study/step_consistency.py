"""What the steps of a trial and the other tables of a study file owe each other."""

from collections.abc import Iterator

from stimuli.study.definition import StudyTables
from stimuli.study.online import Condition
from stimuli.study.steps import Part, comes_in_each

# Measures of the analysis that look at acceptance, which only a decision tells.
OF_DECISIONS = ("over_reliance", "under_reliance", "d_prime", "criterion")


def step_problems(study: StudyTables) -> Iterator[str]:
    """Everything in which they do not agree."""
    for question in study.questions:
        if question.ASKED_IN == "trials":
            yield f"questions.{question.name}.kind: a {question.kind} is asked in trials alone"
        if question.names_classes:
            yield (
                f"questions.{question.name}.options: names are those of a trial's photo; list the "
                "answers, or make it one of [[trial.steps]]"
            )
    if not study.trial.steps:
        return
    if study.practice.steps == "paper":
        yield (
            'practice.steps: "paper" is the decision of the trial without [[trial.steps]]; say '
            '"trial"'
        )
    outcome = study.trial.outcome
    if outcome and outcome.response.kind != "decision":
        asked = [study.analysis.measure, *study.analysis.secondary]
        yield from (
            f"analysis: {measure} is one of decisions, and {outcome.name!r} asks for none; "
            "choose accuracy or time"
            for measure in asked
            if measure in OF_DECISIONS
        )
    yield from _condition_problems(study)


def _condition_problems(study: StudyTables) -> Iterator[str]:
    """Conditions for which a step would show nothing of what it is about."""
    shown = {part for step in study.trial.steps for part in step.shows}
    for condition in study.conditions:
        if condition.panels and Part.PANELS not in shown:
            yield (
                f"conditions.{condition.name}.panels: no step shows panels; add them to one of "
                "[[trial.steps]]"
            )
        yield from _outcome_problems(study, condition)


def _outcome_problems(study: StudyTables, condition: Condition) -> Iterator[str]:
    """What keeps a condition's trials from being right or wrong, each of them.

    Where no step has a truth at all, `[trial]` tells that by itself.
    """
    where, outcome = f"conditions.{condition.name}", study.outcome_of(condition)
    if outcome is None and study.trial.outcome:
        yield (
            f"{where}: of what it is shown no step is left that can be right or wrong; give a "
            "truth to one that asks of the photo, neither of the AI nor of an own answer"
        )
    if outcome is None:
        return
    if outcome != study.trial.outcome and not comes_in_each(outcome):
        yield (
            f"{where}: its trials are decided by {outcome.name!r}, which does not come in each of "
            "them; remove the step's show and phases"
        )
