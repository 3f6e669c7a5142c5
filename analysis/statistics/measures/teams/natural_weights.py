"""How often each of the six bins occurs in practice, and what an accuracy weighted so is worth.

A study shows as many images of each bin as of any other; in practice most are easy (Nguyen et al.
2021, section 3.2 and Figure A1).
"""

import itertools
import math
from collections.abc import Sequence

import pandas as pd

from analysis.export.columns import BINS
from analysis.export.facts import WeightFacts

PLACES = {name: place for place, name in enumerate(BINS)}


def natural_weights(
    pool: pd.DataFrame, classifiers: Sequence[str], facts: Sequence[WeightFacts] = ()
) -> pd.DataFrame:
    """How often each of the six bins occurs in the pool (split "test"), or as it was given.

    Args:
        pool: as in the export.
        classifiers: six rows for each, in this order.
        facts: weights, in any unit, for classifiers of which the pool has no image.

    Returns:
        classifier, ai_right, bin, n_images, pool_percent (share of all images of the pool) and
        weight_percent (share of those that lie in the six bins; the six sum to 100). Where the
        weights are given, n_images and pool_percent are missing.
    """
    test = pool[pool["split"] == "test"]
    six_bins = list(itertools.product((True, False), BINS))
    rows: list[tuple[object, ...]] = []
    for classifier in classifiers:
        images = test[test["classifier"] == classifier]
        weights = [weight for weight in facts if weight.classifier == classifier]
        if weights and images.empty:
            of_bin: dict[tuple[bool, str], float] = {(w.right, w.bin): w.weight for w in weights}
            total = sum(of_bin.values())
            for right, name in six_bins:
                share = percent(of_bin.get((right, name), 0.0), total)
                rows.append((classifier, right, name, pd.NA, math.nan, share))
            continue
        n_binned = int(images["bin"].notna().sum())
        for right, name in six_bins:
            n = int(((images["bin"] == name) & (images["ai_right"] == right)).sum())
            shares = percent(n, len(images)), percent(n, n_binned)
            rows.append((classifier, right, name, n, *shares))
    columns = ["classifier", "ai_right", "bin", "n_images", "pool_percent", "weight_percent"]
    return pd.DataFrame(rows, columns=columns).astype({"n_images": "Int64"})


def weighted_accuracy(accuracy_percent: pd.Series, weight: pd.Series) -> float:
    """Sum of weight × accuracy over the bins that have trials, over the sum of their weights.

    NaN where no bin with a weight has trials.
    """
    present = accuracy_percent.notna() & weight.notna()
    total = float(weight[present].sum())
    if total == 0:
        return math.nan
    return float((weight[present] * accuracy_percent[present]).sum()) / total


def effective_n(weight: pd.Series, n_trials: pd.Series) -> float:
    """How many equally weighted trials would be worth as much: (Σ w)² / Σ w² (Kish 1965).

    Over trials, of which each has its bin's weight divided by the bin's trials; trials are taken as
    independent, so it is what the weights cost, and no more.

    Args:
        weight: of each bin.
        n_trials: in each bin; bins without trials do not count.
    """
    seen = (n_trials > 0) & (weight > 0)
    weight, n_trials = weight[seen], n_trials[seen]
    return float(weight.sum() ** 2 / (weight**2 / n_trials).sum()) if seen.any() else math.nan


def cells_of(table: pd.DataFrame) -> pd.Series:
    """A number for each combination of bin, or none, and whether the AI is right."""
    place = table["bin"].map(PLACES).fillna(len(BINS)).astype("int64")
    return 2 * place + table["ai_right"].astype("int64")


def percent(part: float, whole: float) -> float:
    """A share in per cent; NaN of nothing."""
    return 100 * part / whole if whole else math.nan
