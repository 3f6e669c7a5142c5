"""The SAL paper's orderings on the drawn butterflies: `make bench ONLY=orderings`.

Of a network whose last convolution alone learns, twenty seeds, of one fine-tuned further, sixteen,
and of a small one from random weights, five: all scenarios, and two of them where the habitat tells
nothing. What does not hold fails: docs/saliency_training.md says what and where.
The runs stay in `instance/sal`, so a second call reads them.
"""

from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
import torch

from stimuli.cache import Cache
from stimuli.sal.data.images import Data, Images
from stimuli.sal.data.masks import binarised, map_dice, packed, target_maps, unpacked
from stimuli.sal.experiment import read_experiment
from stimuli.sal.results.curves import read_runs
from stimuli.sal.runs.setup import open_data
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


@cache
def done(name: str) -> pd.DataFrame:
    """All rounds of all runs of an experiment, which are done now if they were not."""
    out = ROOT / "instance/sal" / name
    run_python("-m", "stimuli.sal", "grid", EXPERIMENTS / f"{name}.toml", "--out", out)
    return read_runs(out)


@pytest.fixture(scope="module", params=["last_layer", "species", "from_scratch"])
def name(request: pytest.FixtureRequest) -> str:
    """An experiment in whose training pictures the habitat gives butterflies away."""
    return str(request.param)


@pytest.fixture(scope="module")
def rounds(name: str) -> pd.DataFrame:
    """All rounds of its runs."""
    rounds = done(name)
    print(f"\n{name}, {machine()}")  # noqa: T201
    for meaning, value in VALUES.items():
        table = by_seed(rounds, value)
        print(f"{meaning}\n{table.agg(['mean', 'std']).round(3).to_string()}")  # noqa: T201
        for other in table.columns.drop("sal"):
            mean, low, high = difference(table, "sal", other)
            print(f"  SAL - {other}: {mean:+.3f} [{low:+.3f}, {high:+.3f}]")  # noqa: T201
    return rounds


@pytest.fixture(scope="module")
def drawn(name: str) -> Data:
    """The drawn butterflies themselves."""
    settings = read_experiment(EXPERIMENTS / f"{name}.toml").dataset
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
    assert difference(by_seed(rounds, VALUES[value]), ahead, behind)[1] > 0


@pytest.mark.parametrize("value", DICE)
def test_a_fifth_of_the_masks_is_as_good_as_all(rounds: pd.DataFrame, value: str) -> None:
    assert difference(by_seed(rounds, VALUES[value]), "sal", "b2")[0] > -0.02


def test_sals_maps_go_on_improving_after_people_stop_and_more_than_without_ai_masks(
    rounds: pd.DataFrame,
) -> None:
    slopes = by_seed(rounds, slope_after_change)
    assert slopes["sal"].mean() > 0
    assert difference(slopes, "sal", "no_ai")[0] > 0


@pytest.mark.parametrize("scenario", ["b2", "sal", "single", "no_ai", "tait"])
def test_saliency_costs_at_most_a_point_of_accuracy(rounds: pd.DataFrame, scenario: str) -> None:
    assert difference(by_seed(rounds, final("accuracy")), scenario, "b1")[0] >= -0.01


def test_every_model_looks_closer_than_the_middle_of_the_image_and_than_chance(
    rounds: pd.DataFrame, drawn: Data
) -> None:
    test = drawn.test
    bump = torch.from_numpy(gaussian_map(test.side)).float().expand(len(test), -1, -1)
    middle = float(np.nanmean(map_dice(bump, test.masks)))
    print(f"Dice of a bump in the middle: {middle:.3f}")  # noqa: T201
    assert (rounds["dice"] > max(middle, rounds["dice_by_chance"].max())).all()


def generations(train: Images, resolution: str) -> list[float]:
    """The area of masks over people's, drawn by perfect models of their predecessors' masks."""
    truths, masks, found = unpacked(train.masks), train.masks, []
    for _ in range(4):
        maps = target_maps(masks, (7, 7))
        pixels = binarised(maps, train.side, threshold=0.5, resolution=resolution)
        found.append(float((pixels.mean((1, 2)) / truths.mean((1, 2))).mean()))
        masks = packed(pixels)
    return found


def test_masks_of_masks_shrink_if_they_are_cut_at_the_size_of_the_image(drawn: Data) -> None:
    image, places = (generations(drawn.train, resolution) for resolution in ("image", "map"))
    print(f"areas of four generations: image {image}, map {places}")  # noqa: T201
    assert all(later < 0.95 * earlier for earlier, later in pairwise(image))
    assert all(later == earlier for earlier, later in pairwise(places))


def test_where_the_habitat_tells_nothing_most_of_the_gap_is_gone(
    rounds: pd.DataFrame, name: str
) -> None:
    """In training either, that is; in the test set it never tells anything."""
    gap, left = (
        difference(by_seed(runs, final("dice")), "sal", "b1")
        for runs in (rounds, done(f"{name}_uncorrelated"))
    )
    print(f"SAL - B1: {gap}, and where the habitat tells nothing {left}")  # noqa: T201
    assert left[0] < gap[0] / 2
