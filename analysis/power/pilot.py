"""What a pilot tells of people and stimuli, and how surely.

The log odds that would give the variances of its answers (`pilot_moments`) follow by quadrature.
How surely they are known is told by drawing people and stimuli anew (the pigeonhole bootstrap of
Owen 2007, which errs on the side of more).
"""

from dataclasses import dataclass, replace

import numpy as np

from analysis.export.read import Export
from analysis.power.assumptions import TITLES, Assumptions
from analysis.power.latent import Numbers, covariance
from analysis.power.pilot_moments import Moments, answers_of, evenly_weighted, moments, weights
from analysis.problems import ExportError
from analysis.statistics.analysed import Analysed, analysed
from analysis.statistics.sample.completion import met_condition
from analysis.statistics.sample.exclusions import ANALYSED, BELOW_GATE

FEWEST = 20  # people, below whom a pilot is said to be too small
STEPS = 8  # of the way from variances of shares to log odds; each takes most of what is left
LARGEST_SD = 3.0  # log odds
SDS = ("person_sd", "acceptance_sd", "stimulus_sd", "leaning_sd")


@dataclass(frozen=True, kw_only=True)
class Pilot:
    """What a pilot tells.

    Attributes:
        best: its estimates.
        draws: as likely ones, from people and stimuli drawn anew.
        n_people: that it has.
        cautions: what it cannot tell, a sentence for each.
    """

    best: Assumptions
    draws: tuple[Assumptions, ...]
    n_people: int
    cautions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Losses:
    """Who was lost, as a number and of how many.

    Attributes:
        left: of those who met their condition.
        below: the gate, of those who stayed.
    """

    left: tuple[int, int]
    below: tuple[int, int]

    @property
    def shares(self) -> dict[str, float]:
        """As `Assumptions` has them."""
        return {"dropout": self.left[0] / self.left[1], "below_gate": self.below[0] / self.below[1]}

    def drawn(self, rng: np.random.Generator) -> dict[str, float]:
        """Shares as likely: those of Jeffreys' interval, which none of 36 does not make 0.

        (Brown, Cai and DasGupta 2001, section 3.)
        """
        counts = zip(self.shares, (self.left, self.below), strict=True)
        return {name: rng.beta(lost + 0.5, n - lost + 0.5) for name, (lost, n) in counts}


def read_pilot(export: Export, rng: np.random.Generator) -> Pilot:
    """What an export tells of its people and stimuli.

    Args:
        export: of the pilot; those count whom the report would analyse.
        rng: draws people and stimuli anew.

    Raises:
        ExportError: if it has no answers to learn from.
    """
    sample = analysed(export)
    if sample.trials["ai_right"].nunique() < 2:
        problem = "nobody is analysed who judged right and wrong answers of the AI"
        raise ExportError(
            str(export.folder), [f"{problem}; give an export of a pilot that is over"]
        )
    answers, lost = answers_of(sample.trials), losses(sample)
    best = assumptions_of(moments(answers, *evenly_weighted(answers)), lost.shares)
    draws = tuple(
        assumptions_of(moments(answers, *drawn), lost.drawn(rng)) for drawn in weights(answers, rng)
    )
    n_people = len(answers.condition)
    cautions = cautions_of(best, n_people, n_conditions=len(set(answers.condition)))
    if sample.rehearsal:
        cautions.insert(0, "The people of the pilot are simulated: it says nothing about people.")
    return Pilot(best=best, draws=draws, n_people=n_people, cautions=tuple(cautions))


def cautions_of(best: Assumptions, n_people: int, *, n_conditions: int) -> list[str]:
    """What a pilot cannot tell, a sentence for each."""
    texts = []
    if n_people < FEWEST:
        texts.append(
            f"The pilot has {n_people} people, too few to tell how much people and stimuli differ; "
            "the ranges of what is assumed say how little it tells."
        )
    if n_conditions < 2:
        texts.append(
            "The pilot has one condition, which cannot tell whether conditions suit single stimuli;"
            f" that SD is the default, {Assumptions().leaning_sd:g}."
        )
    unseen = [title for name, title in TITLES.items() if name in SDS and not getattr(best, name)]
    if unseen:
        texts.append(
            f"The pilot shows no sign that these differ: {'; '.join(unseen)}. That is no sign that "
            "they do not, and power is told too high if they do."
        )
    return texts


def losses(sample: Analysed) -> Losses:
    """Who left, and who of the others was below the gate."""
    met = met_condition(sample.export.participants, rehearsal=sample.rehearsal)
    steps = sample.participants["step"].value_counts()
    below, kept = int(steps.get(BELOW_GATE, 0)), int(steps[ANALYSED])
    return Losses(left=(int(met["has_left"].sum()), len(met)), below=(below, below + kept))


def assumptions_of(told: Moments, lost: dict[str, float]) -> Assumptions:
    """The SDs in log odds of which these moments would come.

    Each variance in log odds is multiplied by the variance of shares that was seen over the one
    that it gives, until they agree.
    """
    known = not np.isnan(told.common)
    alike, crossed = float(told.people.diagonal().mean()), float(told.people[0, 1])
    common = min(told.common, told.stimuli) if known else told.stimuli
    seen = np.maximum(
        [(alike + crossed) / 2, (alike - crossed) / 2, common, told.stimuli - common], 0
    )
    start = {"right": told.rates[0], "wrong": told.rates[1], **lost}
    sds = np.where(seen > 0, 0.5, 0.0)
    for _ in range(STEPS):
        own = _assumed(sds, start)
        given = np.array(_given(own))
        ratio = np.divide(seen, given, out=np.zeros(4), where=given > 0)
        sds = np.minimum(sds * np.sqrt(ratio), LARGEST_SD)
    own = _assumed(sds, start)
    return own if known else replace(own, leaning_sd=Assumptions().leaning_sd)


def _assumed(sds: Numbers, rest: dict[str, float]) -> Assumptions:
    return Assumptions(**dict(zip(SDS, map(float, sds), strict=True)), **rest)


def _given(own: Assumptions) -> tuple[float, float, float, float]:
    """Of shares, for the four SDs: the variances that these assumptions give."""
    log_odds = own.log_odds((own.right, own.wrong))
    people = own.people_covariance(log_odds)
    alike, crossed = float(people.diagonal().mean()), float(people[0, 1])
    total = own.stimuli_sd**2
    within, common = (
        float(
            np.mean(
                [
                    covariance(x, x, sd=own.stimuli_sd, correlation=r, other_sd=own.people_sd)
                    for x in log_odds
                ]
            )
        )
        for r in (1.0, own.stimulus_sd**2 / total if total else 0.0)
    )
    return (alike + crossed) / 2, (alike - crossed) / 2, common, within - common
