"""A small version of the orderings in the benchmarks: the two models of the demo, one seed."""

from pathlib import Path

import pandas as pd
import pytest

from stimuli.sal.results.curves import read_runs
from tests.orderings import by_seed, final, slope_after_change


@pytest.fixture(scope="module")
def rounds(demo_bundle: Path) -> pd.DataFrame:
    """Of the runs that the demo's models come from."""
    return read_runs(demo_bundle.with_name(f"{demo_bundle.name}-models"))


def test_sal_looks_closer_than_b1_and_is_right_as_often(rounds: pd.DataFrame) -> None:
    (dice,), (accuracy,) = (
        by_seed(rounds, final(score)).to_dict("records") for score in ("dice", "accuracy")
    )
    assert dice["sal"] - dice["b1"] >= 0.04
    assert accuracy["sal"] >= accuracy["b1"] - 0.01
    assert min(dice.values()) > 2 * rounds["dice_by_chance"].max()


def test_sals_maps_go_on_improving_after_people_stop_drawing(rounds: pd.DataFrame) -> None:
    assert by_seed(rounds, slope_after_change)["sal"].item() > 0
    sal = rounds[rounds["scenario"] == "sal"]
    assert sal["n_human_masks"].nunique() == 1
    assert sal["ai_mask_dice"].max() > 0.6
