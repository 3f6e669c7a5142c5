"""What `study simulate` is told to plant in a study's own steps: its options, and their reading."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import click

from stimuli.study import Condition, Part, Step, Study
from study_app.errors import RefusalError
from study_app.simulation.behaviour import Behaviour, planted, read_probabilities

ON_DEMAND = (Part.ANSWER, Part.BEST, Part.PANELS, Part.CARD)


@dataclass(frozen=True, kw_only=True)
class Plantable:
    """An option of `study simulate` for what people of a condition do in steps.

    Attributes:
        numbers: what they are, as the help says it; each is from 0 to 1.
        meaning: of the option.
        has_parts: whether NAME:PART says it of one part alone.
        needs: in which steps it makes a difference, as words after "no step".
        fits: whether a step is one of them.
        needs_ai: whether it means nothing of people who do not meet the AI.
        change: a behaviour with these numbers.
    """

    numbers: tuple[str, ...]
    meaning: str
    has_parts: bool = False
    needs: str
    fits: Callable[[Step], bool]
    needs_ai: bool = True
    change: Callable[[Behaviour, tuple[float, ...]], Behaviour]

    @property
    def form(self) -> str:
        """How a text of this option looks."""
        return f"NAME={','.join(self.numbers)}"

    def changed(self, behaviour: Behaviour, part: str, numbers: tuple[float, ...]) -> Behaviour:
        """A behaviour with these numbers, of one part or, where none is named, of all."""
        if not part:
            return self.change(behaviour, numbers)
        return replace(behaviour, asking_for={**behaviour.asking_for, Part(part): numbers[0]})


PLANTABLE: Mapping[str, Plantable] = {
    "alone": Plantable(
        numbers=("RIGHT",),
        meaning="How often people of a condition know the right label without the AI.",
        needs_ai=False,
        needs="asks what a photo shows, or for a decision",
        fits=lambda step: step.truth in ("label", "ai_right"),
        change=lambda behaviour, numbers: replace(behaviour, alone=numbers[0]),
    ),
    "switching": Plantable(
        numbers=("AI_RIGHT", "AI_WRONG"),
        meaning="How often they take the AI's answer where it differs from their own.",
        needs="asks for a name of what a photo shows",
        fits=lambda step: step.truth == "label" and bool(step.response.offered),
        change=lambda behaviour, numbers: replace(behaviour, switching=(numbers[0], numbers[1])),
    ),
    "sureness": Plantable(
        numbers=("RIGHT", "WRONG"),
        meaning="How sure they say they are of right and of wrong answers of their own.",
        needs_ai=False,
        needs="is a slider or a scale that shows own",
        fits=lambda step: step.response.kind in ("slider", "scale") and Part.OWN in step.shows,
        change=lambda behaviour, numbers: replace(behaviour, sureness=(numbers[0], numbers[1])),
    ),
    "predicting": Plantable(
        numbers=("AI_RIGHT", "AI_WRONG"),
        meaning="How often they foresee what the AI answers.",
        needs_ai=False,
        needs="asks what the AI answers",
        fits=lambda step: step.truth == "ai_answer",
        change=lambda behaviour, numbers: replace(behaviour, predicting=(numbers[0], numbers[1])),
    ),
    "asking": Plantable(
        numbers=("SHARE",),
        meaning="How often they ask for what comes on demand; NAME:PART=... for one part.",
        has_parts=True,
        needs="has parts on demand",
        fits=lambda step: "on demand" in step.moments.values(),
        change=lambda behaviour, numbers: replace(behaviour, asking=numbers[0]),
    ),
    "numbers": Plantable(
        numbers=("ERROR", "WEIGHT"),
        meaning=(
            "How far their own numbers are off, in SDs of the true ones, and which part of the way "
            "to the AI's they go."
        ),
        needs="asks for a number that can be right",
        fits=lambda step: bool(step.truth) and not step.response.offered,
        change=lambda behaviour, numbers: replace(behaviour, error=numbers[0], weight=numbers[1]),
    ),
}
"""The options for a study's own steps, by name. `--behaviour` is for decisions, and has bins."""


def planting_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the options of `PLANTABLE`, each of which may come several times."""
    for name, plantable in reversed(list(PLANTABLE.items())):
        option = click.option(
            f"--{name}", multiple=True, metavar=plantable.form, help=plantable.meaning
        )
        command = option(command)
    return command


def planted_in(
    study: Study, behaviour: Sequence[str], changes: Mapping[str, Sequence[str]]
) -> dict[str, Behaviour]:
    """The behaviour of each condition of a study.

    Args:
        behaviour: texts of `--behaviour`.
        changes: texts of the options of `PLANTABLE`, by name.

    Raises:
        RefusalError: with every text that cannot be read, or would change nothing.
    """
    conditions = {condition.name: condition for condition in study.conditions}
    problems = [
        f"--behaviour {text}: {name} does not meet the AI; say how often they are right by --alone"
        for text in behaviour
        for name in [text.partition("=")[0].partition(":")[0]]
        if name in conditions and not conditions[name].shows_ai
    ]
    behaviours = planted(list(conditions), behaviour)
    for option, texts in changes.items():
        plantable = PLANTABLE[option]
        for text in sorted(texts, key=lambda text: ":" in text.partition("=")[0]):
            where, _, numbers = text.partition("=")
            name, _, part = where.partition(":")
            problem = problem_with(study, conditions, plantable, text)
            if problem:
                problems.append(f"--{option} {text}: {problem}")
            else:
                values = read_probabilities(numbers) or ()
                behaviours[name] = plantable.changed(behaviours[name], part, values)
    if problems:
        raise RefusalError("what is planted", problems)
    return {
        name: own if sees_confidence(study, conditions[name]) else replace(own, follows=0.0)
        for name, own in behaviours.items()
    }


def problem_with(
    study: Study, conditions: Mapping[str, Condition], plantable: Plantable, text: str
) -> str:
    """What is wrong with a text; empty if it can be planted."""
    where, _, numbers = text.partition("=")
    name, colon, part = where.partition(":")
    values = read_probabilities(numbers)
    if name not in conditions:
        return f"{name!r} is none of the conditions {list(conditions)}"
    if values is None or len(values) != len(plantable.numbers):
        return f"write {plantable.form}, from 0 to 1"
    if colon and not (plantable.has_parts and part in ON_DEMAND):
        parts = f"; parts are {', '.join(ON_DEMAND)}" if plantable.has_parts else ""
        return f"write {plantable.form}{parts}"
    if plantable.needs_ai and not conditions[name].shows_ai:
        return f"{name} does not meet the AI; leave it out"
    if not study.trial.steps and conditions[name].shows_ai:
        return "this study has no steps of its own, [[trial.steps]]; --behaviour alone counts there"
    steps = study.steps_of(conditions[name])
    if study.trial.steps and not any(map(plantable.fits, steps)):
        return f"would change nothing, since no step of {name} {plantable.needs}; leave it out"
    return ""


def sees_confidence(study: Study, condition: Condition) -> bool:
    """Whether people of a condition read how confident the AI is, so that they can follow it."""
    steps = study.steps_of(condition)
    is_there = any(Part.CONFIDENCE in step.shows for step in steps) if steps else True
    return condition.shows_ai is True and study.shows_confidence and is_there
