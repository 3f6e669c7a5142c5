"""Would the difference hold for other people and other stimuli? Logistic regression of every
answer on the condition, with errors that are correlated within people and within stimuli.

With the condition as the only predictor the maximum-likelihood fit has a closed form: the log
odds of each condition are those of its pooled answers. Only the covariance needs work: two-way
clustered (Cameron, Gelbach and Miller 2011, equation 2.12), the sum of what people and what
stimuli share, less what both share. (Crossed random effects, as statsmodels fits them, are no
substitute: its maximum a posteriori fit diverges, and its variational one rejected 32 % of
simulated studies without a difference.)
"""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from analysis.statistics.comparisons import holm
from analysis.statistics.estimate import LEVEL, Alternative

# Where the three parts cancel, what is left of the variance is rounding.
ROUNDING = 1e-9
COLUMNS = (
    "condition_a",
    "condition_b",
    "n_trials",
    "n_participants",
    "n_stimuli",
    "odds_ratio",
    "low",
    "high",
    "p",
    "p_holm",
    "missing_because",
)


def odds_ratios(
    trials: pd.DataFrame, pairs: Sequence[tuple[str, str]], *, alternative: Alternative
) -> pd.DataFrame:
    """Odds of a right decision in a over those in b.

    The log of the ratio over its standard error is referred to Student's t with as many degrees
    of freedom as there are people or stimuli in the pair, whichever are fewer, less one (Cameron
    and Miller 2015, section VI.D).

    Args:
        trials: as `accuracy.test_trials` returns them.
        pairs: a and b; together they are the family that Holm's adjustment covers.
        alternative: two-sided; greater or less, a against b.

    Returns:
        A row for each pair: condition_a, condition_b, n_trials, n_participants, n_stimuli,
        odds_ratio, low, high (95 % interval, two-sided whatever the alternative), p, p_holm and
        missing_because (empty where there is an estimate).
    """
    answers = pd.DataFrame(
        {
            "condition": trials["condition"].astype("category"),
            "right": trials["team_right"].astype("float64"),
            "person": pd.factorize(trials["participant_id"])[0],
            "stimulus": pd.factorize(trials["stimulus_id"])[0],
        }
    )
    rows = []
    for a, b in pairs:
        of_pair = answers[answers["condition"].isin([a, b])]
        rows.append((a, b, *_odds_ratio(of_pair, a, b, alternative)))
    table = pd.DataFrame(rows, columns=[c for c in COLUMNS if c != "p_holm"])
    table["p_holm"] = holm(table["p"])
    return table[list(COLUMNS)]


def log_odds_ratio(answers: pd.DataFrame, a: str) -> tuple[float, float]:
    """The log odds ratio of a against the other condition, and its two-way clustered variance.

    A trial moves the estimate by ± (right - share) / (n · share · (1 - share)), with n and the
    share of right decisions in its condition; squares of the sums of these within clusters make
    the variance. Each of the three parts is multiplied by G / (G - 1) · (n - 1) / (n - 2), with
    its own number of clusters G and the n trials of both conditions: HC1, as in statsmodels and
    in R's sandwich::vcovCL(type = "HC1", cadjust = TRUE). The variance can come out as zero or
    below.

    Args:
        answers: condition, right (1.0 or 0.0), person and stimulus (whole numbers from 0), a row
            for each trial; two conditions with right and wrong decisions each, and two people
            and two stimuli at least.
        a: one of the conditions.
    """
    right, in_a = answers["right"].to_numpy(), (answers["condition"] == a).to_numpy()
    person, stimulus = answers["person"].to_numpy(), answers["stimulus"].to_numpy()
    log_odds, influence = [], np.zeros(len(right))
    for group, sign in ((in_a, 1), (~in_a, -1)):
        share = float(right[group].mean())
        log_odds.append(math.log(share / (1 - share)))
        influence[group] = sign * (right[group] - share) / (group.sum() * share * (1 - share))
    both = person * (stimulus.max() + 1) + stimulus
    people, stimuli = _clustered(influence, person), _clustered(influence, stimulus)
    shared = _clustered(influence, both)
    variance = people + stimuli - shared
    if abs(variance) < ROUNDING * (people + stimuli + shared):
        variance = 0.0
    return log_odds[0] - log_odds[1], variance * (len(right) - 1) / (len(right) - 2)


def _clustered(influence: NDArray[np.float64], ids: NDArray[np.int64]) -> float:
    clusters, codes = np.unique(ids, return_inverse=True)
    sums = np.bincount(codes, weights=influence)
    return len(clusters) / (len(clusters) - 1) * float(sums @ sums)


def _odds_ratio(
    answers: pd.DataFrame, a: str, b: str, alternative: Alternative
) -> tuple[object, ...]:
    people, stimuli = answers["person"].nunique(), answers["stimulus"].nunique()
    sizes = (len(answers), people, stimuli)
    reason = _why_missing(answers, a, b)
    if reason:
        return (*sizes, *[math.nan] * 4, reason)
    estimate, variance = log_odds_ratio(answers, a)
    if variance <= 0:
        reason = "people and stimuli together leave no positive variance in so few answers"
        return (*sizes, math.exp(estimate), *[math.nan] * 3, reason)
    error, df = math.sqrt(variance), min(people, stimuli) - 1
    half = float(stats.t.ppf(0.5 + LEVEL / 2, df)) * error
    ratios = [math.exp(log) for log in (estimate, estimate - half, estimate + half)]
    t = estimate / error
    if alternative == "two-sided":
        p = 2 * float(stats.t.sf(abs(t), df))
    else:
        p = float(stats.t.sf(t if alternative == "greater" else -t, df))
    return (*sizes, *ratios, p, "")


def _why_missing(answers: pd.DataFrame, a: str, b: str) -> str:
    for name in (a, b):
        group = answers[answers["condition"] == name]
        if group["person"].nunique() < 2:
            return f"“{name}” has {'one person only' if len(group) else 'nobody'} to analyse"
        if group["right"].nunique() < 2:
            return f"every answer with “{name}” is {'right' if group['right'].any() else 'wrong'}"
    if answers["stimulus"].nunique() < 2:
        return "one stimulus only was shown"
    return ""
