"""How far one scenario is ahead of another, paired by seed: what the SAL paper says in words."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from stimuli.sal.results.curves import AREAS, GROUP_COLUMNS, RUN_COLUMNS, WITHOUT_EFFECT
from stimuli.sal.results.looks import NAMES

PAIRS = (
    *(("sal", "b2"), ("sal", "tait"), ("sal", "no_ai"), ("sal", "single"), ("sal", "files")),
    *(("sal", "b1"), ("b2", "b1"), ("files", "b1")),
)
"""What the paper compares: section 6.3, and appendix F for masks of another program."""

LEVEL = 0.95
SCORES = ["accuracy", "dice", "n_human_masks"]
MAIN = {"aulc_dice": "area under Dice", "aulc_accuracy": "under accuracy"}
SETTINGS = [name for name in GROUP_COLUMNS if name != "scenario"]


def differences(rounds: pd.DataFrame, by_run: pd.DataFrame) -> pd.DataFrame:
    """Each of PAIRS by data set, backbone, criterion, probe, change point, α, score and budget.

    Of the seeds that both have: mean ± t(0.975, n - 1) · s / √n of their differences (Student
    1908), as `scipy.stats.ttest_rel` has it. A single seed has a difference and no interval.

    Args:
        rounds: of `read_runs`.
        by_run: of `areas`.

    Returns:
        SETTINGS of the first scenario, `scenario`, `other`, `score`, `labelled_share` (missing for
        areas), the means of both (`mean`, `other_mean`), `difference`, `low`, `high`, `percent`
        (the difference over `other_mean`: a ratio of means) and `n_seeds`.
    """
    values = pd.concat(
        table.melt([*RUN_COLUMNS, "labelled_share"], scores, var_name="score", value_name="value")
        for table, scores in ((rounds, SCORES), (by_run.assign(labelled_share=np.nan), AREAS))
    ).dropna(subset="value")
    pairs = pd.concat([_paired(values, *pair) for pair in PAIRS], ignore_index=True)
    by = [*SETTINGS, "scenario", "other", "score", "labelled_share"]
    table = pairs.groupby(by, sort=False, dropna=False).agg(
        mean=("value", "mean"),
        other_mean=("other_value", "mean"),
        difference=("gain", "mean"),
        error=("gain", "sem"),
        n_seeds=("gain", "count"),
    )
    half = table.pop("error") * stats.t.ppf(0.5 + LEVEL / 2, table["n_seeds"] - 1)
    table.insert(3, "low", table["difference"] - half)
    table.insert(4, "high", table["difference"] + half)
    of_other = table["other_mean"].where(table["other_mean"] != 0)
    table.insert(5, "percent", 100 * table["difference"] / of_other)
    return table.reset_index()


def _paired(values: pd.DataFrame, one: str, other: str) -> pd.DataFrame:
    """The values of two scenarios side by side, where all that matters to the other is the same."""
    others = values[values["scenario"] == other].rename(columns={"value": "other_value"})
    others = others.drop(columns=["scenario", *WITHOUT_EFFECT.get(other, ())])
    shared = [name for name in others if name != "other_value"]
    pairs = values[values["scenario"] == one].merge(others.drop_duplicates(shared), on=shared)
    return pairs.assign(other=other, gain=pairs["value"] - pairs["other_value"])


def main_lines(gains: pd.DataFrame) -> Iterator[str]:
    """Of `differences`: the areas of each pair, people's masks, and the most that masks gain.

    The most is the largest of many, so luck is in it.
    """
    for _, of_settings in gains.groupby(SETTINGS, sort=False):
        yield ", ".join(f"{name} {value}" for name, value in of_settings[SETTINGS].iloc[0].items())
        for _, pair in of_settings.groupby(["scenario", "other"], sort=False):
            yield f"  {_pair_line(pair.to_dict('records'))}"
    above_b1 = gains[(gains["score"] == "dice") & (gains["other"] == "b1")]
    for most in above_b1.nlargest(1, "percent").to_dict("records"):
        yield (
            f"Dice above B1's by up to {most['percent']:.1f} % ({most['difference']:+.3f}): "
            f"{_pair(most)}, {most['dataset']}, {most['criterion']}, "
            f"{most['labelled_share']:.0%} labelled"
        )


def _pair_line(rows: Sequence[Mapping[Hashable, Any]]) -> str:
    """A pair with the last row of each main score, which for masks is that of the last budget."""
    last = {row["score"]: row for row in rows}
    parts = [f"{meaning} {_gain(last[score])}" for score, meaning in MAIN.items() if score in last]
    masks = last["n_human_masks"]
    if masks["difference"] and masks["other_mean"]:
        parts.append(f"people's masks {masks['percent']:+.0f} %")
    return f"{_pair(rows[0])}: {'; '.join(parts)}"


def _pair(row: Mapping[Hashable, Any]) -> str:
    return " - ".join(NAMES[row[column]].partition(",")[0] for column in ("scenario", "other"))


def _gain(row: Mapping[Hashable, Any]) -> str:
    """Such as +0.045 (+0.041 to +0.049), +6.9 %, 20 seeds."""
    interval = f" ({row['low']:+.3f} to {row['high']:+.3f})" if row["n_seeds"] > 1 else ""
    seeds = f"{row['n_seeds']} seed" + "s" * (row["n_seeds"] > 1)
    return f"{row['difference']:+.3f}{interval}, {row['percent']:+.1f} %, {seeds}"
