"""Do conditions differ? Mann-Whitney U on per-user accuracy, with an effect size and Holm's p.

The unit is the person. Trials of one person are not independent, so a test over trials would
find differences that are not there. (Nguyen et al. 2021, section 3.1, names the test and not its
unit.)
"""

import math
from collections.abc import Sequence

import pandas as pd
from scipy import stats

from analysis.export.facts import Alternative
from analysis.statistics.intervals import newcombe

COLUMNS = (
    "condition_a",
    "condition_b",
    "n_a",
    "n_b",
    "mean_a_percent",
    "mean_b_percent",
    "difference_points",
    "u",
    "p",
    "p_holm",
    "cles",
    "cles_low",
    "cles_high",
    "rank_biserial",
    "rank_biserial_low",
    "rank_biserial_high",
)


def mann_whitney(
    users: pd.DataFrame, pairs: Sequence[tuple[str, str]], *, alternative: Alternative
) -> pd.DataFrame:
    """Compare per-user accuracy within pairs of conditions (Mann and Whitney 1947).

    scipy computes p exactly up to eight people in a group without ties, and else from the normal
    approximation with correction for ties and continuity.

    Args:
        users: as `accuracy.per_user` returns them.
        pairs: a and b; together they are the family that Holm's adjustment covers.
        alternative: two-sided; greater or less, a against b.

    Returns:
        A row for each pair: condition_a, condition_b, n_a, n_b, mean_a_percent, mean_b_percent,
        difference_points (a - b), u (of a: pairs of people in which a's is ahead, ties counted
        half), p, p_holm, cles (u / (n_a · n_b), the chance that a random person of a is ahead of
        one of b; McGraw and Wong 1992, Vargha and Delaney 2000), cles_low, cles_high (95 %
        interval, `intervals.newcombe`, two-sided whatever the alternative), rank_biserial
        (2 · cles - 1; Kerby 2014), rank_biserial_low and rank_biserial_high. Missing where a
        condition has nobody.
    """
    rows = [_mann_whitney_of(users, a, b, alternative) for a, b in pairs]
    table = pd.DataFrame(rows, columns=[c for c in COLUMNS if c != "p_holm"])
    table["p_holm"] = holm(table["p"])
    return table[list(COLUMNS)]


def holm(p: pd.Series) -> pd.Series:
    """Adjust p-values for their number (Holm 1979).

    The k-th smallest of m is multiplied by m - k + 1; none may be below a smaller one's or above
    1. Missing ones stay missing and do not count. (statsmodels' `multipletests`, to which tests
    hold it, collects all garbage of the process at each call, a tenth of a second.)
    """
    ordered = p.dropna().astype("float64").sort_values()
    factors = pd.Series(range(len(ordered), 0, -1), index=ordered.index, dtype="float64")
    return (ordered * factors).cummax().clip(upper=1.0).reindex(p.index)


def _mann_whitney_of(
    users: pd.DataFrame, a: str, b: str, alternative: Alternative
) -> tuple[object, ...]:
    first, second = (
        users.loc[users["condition"] == name, "accuracy_percent"].to_numpy(dtype="float64")
        for name in (a, b)
    )
    n_a, n_b = len(first), len(second)
    if not (n_a and n_b):
        means = [float(group.mean()) if len(group) else math.nan for group in (first, second)]
        return (a, b, n_a, n_b, *means, *[math.nan] * 9)
    result = stats.mannwhitneyu(first, second, alternative=alternative)
    mean_a, mean_b, u = float(first.mean()), float(second.mean()), float(result.statistic)
    cles = u / (n_a * n_b)
    effects = (cles, *newcombe(cles, n_a, n_b))
    biserial = [2 * effect - 1 for effect in effects]
    p = float(result.pvalue)
    return (a, b, n_a, n_b, mean_a, mean_b, mean_a - mean_b, u, p, *effects, *biserial)
