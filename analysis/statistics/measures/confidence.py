"""How sure the AI was: its answers by confidence, in ten bins of width .1.

As in Figure A7 of Nguyen et al. 2021 (cell W#17 of the authors' analysis).
"""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.export.study_file import BinsTable
from analysis.statistics.measures.teams.ai_alone import STIMULI_SHOWN, WHOLE_POOL

TENTHS = 10


def histogram(answers: pd.DataFrame, bands: BinsTable) -> pd.DataFrame:
    """Right and wrong answers by confidence.

    An answer is in tenth int(10 × confidence), and in the last one where it is 1.

    Args:
        answers: with confidence (0 to 1) and ai_right.
        bands: the confidence bands of the study's bins.

    Returns:
        Ten rows: low, high (confidence; high is outside, but for 1), band ("low", "medium" or
        "high" where the whole tenth lies in that band, else empty), n_images, n_right, n_wrong,
        images_percent, right_percent and wrong_percent (of all answers; missing without any).
    """
    tenths = np.minimum((answers["confidence"] * TENTHS).astype("int64"), TENTHS - 1)
    right = answers["ai_right"].astype(bool)
    n_right = np.bincount(tenths[right], minlength=TENTHS)
    n_wrong = np.bincount(tenths[~right], minlength=TENTHS)
    low, high = np.arange(TENTHS) / TENTHS, np.arange(1, TENTHS + 1) / TENTHS
    in_low, in_high = high <= bands.low_below, low >= bands.high_from
    in_medium = (bands.medium[0] <= low) & (high <= bands.medium[1])
    table = pd.DataFrame(
        {
            "low": low,
            "high": high,
            "band": np.select([in_low, in_medium, in_high], ["low", "medium", "high"], ""),
            "n_images": n_right + n_wrong,
            "n_right": n_right,
            "n_wrong": n_wrong,
        }
    )
    whole = len(answers) or math.nan
    for name in ("images", "right", "wrong"):
        table[f"{name}_percent"] = 100 * table[f"n_{name}"] / whole
    return table


def per_classifier(
    pool: pd.DataFrame, trials: pd.DataFrame, classifiers: Sequence[str], bands: BinsTable
) -> pd.DataFrame:
    """The histogram of every classifier, over its pool, or where it has none, over its stimuli.

    Args:
        pool: as in the export; the split "test" is used.
        trials: as `accuracy.test_trials` returns them; each distinct natural stimulus of
            known confidence once.
        classifiers: ten rows for each, in this order.
        bands: the confidence bands of the study's bins.

    Returns:
        classifier, basis ("whole pool" or "stimuli shown"), and the columns of `histogram`.
    """
    natural = trials[trials["kind"] == "natural"]
    stimuli = natural.drop_duplicates(["stimulus_id", "classifier"]).dropna(subset=["confidence"])
    test = pool[pool["split"] == "test"]
    parts = []
    for classifier in classifiers:
        images = test[test["classifier"] == classifier]
        basis = WHOLE_POOL if len(images) else STIMULI_SHOWN
        answers = images if len(images) else stimuli[stimuli["classifier"] == classifier]
        part = histogram(answers, bands)
        part.insert(0, "classifier", classifier)
        part.insert(1, "basis", basis)
        parts.append(part)
    return pd.concat(parts, ignore_index=True)
