"""A look at the data of a study that planned several, and what it makes of the primary tests."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from scipy import stats

from analysis.export.facts import Alternative
from analysis.statistics.comparisons import holm
from analysis.statistics.differences import SIGNIFICANT, verdict
from analysis.statistics.estimate import LEVEL
from analysis.statistics.spending import Sides, nominal_levels, p_over_looks

COLUMNS = ("p_looks", "looks_low", "looks_high")


@dataclass(frozen=True, kw_only=True)
class Look:
    """One of the planned looks, as it is taken.

    Attributes:
        planned: shares of the planned people, of all looks.
        number: of this look, from 1.
        shares: of this look, at last, and of those before it; increasing, above 0, to 1.
    """

    planned: tuple[float, ...]
    number: int
    shares: tuple[float, ...]

    @property
    def share(self) -> float:
        """Of the planned people who are analysed now."""
        return self.shares[-1]

    def level(self, *, sides: Sides) -> float:
        """How small p has to be at this look."""
        return nominal_levels(SIGNIFICANT, self.shares, sides=sides)[-1]

    def over_looks(self, p: pd.Series, *, sides: Sides) -> pd.Series:
        """p-values of this look as `p_over_looks` has them."""
        return p.map(lambda one: p_over_looks(one, self.shares, sides=sides))


def sides_of(alternative: Alternative) -> Sides:
    """On how many sides a test finds a difference."""
    return 2 if alternative == "two-sided" else 1


def number_of(planned: Sequence[float], share: float) -> int:
    """Which planned look lies nearest to a share of the people, from 1; the earlier of two."""
    distances = [abs(one - share) for one in planned]
    return distances.index(min(distances)) + 1


def this_look(planned: Sequence[float], share: float, taken: Sequence[float] = ()) -> Look:
    """The look that is taken at a share of the people.

    Those before it stand where they were taken, each the last one that lies nearest to it; where
    none is known, as planned.

    Args:
        planned: shares of the planned people, increasing, the last 1.
        share: of the planned people who are analysed now, above 0; beyond 1 it counts as 1.
        taken: shares at which the data could be looked at before, increasing.
    """
    number = number_of(planned, share)
    known = {number_of(planned, one): one for one in taken}
    earlier = [known.get(k, planned[k - 1]) for k in range(1, number)]
    return Look(planned=tuple(planned), number=number, shares=(*earlier, min(share, 1.0)))


def at_look(table: pd.DataFrame, look: Look, *, alternative: Alternative) -> pd.DataFrame:
    """Differences as a look among several finds them.

    Each p becomes that over all looks, which Holm's adjustment then takes. (Holm's adjustment held
    against the level of a look would be too easy: at a third of every level, looks are more nearly
    independent, and find more than a third of alpha together.)

    Args:
        table: as `differences.differences` returns it.
        look: this one.
        alternative: of the p-values of a difference.

    Returns:
        The same with p_holm, p_equivalent_holm, narrow_low, narrow_high and verdict over all looks,
        and with p_looks, looks_low and looks_high: the repeated 95 % interval (Jennison and
        Turnbull 1989), which holds the truth at all looks at once in 95 % of studies.
    """
    p = look.over_looks(table["p"].fillna(table["people_p"]), sides=sides_of(alternative))
    p_holm, p_equivalent = holm(p), look.over_looks(table["p_equivalent"], sides=1)
    p_equivalent_holm = holm(p_equivalent)
    widest = table["high"].fillna(table["people_high"]) - table["difference"]
    error = widest / stats.t.ppf(0.5 + LEVEL / 2, table["df"])
    half = error * stats.t.isf(look.level(sides=2) / 2, table["df"])
    narrow = error * stats.t.isf(look.level(sides=1), table["df"])
    adjusted = zip(p_holm, p_equivalent_holm, strict=True)
    return table.assign(
        p_looks=p,
        looks_low=table["difference"] - half,
        looks_high=table["difference"] + half,
        p_holm=p_holm,
        narrow_low=table["difference"] - narrow,
        narrow_high=table["difference"] + narrow,
        p_equivalent_holm=p_equivalent_holm,
        verdict=[verdict(*both) for both in adjusted],
    )
