"""The tables of a study file that describe what happens in the browser and in the analysis."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from stimuli.settings import Count, Facts, Name, Text


class Phase(StrEnum):
    """The parts of a session, in the order in which a participant meets them."""

    CONSENT = "consent"
    INSTRUCTIONS = "instructions"
    PRACTICE = "practice"
    VALIDATION = "validation"
    TEST = "test"
    DEBRIEF = "debrief"


class Outcome(StrEnum):
    """How a participant ended."""

    COMPLETED = "completed"
    DECLINED = "declined"
    INCOMPATIBLE = "incompatible"
    FAILED_VALIDATION = "failed_validation"
    FAILED_ATTENTION = "failed_attention"
    TIMED_OUT = "timed_out"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    QUOTA_FULL = "quota_full"
    ERROR = "error"


class Condition(Facts):
    """`[[conditions]]`: what one group of participants sees beside the photo.

    Attributes:
        classifier: the AI that is judged; the first one where not given.
        panels: explainers, in order; none for the condition that sees only the confidence.
    """

    name: Name
    classifier: str | None = None
    panels: tuple[str, ...] = ()


class PhaseSettings(Facts):
    """`[[phases]]`: a phase of the session. Only the test phase says how many trials it has."""

    name: Phase
    trials: Count | None = None


class DeviceSettings(Facts):
    """`[device]`: what people may take part on. Widths and heights in CSS pixels, of the window."""

    phones: bool = True
    min_width_px: Count = 300
    min_height_px: Count = 200


class Gate(Facts):
    """`[gate]`: right answers needed in validation; `live` ends the session below it at once."""

    min_correct: int = Field(default=8, ge=0)
    live: bool = False


class Prolific(Facts):
    """`[prolific]`: completion codes by outcome; one that is missing is made by the server."""

    codes: dict[Outcome, Text] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _codes_differ(self) -> Self:
        given = list(self.codes.values())
        if twice := sorted({code for code in given if given.count(code) > 1}):
            raise ValueError(f"codes: {twice} stand for more than one outcome; each needs its own")
        return self


# Those who left, or never began, are not paid in part.
PARTLY_PAID = (
    Outcome.INCOMPATIBLE,
    Outcome.FAILED_VALIDATION,
    Outcome.FAILED_ATTENTION,
    Outcome.WITHDRAWN,
    Outcome.QUOTA_FULL,
    Outcome.ERROR,
)


class Pay(Facts):
    """`[pay]`: what the pages promise.

    Attributes:
        partial: what those receive who ended in another way than by completing; less than
            `reward`, as Prolific demands.
        floor_per_hour: below this median, the experimenter is warned.
    """

    minutes: Count = 12
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "GBP"
    reward: float | None = Field(default=None, ge=0)
    partial: dict[Outcome, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)
    floor_per_hour: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _partial_pay_can_be(self) -> Self:
        if self.partial and self.reward is None:
            raise ValueError("partial: there is no reward to pay a part of; say `reward` too")
        problems = [
            f"partial.{outcome}: nobody is paid in part for this; choose of "
            f"{', '.join(PARTLY_PAID)}"
            for outcome in self.partial
            if outcome not in PARTLY_PAID
        ]
        problems += [
            f"partial.{outcome}: {amount} must be below the reward of {self.reward}"
            for outcome, amount in self.partial.items()
            if self.reward is not None and amount >= self.reward
        ]
        if problems:
            raise ValueError("\n".join(problems))
        return self


class Texts(Facts):
    """`[texts]`: the words of the lab. Paragraphs are plain text."""

    lab: Text = "our research group"
    contact: Text = "the researcher who sent you the link"
    welcome: Text = "Help us find out when people can tell whether an AI is right."
    task: Text = "You will see photos, and what an AI believes they show."
    consent: tuple[Text, ...] = (
        "Taking part is voluntary.",
        "We store your answers, your answer times and the kind of your screen and browser.",
        "They are kept under a random number: no name, no address.",
        "The anonymous answers may be published so that other researchers can check our work.",
    )
    withdrawal: Text = (
        "You can stop at any time. Until your answers are published you can have them deleted, by "
        "the link at the bottom of each page or with a message to us."
    )
    debrief: tuple[Text, ...] = (
        "We compare ways of explaining what an AI saw: heat maps, similar photos, or nothing.",
        "Your answers tell us which of them helps people to notice when the AI is wrong.",
    )


class Analysis(Facts):
    """`[analysis]`: the primary test, fixed before data are seen.

    Attributes:
        outcome: what is compared, one number per participant.
        pairs: pairs of conditions, which are the family of the test; empty means all pairs.
        alternative: as in `scipy.stats.mannwhitneyu`, the first of a pair against the second.
    """

    outcome: Literal["accuracy"] = "accuracy"
    pairs: tuple[tuple[str, str], ...] = ()
    alternative: Literal["two-sided", "less", "greater"] = "two-sided"
