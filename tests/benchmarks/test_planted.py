"""Over 20 seeds, a report's error against what was planted: `make bench ONLY=planted`.

About 20 minutes on two cores for each bundle. The photos are Leeds Butterfly, in
`../shared/data/leeds_butterfly`; where they are not, that half is skipped.
"""

from pathlib import Path

import pandas as pd
import pytest

from tests.benchmarks.sizes import QUICK, size
from tests.lab import ROOT, Lab, kept_bundle
from tests.planted import arguments, compared, outside

SEEDS = size(20, quick=1)
PEOPLE = size(40, quick=6)


def errors(bundle: Path, folder: Path) -> pd.DataFrame:
    """Every cell of every seed, with its error in points."""
    seeds = []
    for seed in range(1, SEEDS + 1):
        lab = Lab(instance=folder / str(seed))
        lab.study("load", bundle)
        report = lab.report("planted", "-n", PEOPLE, "--seed", seed, *arguments(bundle))
        seeds.append(compared(bundle, report).assign(seed=seed))
        so_far = pd.concat(seeds)
        print(f"seed {seed}: mean error {so_far['error_points'].mean():+.2f} points", flush=True)  # noqa: T201
    return pd.concat(seeds)


def summary(cells: pd.DataFrame) -> str:
    """The errors per condition, and per condition and cell."""
    pooled = cells.groupby(["condition", "bin", "ai_right"], as_index=False).agg(
        n_trials=("n_trials", "sum"), n_right=("n_right", "sum"), expected=("expected", "first")
    )
    pooled["error_points"] = 100 * (pooled["n_right"] / pooled["n_trials"] - pooled["expected"])
    by_condition = cells.groupby("condition")["error_points"].mean().round(2).to_dict()
    return f"{by_condition}\n{pooled.round(3).to_string(index=False)}"


def check(cells: pd.DataFrame) -> None:
    """The mean error is below a point, over all and in each condition; no cell is off."""
    print(summary(cells))  # noqa: T201
    assert QUICK or abs(cells["error_points"].mean()) < 1
    assert QUICK or cells.groupby("condition")["error_points"].mean().abs().max() < 1
    pooled = cells.groupby(["condition", "bin", "ai_right"], as_index=False)[
        ["n_trials", "n_right", "expected"]
    ].agg({"n_trials": "sum", "n_right": "sum", "expected": "first"})
    assert QUICK or outside(pooled).empty


def test_planted_behaviour_is_recovered_over_twenty_seeds_on_the_demo(
    demo_bundle: Path, tmp_path: Path
) -> None:
    check(errors(demo_bundle, tmp_path))


def test_planted_behaviour_is_recovered_over_twenty_seeds_on_photos(
    tmp_path: Path, butterflies: Path
) -> None:
    check(errors(butterflies, tmp_path))


@pytest.fixture
def butterflies() -> Path:
    """The bundle of the butterfly photos, where they are at hand."""
    photos = ROOT.parent / "shared/data/leeds_butterfly"
    if not photos.is_dir():
        pytest.skip(f"the Leeds Butterfly photos are not at {photos}")
    return kept_bundle("butterflies", "--data", photos)
