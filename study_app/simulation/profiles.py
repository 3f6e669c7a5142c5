"""The profiles of the people that a rehearsal sends, and in which shares they come."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, repeat

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
        attentive: the probability of passing an attention check.
        accepts: the probability of accepting, whatever is shown; None for those who look.
        hurried: whether every screen takes a moment.
        quits: whether the person leaves, at a random screen.
        mishaps: what happens now and then.
    """

    trust: float = 0.0
    validation_right: float = 0.97
    attentive: float = 0.99
    accepts: float | None = None
    hurried: bool = False
    quits: bool = False
    mishaps: tuple[Mishap, ...] = ()

    @property
    def deciding(self) -> ReactionTime:
        """How long a decision takes."""
        return CLICKING if self.hurried else DECIDING

    @property
    def reading(self) -> ReactionTime:
        """How long any other screen takes."""
        return CLICKING if self.hurried else READING


PROFILES = {
    "calibrated": Profile(),
    "over-reliant": Profile(trust=1.5),
    "under-reliant": Profile(trust=-1.5),
    "random": Profile(accepts=0.5),
    "straight-lining": Profile(accepts=1),
    "fast-clicking": Profile(accepts=0.5, hurried=True),
    "failing": Profile(validation_right=0.4),
    "quitting": Profile(quits=True),
    "reloading": Profile(mishaps=(Mishap.RELOADED,)),
    "double-clicking": Profile(mishaps=(Mishap.TWICE,)),
    "dropping": Profile(mishaps=(Mishap.CUT_BEFORE, Mishap.CUT_AFTER)),
}
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
