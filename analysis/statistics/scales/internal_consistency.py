"""Do the items of a scale go together? Cronbach's alpha and McDonald's omega."""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.statistics.estimate import Estimate
from analysis.statistics.scales.coded_answers import PERSON, Scale
from analysis.statistics.scales.one_factor import MIN_ITEMS, Items, omega
from analysis.statistics.shares import MIN_PEOPLE

ENOUGH_PEOPLE = 50  # for alpha's interval: with 30 and skewed answers to two items it held 91 %
COLUMNS = ("scale", "n_items", "n_people", "alpha", "alpha_low", "alpha_high", "omega", "reason")
ITEM_COLUMNS = ("scale", "item", "is_reversed", "n_people", "mean", "std", "rest_r")


def per_scale(answers: Mapping[Scale, pd.DataFrame]) -> pd.DataFrame:
    """Reliability of each scale of several items, over everybody who answered all of them.

    Args:
        answers: `coded_answers.item_scores` of each scale.

    Returns:
        scale, n_items, n_people, alpha, alpha_low, alpha_high (`error_root`), omega, and
        reason: why something is missing, or empty.
    """
    rows = []
    for scale, items in answers.items():
        values = items.drop(columns=PERSON).dropna().to_numpy()
        n_people, n_items = values.shape
        if n_items > 1:
            reason = why_missing(values)
            found = [math.nan] * 4 if reason else reliability(values)
            if not reason:
                reason = ", ".join(
                    [f"the interval needs {ENOUGH_PEOPLE} people"] * (n_people < ENOUGH_PEOPLE)
                    + [f"ω needs {MIN_ITEMS} items"] * (n_items < MIN_ITEMS)
                )
            rows.append((scale.name, n_items, n_people, *found, reason))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def per_item(answers: Mapping[Scale, pd.DataFrame]) -> pd.DataFrame:
    """Each item of the scales, and whether it goes with the others.

    Args:
        answers: `coded_answers.item_scores` of each scale.

    Returns:
        scale, item, is_reversed, n_people (who answered it), mean, std (over n - 1) and rest_r:
        Pearson's r with the sum of the other items, over everybody who answered all; missing for
        a single item, and where either does not vary.
    """
    rows = []
    for scale, items in answers.items():
        numbers = items.drop(columns=PERSON).astype("float64")
        complete = numbers.dropna()
        for name, values in numbers.items():
            rest = complete.drop(columns=str(name)).sum(axis=1)
            varies = len(complete) > 1 and complete[name].nunique() > 1 and rest.nunique() > 1
            r = float(np.corrcoef(complete[name], rest)[0, 1]) if varies else math.nan
            spread = float(values.std(ddof=1)) if values.count() > 1 else math.nan
            known = (int(values.count()), float(values.mean()), spread)
            rows.append((scale.name, name, name in scale.reversed, *known, r))
    return pd.DataFrame(rows, columns=list(ITEM_COLUMNS))


def alpha(items: Items) -> float:
    """Cronbach's alpha: k / (k - 1) · (1 - sum of the items' variances / variance of their sum).

    (Cronbach 1951, equation 2; Guttman's lambda 3.) It is the reliability of the sum where all
    items measure the same equally well, and else a lower bound. It may be negative.

    Args:
        items: of shape (people, items), two or more of each, whose sum varies.
    """
    k = items.shape[1]
    total = items.sum(axis=1).var(ddof=1)
    return float(k / (k - 1) * (1 - items.var(axis=0, ddof=1).sum() / total))


def error_root(items: Items) -> Estimate:
    """√(1 - alpha), with the error of leaving out each person in turn (Tukey 1958).

    Without a person of squared deviation d², a variance over n people becomes
    ((n - 1) · variance - n / (n - 1) · d²) / (n - 2), so nothing is computed twice. Feldt's (1965)
    interval takes items to be normal and to measure equally well; where most people chose the same
    end of five options it held the truth in 89 % of 2,000 simulated studies of 160 people, this
    one in 94 %. On the scale of log(1 - alpha) (Bonett 2002) its upper end fell short more often.

    Args:
        items: as `alpha` takes them, three people or more.
    """
    n, k = items.shape
    deviations = items - items.mean(axis=0)
    squares = np.stack([deviations.sum(axis=1) ** 2, (deviations**2).sum(axis=1)])
    without = (squares.sum(axis=1, keepdims=True) - n / (n - 1) * squares) / (n - 2)
    roots = np.sqrt(np.maximum(1 - k / (k - 1) * (1 - without[1] / without[0]), 0))
    error = math.sqrt((n - 1) * float(roots.var()))
    return Estimate(value=math.sqrt(max(1 - alpha(items), 0)), error=error, df=n - 1)


def reliability(items: Items) -> list[float]:
    """alpha, alpha_low, alpha_high and omega, those missing for which there is too little.

    Args:
        items: of which `why_missing` says nothing.
    """
    own = alpha(items)
    low, high = error_root(items).interval() if len(items) >= ENOUGH_PEOPLE else [math.nan] * 2
    factor = omega(items) if items.shape[1] >= MIN_ITEMS else math.nan
    return [own, 1 - high**2, 1 - max(low, 0) ** 2, factor]


def why_missing(items: Items) -> str:
    """Why a scale has no reliability to speak of; empty where it has."""
    if len(items) < MIN_PEOPLE:
        return f"fewer than {MIN_PEOPLE} people answered all items"
    if (np.ptp(items, axis=0) == 0).any():
        return "an item has the same answer from everybody"
    return "everybody has the same sum" if np.ptp(items.sum(axis=1)) == 0 else ""
