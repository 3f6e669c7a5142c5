"""`[trial]`: which steps a trial has, and what a decision's screen says and asks for."""

from collections.abc import Iterator, Sequence
from typing import Literal, Self

from pydantic import Field, model_validator

from stimuli.study.offline import Count, Facts
from stimuli.study.steps import (
    HowOften,
    Part,
    Step,
    carried_from,
    comes_in_each,
    outcome_of,
)


class TrialSettings(Facts):
    """`[trial]`: the screens of a trial. Its defaults are the study paper's, but for the pause.

    Attributes:
        steps: what a trial is made of; without any it is the paper's, to which `ask_seen` and
            `show_card` belong.
        ask_seen: whether people are asked if they have ever seen such a thing: in each trial, in
            the first one with a label, or never.
        show_card: the same of the class card; with "first" it stays one click away later on.
        wording: how the AI's answer is put: "paper" as "Sam guessed this is 96 % Harrow Ringlet",
            "answer" as "Sam's answer: Harrow Ringlet, confidence 96 %".
        show_confidence: whether people read the AI's confidence; with steps their `shows` says so.
        best: how many of the AI's answers `best` of a step shows, the most likely first.
        unlock: opens the answer only when every picture was in view, and `dwell_ms` have passed.
        dwell_ms: the least time of a decision with `unlock`, the same in every condition.
        record_view: stores what was in view before each decision, and for how long, where
            `[behaviour]` records at all; a consent of your own has to say so.
        pause: offers a pause, which nobody times, half-way through the questions.
    """

    steps: tuple[Step, ...] = ()
    ask_seen: HowOften = "always"
    show_card: HowOften = "always"
    wording: Literal["paper", "answer"] = "paper"
    show_confidence: bool = True
    best: Count = 3
    unlock: bool = False
    dwell_ms: int = Field(default=1000, ge=0, le=60_000)
    record_view: bool = True
    pause: bool = True

    @model_validator(mode="after")
    def _steps_agree(self) -> Self:
        if problems := list(self._problems()):
            raise ValueError("\n".join(problems))
        return self

    def _problems(self) -> Iterator[str]:
        if not self.steps:
            return
        names = [step.name for step in self.steps]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"steps: the name {name!r} is used more than once; rename one"
        for key in sorted({"ask_seen", "show_card"} & self.model_fields_set):
            yield f"{key}: belongs to the trial without steps of its own; make it one of the steps"
        if "show_confidence" in self.model_fields_set:
            yield "show_confidence: a step says that by confidence in its shows; remove it"
        for place, step in enumerate(self.steps):
            if Part.OWN in step.shows:
                yield from _own_problems(step, self.steps[:place])
            if self.unlock and "on demand" in step.moments.values():
                yield (
                    f"steps.{step.name}.reveal: with unlock everybody waits for what may never be "
                    "asked for; set one of them aside"
                )
        outcome = self.outcome
        if outcome is None:
            yield (
                "steps: nothing that people answer can be right or wrong; give one of them a truth"
            )
        elif not comes_in_each(outcome):
            yield (
                f"steps.{outcome.name}: is the last step with a truth, which decides what a trial "
                "was worth, so it has to come in each; remove its show and phases"
            )

    @property
    def outcome(self) -> Step | None:
        """The step that decides whether a trial was answered rightly, where a group meets all."""
        return outcome_of(self.steps)


def _own_problems(step: Step, before: Sequence[Step]) -> Iterator[str]:
    """An earlier answer to show that there is not, or not always."""
    where = f"steps.{step.name}.shows"
    earlier = carried_from(step, before)
    if earlier is None:
        other = "" if step.truth else " or has a truth"
        asked = f"asks for a {step.response.kind}{other}"
        yield f"{where}: no earlier step {asked}, so that there is no own answer; leave `own` out"
    elif earlier.show not in ("always", step.show) or {*step.phases} - {*earlier.phases}:
        yield (
            f"{where}: its own answer is that to {earlier.name!r}, which comes in fewer trials; "
            "remove its show and phases, or leave `own` out"
        )
