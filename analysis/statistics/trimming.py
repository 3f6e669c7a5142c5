"""Bounds on a difference of means between groups that lost people after they were assigned.

Some people are kept whichever condition they are in; for them, and for nobody else, the conditions
can be compared. Among those who were kept they cannot be told from the others, but their share is
bounded, and so is their mean: trim those who were kept to that share, from above and from below
(Horowitz and Manski 1995; Zhang and Rubin 2003; Lee 2009).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

NEXT_TO_NOBODY = 1e-9  # a share that trims to the most extreme value


@dataclass(frozen=True, kw_only=True)
class Group:
    """The people of a condition: those kept by their value, the others as a number.

    Attributes:
        values: the distinct values of those who were kept, ascending, of shape (k,).
        counts: how many people have each, of shape (k,), or (resamples, k).
        n_assigned: everybody, kept or not.
    """

    values: Numbers
    counts: Numbers
    n_assigned: int

    @property
    def n_kept(self) -> int:
        """How many people were kept; for a group that is not resampled."""
        return int(self.counts.sum())

    @property
    def mean(self) -> float:
        """Mean of those who were kept; for a group that is not resampled."""
        return float(self.counts @ self.values / self.counts.sum())

    @property
    def kept(self) -> Numbers:
        """Share of the people who were kept, 0 to 1, of shape () or (resamples,)."""
        return np.asarray(self.counts.sum(axis=-1) / self.n_assigned)

    def mean_of_lowest(self, share: Numbers) -> Numbers:
        """Mean of the lowest share of those who were kept; of tied people a fraction counts."""
        return _mean_of_first(self.values, self.counts, share)

    def mean_of_highest(self, share: Numbers) -> Numbers:
        """Mean of the highest share of those who were kept."""
        return _mean_of_first(self.values[::-1], self.counts[..., ::-1], share)

    def resampled(self, n_resamples: int, rng: np.random.Generator) -> "Group":
        """The bootstrap: as many people, kept or not, drawn with replacement, `n_resamples` times.

        Drawn are the counts of the distinct values, so that it costs no more for more people.
        """
        chances = np.append(self.counts, self.n_assigned - self.counts.sum()) / self.n_assigned
        drawn = rng.multinomial(self.n_assigned, chances, size=n_resamples)[:, :-1]
        return Group(values=self.values, counts=drawn.astype("float64"), n_assigned=self.n_assigned)


def group_of(values: Numbers, n_assigned: int) -> Group:
    """A group from the values of those who were kept, in any order."""
    distinct, counts = np.unique(values, return_counts=True)
    return Group(values=distinct, counts=counts.astype("float64"), n_assigned=n_assigned)


def bounds(a: Group, b: Group, *, monotone: bool) -> tuple[Numbers, Numbers]:
    """The least and the largest difference of means, a - b, among people kept in either condition.

    Args:
        a: with somebody kept.
        b: likewise; with as many resamples as a.
        monotone: whether one condition keeps everybody whom the other keeps (Lee 2009, assumption
            2 and proposition 1a): then the smaller of the two shares is always kept, and only the
            group that kept more is trimmed. Without that, at least kept_a + kept_b - 1 of all are
            (Zhang and Rubin 2003), and both groups are trimmed, in opposite directions.

    Returns:
        The bounds, each of shape () or (resamples,). Where nobody need be always kept
        (`always_kept` is 0 or less), they are the most extreme differences.
    """
    always = np.maximum(always_kept(a, b, monotone=monotone), NEXT_TO_NOBODY)
    share_a, share_b = np.minimum(always / a.kept, 1), np.minimum(always / b.kept, 1)
    return (
        a.mean_of_lowest(share_a) - b.mean_of_highest(share_b),
        a.mean_of_highest(share_a) - b.mean_of_lowest(share_b),
    )


def always_kept(a: Group, b: Group, *, monotone: bool) -> Numbers:
    """The least share of all people who are kept in either condition; below 0 it says nothing."""
    return np.minimum(a.kept, b.kept) if monotone else a.kept + b.kept - 1


def _mean_of_first(values: Numbers, counts: Numbers, share: Numbers) -> Numbers:
    wanted = np.asarray(share * counts.sum(axis=-1))
    before = counts.cumsum(axis=-1) - counts
    taken = np.clip(wanted[..., None] - before, 0, counts)
    return np.asarray(taken @ values / wanted)
