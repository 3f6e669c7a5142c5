"""The runs of a folder as tables: every round, means over seeds, and areas under curves."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from stimuli.sal.experiment import ExperimentError
from stimuli.sal.runs.progress import CURVE
from stimuli.sal.runs.run_folder import FACTS, finished_experiment

RUN_COLUMNS = (
    *("dataset", "backbone", "scenario", "criterion", "probe", "change_point", "alpha", "seed"),
)
"""What tells runs apart; without `seed`, what is averaged over."""

GROUP_COLUMNS = [name for name in RUN_COLUMNS if name != "seed"]
SCORES = ["accuracy", "balanced_accuracy", "dice", "dice_true_class", "ai_mask_dice"]


def read_runs(folder: Path) -> pd.DataFrame:
    """A row for each round of each finished run: RUN_COLUMNS, then those of its curve.

    Raises:
        ExperimentError: if none is finished, or two are the same by RUN_COLUMNS.
    """
    facts: dict[Path, dict[str, Any]] = {}
    for path in sorted(folder.glob(f"**/{FACTS}")):
        experiment = finished_experiment(path.parent)
        facts[path.parent] = {
            "dataset": experiment.dataset.name,
            "backbone": experiment.model.backbone,
            "change_point": experiment.rounds.change_point,
            "alpha": experiment.loss.alpha,
            **experiment.run.model_dump(),
        }
    if not facts:
        raise ExperimentError(
            str(folder), ["holds no finished run; give the --out of `grid`, or wait for one"]
        )
    # Else another option of one seed would count as another seed.
    first: dict[tuple[Any, ...], Path] = {}
    problems = [
        f"{run.relative_to(folder)} and {other.relative_to(folder)} are runs of one"
        " seed that no column tells apart; give the folder of one grid, or remove one"
        for run, columns in facts.items()
        if (other := first.setdefault(tuple(columns.values()), run)) != run
    ]
    if problems:
        raise ExperimentError(str(folder), problems)
    tables = [pd.read_csv(run / CURVE).assign(**columns) for run, columns in facts.items()]
    whole = pd.concat(tables, ignore_index=True)
    return whole[[*RUN_COLUMNS, *(name for name in whole if name not in RUN_COLUMNS)]]


def write_tables(folder: Path, out: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Write all tables of the runs in a folder; the means of curves and of areas.

    Raises:
        ExperimentError: if no run is finished.
    """
    rounds = read_runs(folder)
    by_run = areas(rounds)
    means, mean_area = mean_curves(rounds), mean_areas(by_run)
    tables = {"rounds": rounds, "curves": means, "areas_by_run": by_run, "areas": mean_area}
    out.mkdir(exist_ok=True)
    for name, table in tables.items():
        table.to_csv(out / f"{name}.csv", index=False)
    return means, mean_area


def mean_curves(rounds: pd.DataFrame) -> pd.DataFrame:
    """Mean, standard deviation (ddof 1) and number of seeds of each score, by group and share.

    Returns:
        GROUP_COLUMNS, `labelled_share`, `score`, `mean`, `std`, `n`.
    """
    long = rounds.melt(
        [*GROUP_COLUMNS, "labelled_share"], SCORES, var_name="score", value_name="value"
    )
    return _spread(long.dropna(subset="value"), [*GROUP_COLUMNS, "labelled_share", "score"])


def areas(rounds: pd.DataFrame) -> pd.DataFrame:
    """The area under each run's learning curves: RUN_COLUMNS, `aulc_accuracy`, `aulc_dice`."""
    return pd.DataFrame(
        {
            **dict(zip(RUN_COLUMNS, key, strict=True)),
            "aulc_accuracy": aulc(run["labelled_share"], run["accuracy"]),
            "aulc_dice": aulc(run["labelled_share"], run["dice"]),
        }
        for key, run in rounds.groupby(list(RUN_COLUMNS), sort=False)
    )


def mean_areas(by_run: pd.DataFrame) -> pd.DataFrame:
    """The same as mean, standard deviation (ddof 1) and number of seeds: a row for each score."""
    scores = ["aulc_accuracy", "aulc_dice"]
    long = by_run.melt(GROUP_COLUMNS, scores, var_name="score", value_name="value")
    return _spread(long, [*GROUP_COLUMNS, "score"])


def aulc(shares: pd.Series, values: pd.Series) -> float:
    """Area under a learning curve by the trapezoidal rule, divided by the range of the shares.

    So a constant curve has its own value wherever it begins. One point has no area: NaN.
    """
    x, y = shares.to_numpy(float), values.to_numpy(float)
    return float(np.trapezoid(y, x) / (x[-1] - x[0])) if len(x) > 1 else float("nan")


def _spread(long: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    means = long.groupby(by, sort=False)["value"].agg(mean="mean", std="std", n="count")
    return means.reset_index()
