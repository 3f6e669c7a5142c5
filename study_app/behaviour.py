"""How simulated participants behave: planted accuracies, which the report has to recover."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle

from study_app.refusals import RefusalError


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """Probabilities of one condition's people.

    Attributes:
        accept_right: of accepting the AI's answer where it is right.
        accept_wrong: of accepting it where it is wrong.
        validation_right: of judging a validation item rightly.
        attentive: of passing an attention check.
    """

    accept_right: float
    accept_wrong: float
    validation_right: float = 0.97
    attentive: float = 0.99


# The first, second and third condition of a study, then over again. Each accepts more right and
# fewer wrong answers than the one before, so that there is an effect to find.
PLANTED = (
    Behaviour(accept_right=0.80, accept_wrong=0.55),
    Behaviour(accept_right=0.85, accept_wrong=0.45),
    Behaviour(accept_right=0.90, accept_wrong=0.35),
)


def planted(conditions: Sequence[str], given: Sequence[str]) -> dict[str, Behaviour]:
    """The behaviour of each condition; `given` are texts as `NAME=0.8,0.5`.

    Raises:
        RefusalError: with every text that cannot be read.
    """
    problems: list[str] = []
    behaviours = dict(zip(conditions, cycle(PLANTED), strict=False))
    for text in given:
        name, _, numbers = text.partition("=")
        behaviour = _read(numbers)
        if name not in behaviours:
            problems.append(f"{text}: {name!r} is none of the conditions {list(conditions)}")
        elif behaviour is None:
            problems.append(f"{text}: write NAME=ACCEPT_RIGHT,ACCEPT_WRONG, from 0 to 1")
        else:
            behaviours[name] = behaviour
    if problems:
        raise RefusalError("--behaviour", problems)
    return behaviours


def _read(numbers: str) -> Behaviour | None:
    try:
        right, wrong = (float(number) for number in numbers.split(","))
    except ValueError:
        return None
    fits = 0 <= right <= 1 and 0 <= wrong <= 1
    return Behaviour(accept_right=right, accept_wrong=wrong) if fits else None


@dataclass(frozen=True, kw_only=True)
class ReactionTime:
    """An ex-Gaussian: a normal part and an exponential tail, as human answer times have."""

    mu_ms: float
    sigma_ms: float
    tail_ms: float

    def draw(self, rng: random.Random) -> float:
        """One time, never below a tenth of the normal part's mean."""
        drawn = rng.gauss(self.mu_ms, self.sigma_ms) + rng.expovariate(1 / self.tail_ms)
        return max(drawn, self.mu_ms / 10)


READING = ReactionTime(mu_ms=900, sigma_ms=200, tail_ms=600)
DECIDING = ReactionTime(mu_ms=1800, sigma_ms=400, tail_ms=1500)
