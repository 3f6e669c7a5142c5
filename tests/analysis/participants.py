"""People who judged an AI as a test says, and the stimuli that they may have seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

BINS = ("easy", "medium", "hard")
CONFIDENCE = {
    ("easy", True): 0.9,
    ("medium", True): 0.58,
    ("hard", True): 0.2,
    ("easy", False): 0.1,
    ("medium", False): 0.45,
    ("hard", False): 0.85,
    ("", True): 0.7,  # between the bands
    ("", False): 0.7,
}


@dataclass(frozen=True, kw_only=True)
class Stimulus:
    """A test stimulus, and what a classifier says of it."""

    bin: str
    ai_right: bool
    kind: str = "natural"
    label: str = "monarch"
    debatable: bool = False

    @property
    def confidence(self) -> float:
        return CONFIDENCE[self.bin, self.ai_right]


NATURAL = tuple(Stimulus(bin=b, ai_right=right) for right in (True, False) for b in BINS)
ADVERSARIAL = tuple(Stimulus(bin=b, ai_right=False, kind="adversarial") for b in BINS)


@dataclass(frozen=True, kw_only=True)
class Participant:
    """A participant: `right` says of each test trial, in order, whether they judged it well.

    None is a trial that was shown and not answered. Trial i shows test stimulus i, or what
    `shown` says; `seen` answers "seen before?" of each, yes where it says nothing. `minutes` is
    the whole session, and `decision_rt_ms` each decision; None is a time that is not known.
    `sort` is that of a simulated person, and `signals` what the page told of one who has a script.
    `altered` answers whether pictures looked altered. The page was left during the first `left`
    test trials. `agreed` says whether they took part at all.
    """

    condition: str = "confidence"
    right: Sequence[bool | None] = (True,) * len(NATURAL)
    shown: Sequence[int] | None = None
    seen: Sequence[bool | None] | None = None
    minutes: float | None = 0
    decision_rt_ms: float | None = 2345.25
    outcome: str = "completed"
    simulated: bool = False
    sort: str = ""
    validation_right: int = 10
    altered: str = ""
    agreed: bool = True
    left: int | None = None
    signals: Mapping[str, int] | None = None


def someone(condition: str, n_right: int, n: int = 6, **facts: object) -> Participant:
    """A person with `n_right` of `n` test trials right, the first ones."""
    return Participant(condition=condition, right=[i < n_right for i in range(n)], **facts)  # type: ignore[arg-type]
