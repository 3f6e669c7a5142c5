"""Calibration of reliance: do people accept as often as the AI is right, at each confidence?

The pattern is the expected calibration error of a classifier (Naeini et al. 2015), which sets
the share that is right against the confidence. Here people's accepted share takes the place of
the confidence, and the shown confidence only sorts the trials into tenths.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.statistics.intervals import wilson_percent

TENTHS = 10


def by_tenth(trials: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """People's accepted share and the AI's right share in each tenth of the shown confidence.

    Args:
        trials: as `accuracy.test_trials` returns them; natural stimuli of known confidence count.
        conditions: in the order in which they are reported.

    Returns:
        condition, from_percent (the tenth starts at this shown confidence: 0, 10 … 90; the last
        one holds 100 too), n_trials, n_accepted, accepted_percent, low_percent, high_percent
        (95 % Wilson interval of the accepted share), ai_right_percent (over the same trials),
        gap_points (accepted - right). A tenth without trials has no row.
    """
    natural = trials[(trials["kind"] == "natural") & trials["confidence"].notna()]
    answers = pd.DataFrame(
        {
            "condition": pd.Categorical(natural["condition"], categories=list(conditions)),
            "from_percent": 10 * tenths(natural["confidence"].to_numpy(dtype="float64")),
            "accepted": (natural["decision"] == "accept").to_numpy(dtype="int64"),
            "right": natural["ai_right"].to_numpy(dtype="int64"),
        }
    )
    groups = answers.groupby(["condition", "from_percent"], observed=True)
    rows = groups.agg(
        n_trials=("accepted", "size"), n_accepted=("accepted", "sum"), n_right=("right", "sum")
    ).reset_index()
    accepted, right, n = (rows[c] for c in ("n_accepted", "n_right", "n_trials"))
    low, high = wilson_percent(accepted, n)
    return (
        rows.astype({"condition": "str"})
        .drop(columns="n_right")
        .assign(
            accepted_percent=100 * accepted / n,
            low_percent=low,
            high_percent=high,
            ai_right_percent=100 * right / n,
            gap_points=100 * (accepted - right) / n,
        )
    )


def reliance_error(by_confidence: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """The expected calibration error of reliance: one number for each condition.

    The mean of |accepted - right| over the tenths, each weighted with its trials (after Naeini
    et al. 2015, equation of the ECE; see the module for what deviates). 0: accepts as often as
    the AI is right, everywhere; it does not say that the right answers are the accepted ones.
    Chance alone lifts it above 0 where tenths have few trials.

    Args:
        by_confidence: as `by_tenth` returns them.
        conditions: in the order in which they are reported.

    Returns:
        condition, n_trials, error_points (0 to 100; missing without trials).
    """
    errors = []
    for condition in conditions:
        rows = by_confidence[by_confidence["condition"] == condition]
        n = int(rows["n_trials"].sum())
        error = float((rows["gap_points"].abs() * rows["n_trials"]).sum()) / n if n else np.nan
        errors.append((condition, n, error))
    return pd.DataFrame(errors, columns=["condition", "n_trials", "error_points"])


def tenths(confidence: np.ndarray) -> np.ndarray:
    """The tenth, 0 to 9, of the confidence as people read it: whole per cent, half rounded up.

    Args:
        confidence: probabilities, of shape (n,).
    """
    # 100 · 0.285 is 28.499999999999996: nine decimals bring back what the page rounded.
    percent = np.floor(np.round(100 * confidence, 9) + 0.5).astype("int64")
    return np.asarray(np.minimum(percent // 10, TENTHS - 1))
