"""What simulated people are told to do: planted rates, which the report has to recover."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import cycle

from stimuli.bundle import Bin, Prediction
from stimuli.study import Part
from study_app.errors import RefusalError

FORM = "write NAME=ACCEPT_RIGHT,ACCEPT_WRONG or NAME:BIN=..., from 0 to 1"


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """Probabilities of one condition's people. Those of steps have defaults of their own.

    Attributes:
        accept_right: of accepting the AI's answer where it is right.
        accept_wrong: of accepting it where it is wrong.
        by_bin: both again, for bins where they differ.
        follows: how much the log odds rise from a confidence of 0 to one of 1.
        alone: of naming the right label without the AI.
        switching: of taking the AI's answer where it differs from one's own; AI right, AI wrong.
        sureness: how sure people say they are on average, from 0 to 1; own answer right, wrong.
        predicting: of foreseeing what the AI answers; AI right, AI wrong.
        asking: of asking for a part that comes on demand.
        asking_for: the same of parts where it differs.
        error: how far own numbers are off, as a standard deviation in those of the true numbers.
        weight: the part of the way from the own number to the AI's that people go, from 0 to 1.
    """

    accept_right: float
    accept_wrong: float
    by_bin: Mapping[Bin, tuple[float, float]] = field(default_factory=dict)
    follows: float = 0.0
    alone: float = 0.65
    switching: tuple[float, float] = (0.65, 0.4)
    sureness: tuple[float, float] = (0.8, 0.65)
    predicting: tuple[float, float] = (0.8, 0.5)
    asking: float = 0.5
    asking_for: Mapping[Part, float] = field(default_factory=dict)
    error: float = 0.5
    weight: float = 0.4

    def log_odds(self, prediction: Prediction) -> float:
        """The log odds of accepting what the AI says, infinite for certainty."""
        usual = (self.accept_right, self.accept_wrong)
        right, wrong = self.by_bin.get(prediction.bin, usual) if prediction.bin else usual
        planted = logit(right if prediction.right else wrong)
        return planted + self.follows * (prediction.confidence - 0.5)


def logit(probability: float) -> float:
    """Log odds, from minus to plus infinity."""
    if probability in (0, 1):
        return math.inf if probability else -math.inf
    return math.log(probability / (1 - probability))


def expit(log_odds: float) -> float:
    """The probability of log odds."""
    if log_odds < 0:
        return 1 - expit(-log_odds)
    return 1 / (1 + math.exp(-log_odds))


# The first, second and third condition of a study, then over again. Each accepts more right and
# fewer wrong answers than the one before, and takes and foresees them likewise, so that there is an
# effect to find.
PLANTED = (
    Behaviour(
        accept_right=0.80,
        accept_wrong=0.55,
        follows=1.0,
        switching=(0.6, 0.5),
        predicting=(0.8, 0.4),
    ),
    Behaviour(
        accept_right=0.85,
        accept_wrong=0.45,
        follows=1.0,
        switching=(0.65, 0.4),
        predicting=(0.8, 0.5),
    ),
    Behaviour(
        accept_right=0.90,
        accept_wrong=0.35,
        follows=1.0,
        switching=(0.7, 0.3),
        predicting=(0.85, 0.6),
    ),
)


def planted(conditions: Sequence[str], changes: Sequence[str]) -> dict[str, Behaviour]:
    """The behaviour of each condition; `changes` are as `NAME=0.8,0.5` or `NAME:hard=0.6,0.6`.

    What is given holds as it is: such people do not follow the confidence beyond it.

    Raises:
        RefusalError: with every text that cannot be read.
    """
    behaviours = dict(zip(conditions, cycle(PLANTED), strict=False))
    problems: list[str] = []
    for text in sorted(changes, key=lambda text: ":" in text.partition("=")[0]):
        where, _, numbers = text.partition("=")
        name, _, bin_ = where.partition(":")
        pair = read_probabilities(numbers)
        if name not in behaviours:
            problems.append(f"{text}: {name!r} is none of the conditions {list(conditions)}")
        elif pair is None or len(pair) != 2 or bin_ not in ("", *Bin):
            problems.append(f"{text}: {FORM}; bins are {', '.join(Bin)}")
        elif bin_:
            by_bin = {**behaviours[name].by_bin, Bin(bin_): pair}
            behaviours[name] = replace(behaviours[name], by_bin=by_bin, follows=0.0)
        else:
            behaviours[name] = replace(
                behaviours[name], accept_right=pair[0], accept_wrong=pair[1], follows=0.0
            )
    if problems:
        raise RefusalError("--behaviour", problems)
    return behaviours


def read_probabilities(text: str) -> tuple[float, ...] | None:
    """Numbers from 0 to 1 with commas between them; None for anything else."""
    try:
        numbers = tuple(float(number) for number in text.split(","))
    except ValueError:
        return None
    return numbers if all(0 <= number <= 1 for number in numbers) else None
