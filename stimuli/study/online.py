"""The tables of a study file that describe what happens in the browser and in the analysis."""

from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from stimuli.study.offline import Count, Facts, Name, Text
from stimuli.study.recording import AWAY, HOW, VIEWED, default_consent

Number = Annotated[int, Field(ge=0)]


class Phase(StrEnum):
    """The parts of a session, in the order in which a participant meets them."""

    CONSENT = "consent"
    INSTRUCTIONS = "instructions"
    PRACTICE = "practice"
    VALIDATION = "validation"
    TEST = "test"
    COMMENTS = "comments"
    DEBRIEF = "debrief"


class Outcome(StrEnum):
    """How a participant ended."""

    COMPLETED = "completed"
    DECLINED = "declined"
    INCOMPATIBLE = "incompatible"
    FAILED_COMPREHENSION = "failed_comprehension"
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
        classifier: the AI whose answers are judged; the first one where not given.
        panels: explainers, in order; none for the condition that sees only the confidence.
        shows_ai: whether the group meets the AI at all; "answer" for its answer alone, without
            confidence and explanation.
    """

    name: Name
    classifier: str | None = None
    panels: tuple[str, ...] = ()
    shows_ai: bool | Literal["answer"] = True

    @model_validator(mode="after")
    def _panels_are_shown(self) -> Self:
        if self.panels and self.shows_ai is not True:
            raise ValueError(
                f"{self.name}.panels: explain an AI that the condition does not show so far; "
                "remove them, or shows_ai"
            )
        return self


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
    """`[gate]`: right answers needed in validation.

    Attributes:
        live: ends the session at once of whoever has fewer.
        interleaved: mixes the validation trials among those of the test, where nobody can tell
            them apart; the gate is then looked at in the end.
    """

    min_correct: int = Field(default=8, ge=0)
    live: bool = False
    interleaved: bool = False

    @model_validator(mode="after")
    def _is_looked_at_once(self) -> Self:
        if self.live and self.interleaved:
            raise ValueError(
                "live, interleaved: a live gate ends the session after the last validation trial, "
                "but interleaved ones go on until near the end of the test; set one to false"
            )
        return self


class Assignment(Facts):
    """`[assignment]`: how many people are needed, and what each of them judges.

    Attributes:
        quota: people of a condition whose data count: who completed and passed the gate; None
            takes in whoever comes.
        pilot: the same for the pilot, which comes before and is never pooled with the rest.
        views: people of a condition whose data count who judge each picture, at least.
        lease_minutes: how long a place is kept for somebody who gives no sign of life.
        right, wrong, adversarial: test trials whose picture the AI names rightly or wrongly, or
            that were perturbed. Given all together; without them every bin has as many.
        flipped: those with a flipped perturbation, in addition.
    """

    quota: Count | None = None
    pilot: Count | None = None
    views: Count = 2
    lease_minutes: Count = 15
    right: Number | None = None
    wrong: Number | None = None
    adversarial: Number | None = None
    flipped: Number | None = None

    @property
    def groups(self) -> dict[str, int] | None:
        """Test trials by group; None where the study does not say."""
        if self.right is None or self.wrong is None or self.adversarial is None:
            return None
        groups = {"right": self.right, "wrong": self.wrong, "adversarial": self.adversarial}
        return groups if self.flipped is None else groups | {"flipped": self.flipped}

    @model_validator(mode="after")
    def _groups_are_whole(self) -> Self:
        are_set = [n is not None for n in (self.right, self.wrong, self.adversarial)]
        if any(are_set) and not all(are_set):
            raise ValueError("right, wrong, adversarial: give all three, or none of them")
        if self.flipped is not None and not all(are_set):
            raise ValueError(
                "flipped: is in addition to right, wrong and adversarial; give them too"
            )
        return self


class Returning(StrEnum):
    """What happens to a known person who comes with a new submission."""

    RESUME = "resume"
    REFUSE = "refuse"


class Prolific(Facts):
    """`[prolific]`: completion codes by outcome; one that is missing is made by the server.

    Attributes:
        returning: whether somebody who gave a submission back and comes with a new one goes on
            where they were. Who came to an end, or took part in another wave, is a duplicate.
        filters: whom Prolific is to show the study to, by the names of its screening questions,
            such as "First language: English". Prolific filters; the server does not look.
    """

    filters: tuple[Text, ...] = ()
    codes: dict[Outcome, Text] = Field(default_factory=dict)
    returning: Returning = Returning.RESUME

    @model_validator(mode="after")
    def _codes_differ(self) -> Self:
        codes = list(self.codes.values())
        if repeated := sorted({code for code in codes if codes.count(code) > 1}):
            raise ValueError(
                f"codes: {repeated} stand for more than one outcome; each needs its own"
            )
        return self


# Those who left, or never began, are not paid in part.
PARTLY_PAID = (
    Outcome.INCOMPATIBLE,
    Outcome.FAILED_COMPREHENSION,
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
    """`[texts]`: the words of the lab. Paragraphs are plain text.

    The consent page shows what the study takes and pays, `consent`, `sharing`, `withdrawal` with
    `deletion`, and `legal_basis`, in this order.

    Attributes:
        withdrawal: that one can stop.
        deletion: until when answers can be deleted, and how: it holds after the end too. None where
            a file gives `withdrawal` alone, as those of before, which then says both.
    """

    lab: Text = "our research group"
    contact: Text = "the researcher who sent you the link"
    welcome: Text = "Help us find out when people can tell whether an AI is right."
    task: Text = "You will see photos, and what an AI believes they show."
    consent: tuple[Text, ...] = default_consent(HOW, AWAY, VIEWED)
    sharing: Text = (
        "The anonymous answers may be published, without a time limit, so that other researchers "
        "can check our work and use them for their own."
    )
    withdrawal: Text = "You can stop at any time."
    deletion: Text | None = (
        "Until your answers are published you can have them deleted, by the link at the bottom of "
        "each page or with a message to us."
    )
    legal_basis: Text = (
        "Taking part is voluntary. Your consent is what permits us to store your answers (in the "
        "European Union: Article 6(1)(a) of the General Data Protection Regulation). If you do not "
        "agree, that has no disadvantage for you."
    )
    debrief: tuple[Text, ...] = (
        "We compare ways of explaining what an AI saw: heat maps, similar photos, or nothing.",
        "Your answers tell us which of them helps people to notice when the AI is wrong.",
    )

    @model_validator(mode="before")
    @classmethod
    def _own_withdrawal_says_both(cls, table: Any) -> Any:
        is_alone = isinstance(table, dict) and "withdrawal" in table
        return {"deletion": None, **table} if is_alone else table

    def fitting(self, *recorded: str, with_ai: bool) -> "Texts":
        """The words of a study, whose defaults name what holds for it.

        Args:
            recorded: of how people answer, as the consent says it.
            with_ai: whether all groups meet the AI. Else the defaults name none, until the debrief,
                that is, which says of all groups what they saw.
        """
        defaults: dict[str, object] = {"consent": default_consent(*recorded, with_ai=with_ai)}
        defaults |= {} if with_ai else _WITHOUT_AI
        given = self.model_fields_set
        return self.model_copy(update={k: v for k, v in defaults.items() if k not in given})

    @property
    def ways_out(self) -> str:
        """What somebody under way reads of stopping and of deletion."""
        return " ".join(filter(None, (self.withdrawal, self.deletion)))


_WITHOUT_AI = {
    "welcome": "Help us find out how well people judge what photos show.",
    "task": "You will see photos, and judge what they show.",
    "debrief": (
        (
            "We compare how well people judge photos by themselves and with what an AI believes "
            "they show, with explanations and without."
        ),
        "Your answers tell us when an AI helps people, and whether they notice that it is wrong.",
    ),
}
