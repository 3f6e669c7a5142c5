"""The report's tests of many studies at once: the same formulas as in `analysis.statistics`, over
arrays. Tests hold each of them to the report's own on trial tables.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit, stdtr

from analysis.export.facts import Alternative
from analysis.power.latent import Numbers
from analysis.power.simulated_studies import Answered, sums_by
from analysis.statistics.differences import PEOPLE, SIGNIFICANT, STIMULI
from analysis.statistics.shares import MIN_PEOPLE, MIN_STIMULI

CLAIMS = (STIMULI, PEOPLE)  # what a comparison holds for, the widest first


@dataclass(frozen=True, kw_only=True)
class Estimates:
    """An estimate of every pair of every study, as `estimate.Estimate`; arrays (studies, pairs)."""

    value: Numbers
    error: Numbers
    df: Numbers

    def p(self, alternative: Alternative) -> Numbers:
        """As `Estimate.p`."""
        t = self.value / self.error
        if alternative == "two-sided":
            return np.asarray(2 * stdtr(self.df, -np.abs(t)))
        return np.asarray(stdtr(self.df, -t if alternative == "greater" else t))

    def p_within(self, margin: float) -> Numbers:
        """As `Estimate.p_within`."""
        return np.asarray(stdtr(self.df, -(margin - np.abs(self.value)) / self.error))


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the error of each condition is made of, as `differences.Sums` has it.

    Attributes:
        values: of the conditions, of shape (studies, conditions).
        people: variance over people, of that shape.
        meetings: the same over single meetings of a person and a stimulus.
        moved: how far each stimulus moves the value, of shape (studies, conditions, stimuli).
    """

    values: Numbers
    people: Numbers
    meetings: Numbers
    moved: Numbers


def estimates(answered: Answered) -> dict[str, Estimates]:
    """The primary comparison of every study, in points, by what it holds for.

    The claim of other stimuli is missing where the report cannot make it: below 20 people in a
    condition, or 30 stimuli.
    """
    parts, n = primary_parts(answered), answered.n_people
    pairs = answered.studies.design.of_pairs
    found = {PEOPLE: welch(parts, n, pairs)}
    n_stimuli = int(answered.studies.design.measured.sum())
    if n >= MIN_PEOPLE and n_stimuli >= MIN_STIMULI:
        found[STIMULI] = clustered(parts, pairs, sizes=(2 * n - 1, n_stimuli))
    return found


def primary_parts(answered: Answered) -> Parts:
    """Of the mean over people of each person's share, in points (`differences.sums_of`)."""
    design, n = answered.studies.design, answered.n_people
    trials = float(design.seen @ design.measured)  # of a person
    weights = design.measured / trials
    shares, weight = answered.shares, design.seen * weights
    means = shares @ weight
    sign = 1.0 if design.measure == "accuracy" else -1.0  # relying is deciding wrongly
    return Parts(
        values=100 * sign * means,
        people=100**2 * answered.scatter(weights) / n,
        meetings=100**2 * means * (1 - means) / (n * trials - 1),
        moved=100 * sign * weight * (shares - means[..., None]),
    )


def interactions(answered: Answered) -> dict[str, Estimates]:
    """Condition × AI right of every study, in log odds (`regression.interactions`)."""
    design, n = answered.studies.design, answered.n_people
    n_stimuli = int(design.natural.sum())
    if n < MIN_PEOPLE or n_stimuli < MIN_STIMULI:
        return {}
    parts = interaction_parts(answered)
    trials = 2 * n * float(design.seen @ design.natural)
    hc1 = (trials - 1) / (trials - 4)  # of four cells, as in `regression.closed_form`
    among = 2 * n / (2 * n - 1) * (n - 1) / n  # clusters over both conditions
    scaled = Parts(
        values=parts.values,
        people=hc1 * among * parts.people,
        meetings=hc1 * trials / (trials - 1) * parts.meetings,
        moved=np.sqrt(hc1) * parts.moved,
    )
    return {STIMULI: clustered(scaled, design.of_pairs, sizes=(2 * n, n_stimuli))}


def interaction_parts(answered: Answered) -> Parts:
    """Of the log odds where the AI is right less those where it is wrong, on natural stimuli."""
    design, n = answered.studies.design, answered.n_people
    seen = design.seen * design.natural
    trials = sums_by(design.sort, 2, seen)  # of a person, where the AI is right and wrong
    shares = sums_by(design.sort, 2, answered.shares * seen) / trials
    shares = np.clip(shares, 1e-6, 1 - 1e-6)  # all right or all wrong: the report has no answer
    slopes = np.array([1.0, -1.0]) / (shares * (1 - shares))
    weights = (slopes / trials)[..., design.sort] * design.natural
    left = answered.shares - shares[..., design.sort]
    return Parts(
        values=logit(shares) @ np.array([1.0, -1.0]),
        people=answered.scatter(weights) / n,
        meetings=(slopes**2 * shares * (1 - shares) / (n * trials)).sum(-1),
        moved=weights * design.seen * left,
    )


def welch(parts: Parts, n_people: int, pairs: NDArray[np.int64]) -> Estimates:
    """As `differences.welch`."""
    first, second = parts.people[:, pairs[0]], parts.people[:, pairs[1]]
    variance = first + second
    return Estimates(
        value=parts.values[:, pairs[0]] - parts.values[:, pairs[1]],
        error=np.sqrt(variance),
        df=(n_people - 1) * variance**2 / (first**2 + second**2),
    )


def clustered(parts: Parts, pairs: NDArray[np.int64], *, sizes: tuple[int, int]) -> Estimates:
    """As `differences.over_people_and_stimuli` and `clusters.combined`.

    Args:
        parts: of the conditions.
        pairs: of shape (2, pairs).
        sizes: clusters of people and of stimuli, as `combined` takes them.
    """
    people, meetings = (
        own[:, pairs[0]] + own[:, pairs[1]] for own in (parts.people, parts.meetings)
    )
    # Of all conditions at once: the squared distance of two is that of each, less twice both.
    products = parts.moved @ parts.moved.swapaxes(1, 2)
    squares = products.diagonal(axis1=1, axis2=2)
    moved = squares[:, pairs[0]] + squares[:, pairs[1]] - 2 * products[:, pairs[0], pairs[1]]
    own = np.maximum(moved * sizes[1] / (sizes[1] - 1) - meetings, 0)
    return Estimates(
        value=parts.values[:, pairs[0]] - parts.values[:, pairs[1]],
        error=np.sqrt(people + own),
        df=(people + own) ** 2 / (people**2 / (sizes[0] - 1) + own**2 / (sizes[1] - 1)),
    )


def holm(p: Numbers) -> Numbers:
    """As `comparisons.holm`, over the pairs of each study; of the shape (studies, pairs)."""
    order = np.argsort(p, axis=1)
    factors = np.arange(p.shape[1], 0, -1)
    raised = np.maximum.accumulate(np.take_along_axis(p, order, axis=1) * factors, axis=1)
    adjusted = np.empty_like(p)
    np.put_along_axis(adjusted, order, np.minimum(raised, 1.0), axis=1)
    return adjusted


def is_found(p: Numbers) -> NDArray[np.bool_]:
    """Whether the first pair of each study is found, after Holm's adjustment over all pairs."""
    return np.asarray(holm(p)[:, 0] < SIGNIFICANT)
