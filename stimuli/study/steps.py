"""`[[trial.steps]]`: what a trial shows, one step after the other, and what each of them asks."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from stimuli.study.offline import Facts, Name
from stimuli.study.online import Phase
from stimuli.study.responses import AnyResponse, sentence

HowOften = Literal["always", "first", "never"]
Truth = Literal["label", "ai_right", "ai_answer"]
TRIAL_PHASES = (Phase.PRACTICE, Phase.VALIDATION, Phase.TEST)
# The screens that the paper's trial has, and the one that tells in practice what was right.
SCREEN_NAMES = ("seen", "card", "judge", "feedback")


class Part(StrEnum):
    """What a step can show."""

    PHOTO = "photo"
    ANSWER = "answer"
    CONFIDENCE = "confidence"
    BEST = "best"
    PANELS = "panels"
    CARD = "card"
    OWN = "own"
    TRUTH = "truth"


# What comes from the AI, or follows from its answer.
OF_THE_AI = (Part.ANSWER, Part.CONFIDENCE, Part.BEST, Part.PANELS, Part.CARD)
REVEALED = (Part.ANSWER, Part.BEST, Part.PANELS, Part.CARD)  # confidence comes with the answer


class Delay(Facts):
    """So long after the rest of the page."""

    after_ms: Annotated[int, Field(ge=0, le=600_000)]


Moment = Literal["at once", "on demand"] | Delay

# What is asked where a file does not say, by kind of response and what is right.
QUESTIONS: dict[tuple[str, Truth | None], str] = {
    ("decision", "ai_right"): sentence("Is this %(label)s?"),
    ("choice", "label"): sentence("What does the photo show?"),
    ("choice", "ai_answer"): sentence("What will %(ai)s answer?"),
    ("slider", None): sentence("How sure are you, in per cent?"),
    ("number", None): sentence("What is your estimate?"),
    ("click", None): sentence("Mark the place in the photo that tells you most."),
    ("text", None): sentence("What do you see?"),
    ("continue", None): sentence("Have a look at this."),
}
TRUTHS: dict[str, tuple[Truth, ...]] = {
    "decision": ("ai_right",),
    "choice": ("label", "ai_answer"),
    "number": ("label", "ai_answer"),
    "slider": ("label", "ai_answer"),
}
"""What can be right of each kind of response; the first is meant where a file does not say."""


class Step(Facts):
    """One of `[[trial.steps]]`.

    Attributes:
        shows: the parts that are seen; `own` is an earlier answer of the person in this trial.
        response: what is asked; its text may be left out where `QUESTIONS` has one.
        truth: what is right: the true label, accepting a right answer of the AI and rejecting a
            wrong one, or what the AI answers (forward simulation; Kim et al. 2022). None where
            nothing is right or wrong.
        reveal: when what comes from the AI is seen, all of it or by part.
        show: in which trials the step comes: in each, in the first with a label, or in none.
        phases: in which it comes.
    """

    name: Name
    shows: tuple[Part, ...] = ()
    response: AnyResponse
    truth: Truth | None = None
    reveal: Moment | dict[Part, Moment] = "at once"
    show: HowOften = "always"
    phases: tuple[Phase, ...] = TRIAL_PHASES

    @model_validator(mode="before")
    @classmethod
    def _response_is_whole(cls, table: Any) -> Any:
        """A step's response has the step's name, and has to be given."""
        if not isinstance(table, dict) or not isinstance(table.get("response"), dict):
            return table
        response = {"required": True, **table["response"], "name": table.get("name")}
        kind, usual = str(response.get("kind")), _usual_truth(response)
        truth = table.get("truth") or usual
        possible = truth if truth in TRUTHS.get(kind, ()) else usual
        if text := QUESTIONS.get((kind, possible), QUESTIONS.get((kind, None))):
            response.setdefault("text", text)
        return {**table, "response": response, "truth": truth}

    @model_validator(mode="after")
    def _is_meant(self) -> Self:
        problems = list(self._problems())
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def _problems(self) -> Iterator[str]:
        kind, possible = self.response.kind, TRUTHS.get(self.response.kind, ())
        if self.name in SCREEN_NAMES:
            yield f"{self.name}: is what another screen of a trial is called; rename the step"
        if self.truth and self.truth not in possible:
            known = f"choose of {', '.join(possible)}" if possible else "remove it"
            yield f"{self.name}.truth: {self.truth!r} says nothing of a {kind}; {known}"
        if self.truth in ("label", "ai_answer") and self.has_fixed_options:
            yield f'{self.name}.truth: fixed options are no labels; say options = "classes"'
        if self.truth == "ai_answer" and {*self.shows} & {Part.ANSWER, Part.BEST, Part.CARD}:
            yield f"{self.name}.shows: shows the answer that it asks for; leave it out"
        if Part.CONFIDENCE in self.shows and Part.ANSWER not in self.shows:
            yield f"{self.name}.shows: confidence is that of the answer; add answer"
        if Part.TRUTH in self.shows and self.phases != (Phase.PRACTICE,):
            yield (
                f"{self.name}.shows: only practice may tell the truth; leave it out, or say "
                'phases = ["practice"]'
            )
        if kind == "click" and Part.PHOTO not in self.shows:
            yield f"{self.name}.shows: a click marks a place in the photo; add photo"
        if strangers := [p.value for p in self.phases if p not in TRIAL_PHASES]:
            yield f"{self.name}.phases: {', '.join(strangers)} has no trials; remove it"
        yield from self._reveal_problems()

    def _reveal_problems(self) -> Iterator[str]:
        if not isinstance(self.reveal, dict):
            return
        for part in self.reveal:
            if part not in REVEALED:
                yield f"{self.name}.reveal: {part.value} is there from the beginning; remove it"
            elif part not in self.shows:
                yield f"{self.name}.reveal: {part.value} is not in shows; add it there"

    @property
    def has_fixed_options(self) -> bool:
        """Whether the file lists the answers."""
        return isinstance(getattr(self.response, "options", None), tuple)

    @property
    def moments(self) -> dict[Part, Moment]:
        """When each part is seen that does not come with the page."""
        moments = {
            part: self.reveal.get(part, "at once") if isinstance(self.reveal, dict) else self.reveal
            for part in REVEALED
            if part in self.shows
        }
        return {part: moment for part, moment in moments.items() if moment != "at once"}

    @property
    def facts(self) -> dict[str, object]:
        """What an export says of the step, for the analysis."""
        response = self.response.model_dump(mode="json")
        asked = {key: response.get(key) for key in ("low", "high", "options")}
        own = self.model_dump(mode="json", exclude={"response"})
        return own | {"kind": self.response.kind} | asked


def comes_in_each(step: Step) -> bool:
    """Whether every trial of every phase has the step."""
    return step.show == "always" and {*step.phases} == {*TRIAL_PHASES}


def carried_from(step: Step, before: Sequence[Step]) -> Step | None:
    """The step whose answer another one shows as the person's own.

    A step with a truth revises the latest answer of its kind; any other one is about the latest
    that can be right, where there is one.

    Args:
        before: the steps that come before it, in order.
    """
    if Part.OWN not in step.shows:
        return None
    alike = [earlier for earlier in before if earlier.response.kind == step.response.kind]
    judged = [] if step.truth else [earlier for earlier in before if earlier.truth]
    return next(reversed(judged or alike), None)


def _usual_truth(response: dict[str, Any]) -> Truth | None:
    """What is right of a response where a file does not say."""
    kind = response.get("kind")
    is_certain = kind == "decision" or (kind == "choice" and response.get("options") == "classes")
    return TRUTHS[str(kind)][0] if is_certain else None


def outcome_of(steps: Sequence[Step]) -> Step | None:
    """The step that decides whether a trial was answered rightly: the last with a truth."""
    return next((step for step in reversed(steps) if step.truth), None)
