"""How each sort of people that a rehearsal sends answers, and in which shares they come."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, repeat

from study_app.enums import Sort
from study_app.errors import RefusalError
from study_app.simulation.behaviour import read_probabilities


@dataclass(frozen=True, kw_only=True)
class ReactionTime:
    """An ex-Gaussian: a normal part and an exponential tail, as human answer times have."""

    mu_ms: float
    sigma_ms: float
    tail_ms: float

    def draw(self, rng: random.Random) -> float:
        """One time, never below a tenth of the normal part's mean."""
        time_ms = rng.gauss(self.mu_ms, self.sigma_ms) + rng.expovariate(1 / self.tail_ms)
        return max(time_ms, self.mu_ms / 10)


READING = ReactionTime(mu_ms=900, sigma_ms=200, tail_ms=600)
DECIDING = ReactionTime(mu_ms=1800, sigma_ms=400, tail_ms=1500)
CLICKING = ReactionTime(mu_ms=180, sigma_ms=40, tail_ms=60)
ASKING = ReactionTime(mu_ms=12_000, sigma_ms=500, tail_ms=500)  # another tool, which answers


class Mishap(StrEnum):
    """What happens to an answer on its way."""

    RELOADED = "reloaded"
    TWICE = "sent twice at once"
    CUT_BEFORE = "cut before the server had it"
    CUT_AFTER = "cut after the server had it"


@dataclass(frozen=True, kw_only=True)
class Profile:
    """How a sort of people answers.

    Attributes:
        trust: is added to the log odds of accepting what the AI says.
        validation_right: the probability of judging a validation or practice item rightly.
        understands: the probability of answering all questions on the instructions rightly.
        attentive: the probability of passing an attention check.
        accepts: the probability of accepting, whatever is shown; None for those who look.
        knows: whether labels are known, as often as the rehearsal says, and decide everywhere.
        reading: how long a screen takes that asks for no decision.
        deciding: how long a decision takes.
        leaves: the probability of leaving the page during a decision.
        pastes: the probability of pasting what is written on a screen.
        quits: whether the person leaves, at a random screen.
        mishaps: what happens now and then.
    """

    trust: float = 0.0
    validation_right: float = 0.97
    understands: float = 0.97
    attentive: float = 0.99
    accepts: float | None = None
    knows: bool = False
    reading: ReactionTime = READING
    deciding: ReactionTime = DECIDING
    leaves: float = 0.03
    pastes: float = 0.05
    quits: bool = False
    mishaps: tuple[Mishap, ...] = ()


PROFILES: Mapping[str, Profile] = {
    Sort.CALIBRATED: Profile(),
    Sort.OVER_RELIANT: Profile(trust=1.5),
    Sort.UNDER_RELIANT: Profile(trust=-1.5),
    Sort.RANDOM: Profile(accepts=0.5, understands=0.5),
    Sort.STRAIGHT_LINING: Profile(accepts=1, understands=0.5),
    Sort.FAST_CLICKING: Profile(accepts=0.5, understands=0.5, reading=CLICKING, deciding=CLICKING),
    Sort.FAILING: Profile(validation_right=0.4, understands=0.4),
    Sort.QUITTING: Profile(quits=True),
    Sort.RELOADING: Profile(mishaps=(Mishap.RELOADED,)),
    Sort.DOUBLE_CLICKING: Profile(mishaps=(Mishap.TWICE,)),
    Sort.DROPPING: Profile(mishaps=(Mishap.CUT_BEFORE, Mishap.CUT_AFTER)),
    Sort.AGENT: Profile(knows=True, leaves=0, pastes=0),
    Sort.PASTING: Profile(knows=True, deciding=ASKING, leaves=1, pastes=1),
}
HONEST = (
    *(Sort.CALIBRATED, Sort.OVER_RELIANT, Sort.UNDER_RELIANT, Sort.QUITTING),
    *(Sort.RELOADING, Sort.DOUBLE_CLICKING, Sort.DROPPING),
)
"""Who looks and judges for himself, as well as he can: a defence that marks one errs."""
# All of these judge as planted and come to the end, so that the report can be checked.
USUAL = {"calibrated": 0.7, "reloading": 0.1, "double-clicking": 0.1, "dropping": 0.1}


def read_mix(text: str) -> dict[str, float]:
    """The shares of a text such as `calibrated=0.6,quitting=0.4`.

    Raises:
        RefusalError: with everything in it that cannot be read.
    """
    mix: dict[str, float] = {}
    problems: list[str] = []
    for part in text.split(","):
        name, _, number = part.strip().partition("=")
        if name not in PROFILES:
            problems.append(f"{part}: {name!r} is none of {', '.join(PROFILES)}")
        elif (shares := read_probabilities(number)) is None:
            problems.append(f"{part}: write NAME=SHARE, such as {name}=0.3")
        else:
            [mix[name]] = shares
    if not problems and abs(sum(mix.values()) - 1) > 1e-6:
        problems.append(f"the shares are {sum(mix.values()):g} in all; they have to be 1")
    if problems:
        raise RefusalError("--mix", problems)
    return mix


def deal_out(mix: Mapping[str, float], participants: int, *, rng: random.Random) -> list[str]:
    """The name of each person's profile: the shares as nearly as people allow, in random order."""
    counts = {name: int(share * participants) for name, share in mix.items()}
    by_remainder = sorted(mix, key=lambda name: counts[name] - mix[name] * participants)
    for name in by_remainder[: participants - sum(counts.values())]:
        counts[name] += 1
    names = list(chain.from_iterable(repeat(name, n) for name, n in counts.items()))
    rng.shuffle(names)
    return names
