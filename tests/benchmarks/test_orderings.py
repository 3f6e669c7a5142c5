"""The SAL paper's orderings on the drawn butterflies: `make bench ONLY=orderings`.

Of a network whose last convolution alone learns, twenty seeds, of one fine-tuned further, sixteen,
and of a small one from random weights, five: all scenarios, and two of them where the habitat tells
nothing. What does not hold fails: docs/saliency_training.md says what and where.
The runs stay in `instance/sal`, so a second call reads them. With QUICK=1 they are of a few
pictures, an epoch and two seeds.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tomlkit
import torch

from stimuli.cache import Cache
from stimuli.sal.data.images import Data, Images
from stimuli.sal.data.masks import binarised, map_dice, packed, target_maps, unpacked
from stimuli.sal.experiment_file import read_experiment
from stimuli.sal.results.curves import read_runs
from stimuli.sal.runs.preparation import open_data
from tests.benchmarks.sizes import QUICK
from tests.benchmarks.timing import machine
from tests.lab import ROOT, run_python
from tests.orderings import (
    area_after_change,
    by_seed,
    difference,
    final,
    gaussian_map,
    slope_after_change,
)

EXPERIMENTS = ROOT / "stimuli/sal/experiments"
VALUES = {
    "Dice at 100 %": final("dice"),
    "area under Dice from 20 % on": area_after_change,
    "slope of Dice from 20 % on": slope_after_change,
    "accuracy at 100 %": final("accuracy"),
}
DICE = list(VALUES)[:2]
# What is fewer with QUICK=1, by the tables of an experiment.
FEW = {
    "dataset": {"train_per_class": 5, "val_per_class": 2, "test_per_class": 2},
    "training": {"epochs": 1},
    "rounds": {"points": [0.2, 0.6, 1.0]},
    "grid": {"seeds": 2},
}


def experiment_file(name: str, folder: Path) -> Path:
    """The settings of an experiment; with QUICK=1 those of a small one, written to a folder."""
    file = EXPERIMENTS / f"{name}.toml"
    if not QUICK:
        return file
    few = folder / file.name
    few.write_text(tomlkit.dumps(with_few(tomllib.loads(file.read_text("utf-8")))), "utf-8")
    return few


def with_few(tables: Mapping[str, Mapping[str, object]]) -> dict[str, dict[str, object]]:
    """An experiment's tables with few pictures, epochs, rounds and seeds."""
    return {name: {**table, **FEW.get(name, {})} for name, table in tables.items()}


@cache
def done(name: str, folder: Path) -> pd.DataFrame:
    """All rounds of all runs of an experiment, which are done now if they were not."""
    out = folder / name
    run_python("-m", "stimuli.sal", "grid", experiment_file(name, folder), "--out", out)
    return read_runs(out)


def print_values(rounds: pd.DataFrame) -> None:
    """Of each scenario, and how far SAL is ahead of the others."""
    for meaning, value in VALUES.items():
        table = by_seed(rounds, value)
        print(f"{meaning}\n{table.agg(['mean', 'std']).round(3).to_string()}")  # noqa: T201
        for other in table.columns.drop("sal"):
            mean, low, high = difference(table, "sal", other)
            print(f"  SAL - {other}: {mean:+.3f} [{low:+.3f}, {high:+.3f}]")  # noqa: T201


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the runs stay, or those of QUICK=1 do not."""
    return tmp_path_factory.mktemp("sal") if QUICK else ROOT / "instance/sal"


@pytest.fixture(scope="module", params=["last_layer", "species", "from_scratch"])
def name(request: pytest.FixtureRequest) -> str:
    """An experiment in whose training pictures the habitat gives butterflies away."""
    return str(request.param)


@pytest.fixture(scope="module")
def rounds(name: str, folder: Path) -> pd.DataFrame:
    """All rounds of its runs."""
    rounds = done(name, folder)
    print(f"\n{name}, {machine()}")  # noqa: T201
    print_values(rounds)
    return rounds


@pytest.fixture(scope="module")
def butterflies(name: str, folder: Path) -> Data:
    """The drawn butterflies themselves."""
    settings = read_experiment(experiment_file(name, folder)).dataset
    return open_data(settings, None, Cache(folder=ROOT / "instance/kept"))


@pytest.mark.parametrize("value", DICE)
@pytest.mark.parametrize(
    ("ahead", "behind"),
    [
        *(("sal", "b1"), ("b2", "b1"), ("no_ai", "b1"), ("single", "b1")),
        *(("sal", "no_ai"), ("b2", "no_ai"), ("sal", "single"), ("sal", "tait")),
    ],
)
def test_one_scenario_is_ahead_of_another_as_in_the_paper(
    rounds: pd.DataFrame, ahead: str, behind: str, value: str
) -> None:
    """The whole interval is above 0."""
    low = difference(by_seed(rounds, VALUES[value]), ahead, behind)[1]
    assert QUICK or low > 0


@pytest.mark.parametrize("value", DICE)
def test_a_fifth_of_the_masks_is_as_good_as_all(rounds: pd.DataFrame, value: str) -> None:
    mean = difference(by_seed(rounds, VALUES[value]), "sal", "b2")[0]
    assert QUICK or mean > -0.02


def test_sals_maps_go_on_improving_after_people_stop_and_more_than_without_ai_masks(
    rounds: pd.DataFrame,
) -> None:
    slopes = by_seed(rounds, slope_after_change)
    gain = difference(slopes, "sal", "no_ai")[0]
    assert QUICK or slopes["sal"].mean() > 0
    assert QUICK or gain > 0


@pytest.mark.parametrize("scenario", ["b2", "sal", "single", "no_ai", "tait"])
def test_saliency_costs_at_most_a_point_of_accuracy(rounds: pd.DataFrame, scenario: str) -> None:
    mean = difference(by_seed(rounds, final("accuracy")), scenario, "b1")[0]
    assert QUICK or mean >= -0.01


def test_every_model_looks_closer_than_the_middle_of_the_image_and_than_chance(
    rounds: pd.DataFrame, butterflies: Data
) -> None:
    middle = dice_of_a_bump_in_the_middle(butterflies.test)
    assert QUICK or (rounds["dice"] > max(middle, rounds["dice_by_chance"].max())).all()


def dice_of_a_bump_in_the_middle(test: Images) -> float:
    """As if every model looked there; prints it."""
    bump = torch.from_numpy(gaussian_map(test.side)).float().expand(len(test), -1, -1)
    middle = float(np.nanmean(map_dice(bump, test.masks)))
    print(f"Dice of a bump in the middle: {middle:.3f}")  # noqa: T201
    return middle


def generations(train: Images, resolution: str) -> list[float]:
    """The area of masks over people's, drawn by perfect models of their predecessors' masks."""
    truths, masks, areas = unpacked(train.masks), train.masks, []
    for _ in range(4):
        maps = target_maps(masks, (7, 7))
        pixels = binarised(maps, train.side, threshold=0.5, resolution=resolution)
        areas.append(float((pixels.mean((1, 2)) / truths.mean((1, 2))).mean()))
        masks = packed(pixels)
    return areas


def test_masks_of_masks_shrink_if_they_are_cut_at_the_size_of_the_image(
    butterflies: Data,
) -> None:
    image, places = (generations(butterflies.train, resolution) for resolution in ("image", "map"))
    print(f"areas of four generations: image {image}, map {places}")  # noqa: T201
    assert all(later < 0.95 * earlier for earlier, later in pairwise(image))
    assert all(later == earlier for earlier, later in pairwise(places))


def test_where_the_habitat_tells_nothing_most_of_the_gap_is_gone(
    rounds: pd.DataFrame, name: str, folder: Path
) -> None:
    """In training either, that is; in the test set it never tells anything."""
    gap, left = (
        difference(by_seed(runs, final("dice")), "sal", "b1")
        for runs in (rounds, done(f"{name}_uncorrelated", folder))
    )
    print(f"SAL - B1: {gap}, and where the habitat tells nothing {left}")  # noqa: T201
    assert QUICK or left[0] < gap[0] / 2
