"""The runs of folders as tables: every round, means over seeds, and areas under curves."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from stimuli.sal.experiment import Experiment, ExperimentError
from stimuli.sal.runs.progress import CURVE
from stimuli.sal.runs.run_folder import FACTS, finished_experiment

RUN_COLUMNS = (
    *("dataset", "backbone", "scenario", "criterion", "probe", "change_point", "alpha", "seed"),
)
"""What tells runs apart; without `seed`, what is averaged over."""

GROUP_COLUMNS = [name for name in RUN_COLUMNS if name != "seed"]

WITHOUT_EFFECT = {
    "b1": ["change_point", "alpha"],
    "b2": ["change_point"],
    "files": ["change_point"],
}
"""Settings that change nothing of a scenario: nobody draws, or the same do so to the end."""

SCORES = ["accuracy", "balanced_accuracy", "dice", "dice_true_class", "ai_mask_dice"]
AREAS = ["aulc_accuracy", "aulc_dice"]


def read_runs(*folders: Path) -> pd.DataFrame:
    """A row for each round of each finished run: RUN_COLUMNS, then those of its curve.

    Raises:
        ExperimentError: if none is finished, or two are the same by RUN_COLUMNS.
    """
    subject = ", ".join(map(str, folders))
    facts = {run: _told_apart_by(finished_experiment(run)) for run in finished_runs(*folders)}
    if not facts:
        raise ExperimentError(
            subject, ["holds no finished run; give the --out of `grid`, or wait for one"]
        )
    # Else another option of one seed would count as another seed.
    first: dict[tuple[Any, ...], Path] = {}
    problems = [
        f"{run} and {other} are runs of one seed that no column tells apart; give the folder of"
        " one grid, or remove one"
        for run, columns in facts.items()
        if (other := first.setdefault(tuple(columns.values()), run)) != run
    ]
    if problems:
        raise ExperimentError(subject, problems)
    tables = [pd.read_csv(run / CURVE).assign(**columns) for run, columns in facts.items()]
    whole = pd.concat(tables, ignore_index=True)
    return whole[[*RUN_COLUMNS, *(name for name in whole if name not in RUN_COLUMNS)]]


def finished_runs(*folders: Path) -> list[Path]:
    """The folders of finished runs in these, however deep; each once."""
    found = (path.parent for folder in folders for path in sorted(folder.glob(f"**/{FACTS}")))
    return list(dict.fromkeys(found))


def _told_apart_by(experiment: Experiment) -> dict[str, Any]:
    return {
        "dataset": experiment.dataset.name,
        "backbone": experiment.model.backbone,
        "change_point": experiment.rounds.change_point,
        "alpha": experiment.loss.alpha,
        **experiment.run.model_dump(),
    }


def chosen(rounds: pd.DataFrame, names: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """The rounds whose columns have one of the names; of a column without names, all.

    Args:
        names: by column, such as `criterion`.

    Raises:
        ExperimentError: naming each that no run has, with what there is, or if no run is left.
    """
    problems = [
        f"no finished run has the {column} {name!r}; choose of {', '.join(rounds[column].unique())}"
        for column, given in names.items()
        for name in given
        if name not in set(rounds[column])
    ]
    left = rounds
    for column, given in names.items():
        left = left[left[column].isin(given)] if given else left
    if left.empty and not problems:
        problems = ["no finished run has all of it at once; choose less"]
    if problems:
        raise ExperimentError("the choice of runs", problems)
    return left


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
    long = by_run.melt(GROUP_COLUMNS, AREAS, var_name="score", value_name="value")
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
