"""Do the scores of explanations agree with people? Score against share of right decisions.

Easy stimuli tend to have better scores and better answers, so a correlation over all stimuli may
say no more than that. What is left within bins is tested, all scores of a study as one family.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy import stats

from analysis.statistics.correlation import MIN_PAIRS, varies
from analysis.statistics.measures.explanation_scores import KEYS, ScoredStimuli, good_values
from analysis.statistics.within_bins.correlations import (
    Codes,
    Values,
    deviations,
    partial_correlations,
)
from analysis.statistics.within_bins.permutations import (
    intervals,
    p_of_permutations,
    permuted,
    standardised_sums,
)

SEED = 2021  # fixed, so that the same export gives the same report
MIN_EACH = 5  # stimuli with either value of a score that has two: of fewer, each moves r too far
MIN_DF = 6  # within bins: of fewer stimuli there are hardly any orders
MIN_TWO_VALUED = 30  # stimuli for a score of two values; of 18 its interval covers 91 % (simulated)

RAW = ["r", "rho"]
WITHIN = "r_within"
ENDS = ["r_within_low", "r_within_high"]
TESTED = ["p", "p_adjusted"]

FEW = f"fewer than {MIN_PAIRS} stimuli"
FLAT_SCORE = "the score does not vary"
FLAT_PEOPLE = "the answers do not vary"
ONE_SIDED = "too few of one value"
FLAT_WITHIN = "the score does not vary within bins"
FLAT_PEOPLE_WITHIN = "the answers do not vary within bins"
FEW_WITHIN = "too few stimuli within bins"
FEW_TWO_VALUED = f"two values alone and fewer than {MIN_TWO_VALUED} stimuli"


def correlations(conditions: Iterable[ScoredStimuli], *, rng: np.random.Generator) -> pd.DataFrame:
    """Each score against people, over the stimuli of a condition: over all of them, within bins.

    Args:
        conditions: as `explanation_scores.scored_stimuli` returns them, at least one.
        rng: permutes the stimuli.

    Returns:
        condition, explainer, metric, good (large, small, or empty), n_stimuli; over all stimuli r
        (Pearson's) and rho (Spearman's), without intervals: bins drive them, and those that are
        known cover 89 to 98 % (simulated); r_within (`within_bins.correlations`), r_within_low,
        r_within_high, p, p_adjusted (for all scores of all conditions; `within_bins.permutations`),
        reason (why something is missing, or empty).
    """
    tables, sums = [], []
    for stimuli in conditions:
        table, bins = _estimates(stimuli), stimuli.bins
        known = (table["reason"] == "").to_numpy()
        scores = stimuli.scores.to_numpy()[:, known]
        orders = permuted(stimuli.right_percent, bins, rng=rng)
        sums.append(standardised_sums(scores, orders, bins))
        tables.append(_with_columns(table, ENDS, intervals(scores, orders, bins)))
    family = pd.concat(tables, ignore_index=True)
    family = _with_columns(family, TESTED, p_of_permutations(np.hstack(sums)))
    return family.assign(reason=family.pop("reason"))


def _with_columns(
    table: pd.DataFrame, names: list[str], values: tuple[Values, Values]
) -> pd.DataFrame:
    """The table with two columns more, missing (NaN) in rows that have a reason."""
    columns = np.full((2, len(table)), np.nan)
    columns[:, table["reason"] == ""] = values
    return table.assign(**dict(zip(names, columns, strict=True)))


def _estimates(stimuli: ScoredStimuli) -> pd.DataFrame:
    """What `correlations` returns without what comes from permutations, for one condition."""
    scores, shares, bins = stimuli.scores.to_numpy(), stimuli.right_percent, stimuli.bins
    rows = []
    partial = zip(*partial_correlations(scores, shares, bins), strict=True)
    for key, x, (r, df) in zip(stimuli.names, scores.T, partial, strict=True):
        both = np.isfinite(x)
        raw, within = [np.nan] * len(RAW), np.nan
        reason = _why_not(x[both], shares[both])
        if not reason:
            raw = [of(x[both], shares[both]).statistic for of in (stats.pearsonr, stats.spearmanr)]
            reason = _why_not_within(x[both], shares[both], bins[both], df)
        if not reason:
            within = r
        facts = (stimuli.condition, *key, good_values(key[1]), int(both.sum()))
        rows.append((*facts, *raw, within, reason))
    return pd.DataFrame(rows, columns=[*KEYS, "good", "n_stimuli", *RAW, WITHIN, "reason"])


def _why_not(x: Values, y: Values) -> str:
    """Why a score has no correlation at all; empty where it has one."""
    if len(x) < MIN_PAIRS:
        return FEW
    if not varies(x):
        return FLAT_SCORE
    values, counts = np.unique(x, return_counts=True)
    if len(values) == 2 and counts.min() < MIN_EACH:
        return ONE_SIDED
    return "" if varies(y) else FLAT_PEOPLE


def _why_not_within(x: Values, y: Values, bins: Codes, df: float) -> str:
    """Why a score that has a correlation has none within bins; empty where it has one."""
    for side, reason in ((x, FLAT_WITHIN), (y, FLAT_PEOPLE_WITHIN)):
        if not deviations(side[:, None], bins).any():
            return reason
    left = len(x) - len(np.unique(bins))
    if left < MIN_DF or df < MIN_DF:
        return FEW_WITHIN
    return FEW_TWO_VALUED if len(np.unique(x)) == 2 and len(x) < MIN_TWO_VALUED else ""
