"""What people saw of the evidence before they decided, by condition.

Where conditions differ in it, a difference between them may be one of what was on the screen, and
not of the explanation.
"""

import math
from collections.abc import Sequence

import pandas as pd
from scipy import stats

from analysis.statistics.sample.in_view import WHOLE, least

ZOOMED = 1.05  # times the pixels of the beginning
COLUMNS = (
    "condition",
    "n_trials",
    "whole_percent",
    "photo_percent",
    "panels_percent",
    "photo_s",
    "panels_s",
    "window_w",
    "window_h",
    "zoomed_percent",
    "enlarged_percent",
    "card_opened_percent",
)


def measured(trials: pd.DataFrame, participants: pd.DataFrame) -> pd.DataFrame:
    """The trials of which a page told what was in view.

    Args:
        trials: as `accuracy.test_trials` returns them.
        participants: as in the export.

    Returns:
        participant_id, condition, photo and panels (least share of one, 0 to 1; missing where there
        is none), photo_s and panels_s (seconds in which at least half was in view, of the panel
        with the least), window_w, window_h, and whole, zoomed, enlarged and card_opened as yes or
        no. No rows for an export that does not have it.
    """
    if "photo_seen" not in trials:
        trials = trials.iloc[:0].assign(**dict.fromkeys(MEASURED, math.nan))
    rows = trials[trials["photo_seen"].notna()]
    pixels = participants.set_index("participant_id")["pixel_ratio"]
    panels = least(rows["panels_seen"])
    return pd.DataFrame(
        {
            "participant_id": rows["participant_id"],
            "condition": rows["condition"],
            "photo": rows["photo_seen"].astype(float),
            "panels": panels,
            "photo_s": rows["photo_seen_ms"].astype(float) / 1000,
            "panels_s": least(rows["panels_seen_ms"]) / 1000,
            "window_w": rows["window_w"].astype(float),
            "window_h": rows["window_h"].astype(float),
            "whole": (rows["photo_seen"] >= WHOLE) & (panels.fillna(1) >= WHOLE),
            "zoomed": rows["zoom"] > ZOOMED * rows["participant_id"].map(pixels).astype(float),
            "enlarged": rows["enlarged_count"].fillna(0) > 0,
            "card_opened": rows["card_opened_count"].fillna(0) > 0,
        }
    )


MEASURED = (
    *("photo_seen", "photo_seen_ms", "panels_seen", "panels_seen_ms"),
    *("window_w", "window_h", "zoom", "enlarged_count", "card_opened_count"),
)


def per_condition(rows: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """What was in view in each condition.

    Args:
        rows: as `measured` returns them.
        conditions: a row for each, in this order.

    Returns:
        condition, n_trials, whole_percent (trials in which photo and panels were in view entirely),
        photo_percent and panels_percent (mean share in view), photo_s, panels_s, window_w and
        window_h (medians), and of the trials zoomed_percent, enlarged_percent and
        card_opened_percent.
    """
    table = []
    for condition in conditions:
        group = rows[rows["condition"] == condition]
        medians = [group[name].median() for name in ("photo_s", "panels_s", "window_w", "window_h")]
        shares = [100 * group[n].mean() for n in ("whole", "photo", "panels")]
        acts = [100 * group[name].mean() for name in ("zoomed", "enlarged", "card_opened")]
        table.append((condition, len(group), *shares, *medians, *acts))
    return pd.DataFrame(table, columns=COLUMNS)


def difference(rows: pd.DataFrame) -> float:
    """The p-value of whether people of all conditions saw all evidence equally often.

    A person's share of trials in which everything was in view, compared over the conditions by the
    test of Kruskal and Wallis (1952). Missing with fewer than two conditions; 1 where every share
    is the same.
    """
    people = rows.groupby(["condition", "participant_id"], observed=True)["whole"].mean()
    groups = [shares.to_numpy() for _, shares in people.groupby(level="condition", observed=True)]
    if len(groups) < 2:
        return math.nan
    if people.nunique() == 1:
        return 1.0
    return float(stats.kruskal(*groups).pvalue)
