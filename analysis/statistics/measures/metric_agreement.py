"""Do the metrics of one explainer agree on which explanations are good?

Often they do not, and which one a study reports then decides what it finds (Tomsett et al. 2020;
Klein et al. 2024).
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy import stats

from analysis.statistics.correlation import MIN_PAIRS
from analysis.statistics.measures.explanation_scores import SMALL, ScoredStimuli, good_values
from analysis.statistics.within_bins.correlations import Codes, Values, column_correlations

PREFIX = "rho_"  # of the columns that hold a metric's correlations


def agreement(conditions: Iterable[ScoredStimuli]) -> pd.DataFrame:
    """Rank correlations within bins between the metrics of each explainer that a condition shows.

    Args:
        conditions: as `explanation_scores.scored_stimuli` returns them.

    Returns:
        condition, explainer, metric (all but the first of an explainer), and a column
        `rho_` METRIC for each metric that stands before another: positive where both call the
        same explanations good, as metrics that are good where small are turned around. Missing
        where the pair is in another row, or has no correlation.
    """
    rows = []
    for stimuli in conditions:
        for explainer in dict.fromkeys(name for name, _ in stimuli.names):
            own = pd.DataFrame(stimuli.scores[explainer])
            metrics = [metric for name, metric in stimuli.names if name == explainer]
            for place, metric in enumerate(metrics[1:], start=1):
                rhos = {
                    f"{PREFIX}{other}": turned_rho(own[[metric, other]], stimuli.bins)
                    for other in metrics[:place]
                }
                rows.append(
                    {"condition": stimuli.condition, "explainer": explainer, "metric": metric}
                    | rhos
                )
    return pd.DataFrame(rows)


def turned_rho(pair: pd.DataFrame, bins: Codes) -> float:
    """Spearman's rho of two metrics within bins, each turned so that large is good.

    Pearson's r within bins of the ranks over the stimuli that have both.
    NaN for fewer than `MIN_PAIRS` stimuli, or where a metric does not vary within bins.
    """
    both = pair.notna().all(axis="columns").to_numpy()
    if both.sum() < MIN_PAIRS:
        return np.nan
    first, second = (ranks(values) for _, values in pair[both].items())
    return float(column_correlations(first, second, bins[both])[0])


def ranks(values: pd.Series) -> Values:
    """Ranks of a metric's values from bad to good, or from below where that is not known.

    Of shape (n, 1); ties have their mean rank.
    """
    sign = -1 if good_values(str(values.name)) == SMALL else 1
    return np.asarray(stats.rankdata(sign * values.to_numpy(dtype="float64")))[:, None]
