"""How do the odds of a right decision differ? Logistic regression of every answer, with errors
that are correlated within people and within stimuli.

With a cell for each combination of the predictors the maximum-likelihood fit has a closed form: the
log odds of a cell are those of its pooled answers. statsmodels fits it where that takes no time;
the closed form, equal to nine digits, stands in for it beyond `MOST_FITTED` answers. (Crossed
random effects, as statsmodels fits them, are no substitute: its maximum a posteriori fit diverges,
and its variational one rejected 32 % of simulated studies without a difference.)
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.stats.sandwich_covariance import cov_cluster_2groups

from analysis.export.facts import Alternative
from analysis.statistics.clusters import Clusters, Codes, clusters_of, combined
from analysis.statistics.comparisons import holm
from analysis.statistics.differences import why_missing
from analysis.statistics.estimate import Estimate

Numbers = NDArray[np.float64]

PRECISION = 1e-13  # of the deviance at which the fit stops, relative to itself
MOST_FITTED = 100_000  # answers; statsmodels takes 5 s for a million
SIZES = ("n_trials", "n_participants", "n_stimuli")
ODDS_COLUMNS = (
    *("condition_a", "condition_b", *SIZES),
    *("odds_ratio", "low", "high", "p", "p_holm", "missing_because"),
)
INTERACTION_COLUMNS = (
    *("condition_a", "condition_b", *SIZES),
    *("ai_right_ratio", "ai_right_low", "ai_right_high"),
    *("ai_wrong_ratio", "ai_wrong_low", "ai_wrong_high"),
    *("ratio", "low", "high", "p", "p_holm", "missing_because"),
)
# Of the cells b and AI wrong, b and AI right, a and AI wrong, a and AI right.
AI_RIGHT, AI_WRONG, INTERACTION = (
    np.array(signs, dtype="float64") for signs in ((0, -1, 0, 1), (-1, 0, 1, 0), (1, -1, -1, 1))
)


@dataclass(frozen=True, kw_only=True)
class Cells:
    """The fitted log odds of every cell.

    Attributes:
        log_odds: of shape (cells,).
        both: their covariance over people and stimuli, of shape (cells, cells).
        people: the same over people.
        sizes: how many people and how many stimuli.
    """

    log_odds: Numbers
    both: Numbers
    people: Numbers
    sizes: tuple[int, int]

    def contrast(self, signs: Numbers) -> Estimate:
        """A sum of log odds with its error over people and stimuli (`clusters.combined`)."""
        both, people = (
            float(signs @ covariance @ signs) for covariance in (self.both, self.people)
        )
        value = float(signs @ self.log_odds)
        return combined(value, people=people, stimuli=both - people, sizes=self.sizes)


def odds_ratios(
    trials: pd.DataFrame, pairs: Sequence[tuple[str, str]], *, alternative: Alternative
) -> pd.DataFrame:
    """Odds of a right decision in a over those in b, for other people and other stimuli.

    Args:
        trials: as `accuracy.test_trials` returns them.
        pairs: a and b; together they are the family that Holm's adjustment covers.
        alternative: two-sided; greater or less, a against b.

    Returns:
        A row for each pair: condition_a, condition_b, n_trials, n_participants, n_stimuli,
        odds_ratio, low, high (95 % interval, two-sided whatever the alternative), p, p_holm and
        missing_because (empty where there is an estimate).
    """
    rows = []
    for a, b in pairs:
        of_pair = trials[trials["condition"].isin([a, b])]
        cells, sizes, reason = _fit(of_pair, a, [])
        if cells is None:
            rows.append((a, b, *sizes, *[math.nan] * 4, reason))
            continue
        ratio = cells.contrast(np.array([-1.0, 1.0]))
        rows.append((a, b, *sizes, *_ratio(ratio), ratio.p(alternative), ""))
    return _with_holm(rows, ODDS_COLUMNS)


def interactions(trials: pd.DataFrame, pairs: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Whether a differs from b otherwise where the AI is right than where it is wrong.

    An explanation that makes people trust the AI more helps where it is right and harms where it is
    wrong; over all stimuli the two may cancel (Müller 2024 finds benefits of saliency maps mostly
    where the AI is wrong).

    Args:
        trials: as `accuracy.test_trials` returns them; those on natural stimuli count, since an
            adversarial one is wrong wherever it is.
        pairs: as `odds_ratios` takes them.

    Returns:
        A row for each pair: condition_a, condition_b, n_trials, n_participants, n_stimuli; the odds
        ratio of a right decision, a over b, where the AI is right and where it is wrong, each with
        its 95 % interval; ratio (the first over the second), low, high, p (two-sided), p_holm and
        missing_because.
    """
    natural = trials[trials["kind"] == "natural"]
    rows = []
    for a, b in pairs:
        of_pair = natural[natural["condition"].isin([a, b])]
        cells, sizes, reason = _fit(of_pair, a, ["ai_right"])
        if cells is None:
            rows.append((a, b, *sizes, *[math.nan] * 10, reason))
            continue
        apart = [
            number for signs in (AI_RIGHT, AI_WRONG) for number in _ratio(cells.contrast(signs))
        ]
        ratio = cells.contrast(INTERACTION)
        rows.append((a, b, *sizes, *apart, *_ratio(ratio), ratio.p(), ""))
    return _with_holm(rows, INTERACTION_COLUMNS)


def fitted(right: Numbers, cell: Codes, clusters: Clusters) -> Cells:
    """The regression by statsmodels: binomial, logit link, clusters of two ways, HC1.

    Args:
        right: 1 or 0, of shape (trials,).
        cell: from 0, of shape (trials,); every cell has right and wrong answers.
        clusters: two people and two stimuli at least.
    """
    result = GLM(right, np.eye(cell.max() + 1)[cell], family=Binomial()).fit(tol=PRECISION)
    both, people, _ = cov_cluster_2groups(result, clusters.person, clusters.stimulus)
    return Cells(log_odds=result.params, both=both, people=people, sizes=clusters.sizes)


def closed_form(right: Numbers, cell: Codes, clusters: Clusters) -> Cells:
    """The same without a fit.

    A trial moves the log odds of its cell by (right - share) / (n · share · (1 - share)), with the
    cell's n trials and share of right decisions; products of the sums of these within clusters make
    the covariance. Each of its three parts is multiplied by G / (G - 1) · (n - 1) / (n - k), with
    its own number of clusters G, all n trials and the k cells: HC1, as in statsmodels and in R's
    sandwich::vcovCL(type = "HC1", cadjust = TRUE).
    """
    n = np.bincount(cell)
    share = np.bincount(cell, weights=right) / n
    influence = (right - share[cell]) / (n * share * (1 - share))[cell]
    factor = (len(right) - 1) / (len(right) - len(n))
    people, stimuli, meetings = (
        factor * _covariance(influence, cell, codes)
        for codes in (clusters.person, clusters.stimulus, clusters.meeting)
    )
    return Cells(
        log_odds=np.log(share / (1 - share)),
        both=people + stimuli - meetings,
        people=people,
        sizes=clusters.sizes,
    )


def _covariance(influence: Numbers, cell: Codes, codes: Codes) -> Numbers:
    n_cells, n_clusters = cell.max() + 1, codes.max() + 1
    sums = np.bincount(codes * n_cells + cell, weights=influence, minlength=n_clusters * n_cells)
    by_cluster = sums.reshape(n_clusters, n_cells)
    return np.asarray(by_cluster.T @ by_cluster * n_clusters / (n_clusters - 1))


def _fit(
    trials: pd.DataFrame, a: str, keys: list[str]
) -> tuple[Cells | None, tuple[int, int, int], str]:
    """The cells of a pair: b before a, within each False before True of the keys."""
    clusters = clusters_of(trials)
    sizes = (len(trials), clusters.n_people, clusters.n_stimuli)
    in_a = (trials["condition"] == a).to_numpy()
    right = trials["team_right"].to_numpy(dtype="float64")
    cell = in_a.astype("int64")
    for key in keys:
        cell = 2 * cell + trials[key].to_numpy(dtype="int64")
    n_people = [trials.loc[rows, "participant_id"].nunique() for rows in (in_a, ~in_a)]
    reason = why_missing(n_people, clusters.n_stimuli)
    shares = np.bincount(cell, weights=right, minlength=2 ** (1 + len(keys)))
    counts = np.bincount(cell, minlength=len(shares))
    if not reason and (shares * (counts - shares) == 0).any():
        where = ", where the AI is right or where it is wrong" if keys else ""
        reason = f"every answer of a condition is right, or every one wrong{where}"
    if reason:
        return None, sizes, reason
    fit = fitted if len(trials) <= MOST_FITTED else closed_form
    return fit(right, cell, clusters), sizes, ""


def _ratio(log: Estimate) -> tuple[float, float, float]:
    low, high = log.interval()
    return math.exp(log.value), math.exp(low), math.exp(high)


def _with_holm(rows: list[tuple[object, ...]], columns: Sequence[str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=[name for name in columns if name != "p_holm"])
    return table.assign(p_holm=holm(table["p"]))[list(columns)]
