"""The steps of a trial as export.json tells them, and which of them a condition has."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from analysis.export.strict_facts import Count, Facts

Part = Literal["photo", "answer", "confidence", "best", "panels", "card", "own", "truth"]
HowOften = Literal["always", "first", "never"]
TruthOf = Literal["label", "ai_right", "ai_answer"]
TrialPhase = Literal["practice", "validation", "test"]
ShowsAi = bool | Literal["answer"]


class Delay(Facts):
    """A part that comes so long after the page."""

    after_ms: Count


When = Literal["at once", "on demand"] | Delay


class StepFacts(Facts):
    """A step: what it shows, and the one response that it takes.

    Attributes:
        name: of the step, unique within the trial.
        kind: of the response, such as "choice".
        shows: its parts, as the study file orders them.
        truth: what says which answer is right; None where nothing is right or wrong.
        show: in which trials it comes, of those with one label.
        phases: in which it comes.
        reveal: when its parts come, all of them or each.
        low: the least number that can be answered; None where the kind has no bounds.
        high: the greatest.
        options: what can be chosen; "classes" where these are labels.
    """

    name: Annotated[str, Field(min_length=1)]
    kind: Annotated[str, Field(min_length=1)]
    shows: tuple[Part, ...] = ()
    truth: TruthOf | None = None
    show: HowOften = "always"
    phases: tuple[TrialPhase, ...] = ("practice", "validation", "test")
    reveal: When | dict[Part, When] = "at once"
    low: float | None = None
    high: float | None = None
    options: tuple[str, ...] | Literal["classes"] | None = None

    @model_validator(mode="after")
    def _bounds_are_in_order(self) -> Self:
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError(f"step {self.name}: low must be below high; correct them")
        return self

    def comes_in(self, phase: TrialPhase, shows_ai: ShowsAi) -> bool:
        """Whether trials of a phase have it, for people who see so much of the AI.

        Who sees nothing of it is not shown an own earlier answer either: it would only be asked
        for again.
        """
        left_out = shows_ai is False and "own" in self.shows
        return self.show != "never" and phase in self.phases and not left_out

    def shows_advice(self, shows_ai: ShowsAi) -> bool:
        """Whether it shows the AI's answer to people who see so much of the AI."""
        return shows_ai is not False and bool({"answer", "best"} & set(self.shows))
