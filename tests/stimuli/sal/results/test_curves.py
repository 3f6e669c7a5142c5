"""Learning curves as tables and figures, from runs of which every number is known."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stimuli.sal.experiment import ExperimentError
from stimuli.sal.results.curves import areas, aulc, chosen, mean_areas, mean_curves, read_runs
from tests.stimuli.sal.results.finished_runs import leave_run

ACCURACY = {("b1", 0): [0.1, 0.3, 0.5], ("b1", 1): [0.3, 0.5, 0.7], ("sal", 0): [0.2, 0.2, 0.6]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three finished runs, and one that is not."""
    for (scenario, seed), accuracy in ACCURACY.items():
        run = {"scenario": scenario, "seed": seed}
        leave_run(tmp_path / f"{scenario}{seed}", accuracy, dataset={"adaptor": "cub"}, **run)
    (tmp_path / "unfinished").mkdir()
    (tmp_path / "unfinished/curve.csv").write_text("labelled_share,accuracy\n")
    return tmp_path


def test_a_round_of_each_finished_run_is_a_row_with_what_tells_runs_apart(folder: Path) -> None:
    rounds = read_runs(folder)
    assert len(rounds) == 9
    assert set(rounds["scenario"]) == {"b1", "sal"}
    assert rounds["criterion"].unique().tolist() == ["margin"]


def test_runs_of_two_folders_of_photos_are_two_data_sets(folder: Path) -> None:
    """Those of before data sets had names are one, called by its adaptor."""
    for name in ("cats", "dogs"):
        shutil.copytree(folder / "b10", folder / name / "b10")
        path = folder / name / "b10/run.json"
        facts = json.loads(path.read_text())
        facts["experiment"]["dataset"] = {"adaptor": "folder", "name": name}
        path.write_text(json.dumps(facts))
    means = mean_curves(read_runs(folder))
    assert set(means["dataset"]) == {"cub", "cats", "dogs"}
    assert set(means.loc[means["dataset"] == "cats", "n"]) == {1}


def test_means_and_deviations_are_those_of_seeds(folder: Path) -> None:
    """The standard deviation of .1 and .3 with ddof 1 is the square root of .02."""
    curves = mean_curves(read_runs(folder)).set_index(["scenario", "score", "labelled_share"])
    first = curves.loc["b1", "accuracy", 0.2]
    assert (first["mean"], first["std"], first["n"]) == pytest.approx((0.2, 0.02**0.5, 2))
    alone = curves.loc["sal", "ai_mask_dice", 1.0]
    assert (alone["mean"], alone["n"]) == (0.9, 1)
    assert np.isnan(alone["std"])


def test_areas_by_hand(folder: Path) -> None:
    """Of b1, seed 0: (.2 x .2 + .4 x .6) / .8 = .35; one run has no deviation."""
    by_run = areas(read_runs(folder)).set_index(["scenario", "seed"])
    assert by_run["aulc_accuracy"].tolist() == pytest.approx([0.35, 0.55, 0.35])
    assert by_run["aulc_dice"].tolist() == pytest.approx([0.175, 0.275, 0.175])
    means = mean_areas(by_run.reset_index()).set_index(["scenario", "score"])
    b1 = means.loc["b1", "aulc_accuracy"]
    assert (b1["mean"], b1["std"], b1["n"]) == pytest.approx((0.45, 0.02**0.5, 2))


@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=8), st.floats(0, 1))
def test_a_constant_curve_has_its_own_value_wherever_its_points_lie(
    steps: list[float], value: float
) -> None:
    shares = pd.Series(np.cumsum(steps))
    assert aulc(shares, shares * 0 + value) == pytest.approx(value)


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3), st.integers(0, 99))
def test_an_area_lies_between_the_lowest_and_the_highest_point(
    values: list[float], seed: int
) -> None:
    shares = pd.Series(np.cumsum(np.random.default_rng(seed).random(3) + 0.01))
    assert min(values) - 1e-9 <= aulc(shares, pd.Series(values)) <= max(values) + 1e-9


def test_a_point_alone_has_no_area() -> None:
    assert np.isnan(aulc(pd.Series([0.2]), pd.Series([0.5])))


def test_runs_are_chosen_by_what_is_in_their_columns(folder: Path) -> None:
    rounds = read_runs(folder)
    assert len(chosen(rounds, {"criterion": (), "scenario": ("sal", "b1")})) == 9
    assert set(chosen(rounds, {"criterion": ("margin",), "scenario": ("b1",)})["seed"]) == {0, 1}


def test_names_that_no_run_has_are_refused_with_what_there_is(folder: Path) -> None:
    with pytest.raises(ExperimentError) as caught:
        chosen(read_runs(folder), {"criterion": ("margin", "badge"), "scenario": ("tait",)})
    assert caught.value.problems == (
        "no finished run has the criterion 'badge'; choose of margin",
        "no finished run has the scenario 'tait'; choose of b1, sal",
    )


def test_names_that_no_run_has_at_once_are_refused(folder: Path) -> None:
    rounds = read_runs(folder)
    rounds.loc[rounds["scenario"] == "sal", "criterion"] = "random"
    with pytest.raises(ExperimentError, match="has all of it at once"):
        chosen(rounds, {"criterion": ("margin",), "scenario": ("sal",)})


def test_runs_that_no_column_tells_apart_are_refused(folder: Path) -> None:
    """Of one seed, but with another option: their mean would be one of two seeds."""
    shutil.copytree(folder / "b10", folder / "mse/b10")
    facts = json.loads((folder / "mse/b10/run.json").read_text())
    facts["experiment"]["loss"]["saliency"] = "mse"
    (folder / "mse/b10/run.json").write_text(json.dumps(facts))
    with pytest.raises(ExperimentError) as caught:
        read_runs(folder)
    (problem,) = caught.value.problems
    sentence = f"{folder}/mse/b10 and {folder}/b10 are runs of one seed that no column tells apart"
    assert problem.startswith(sentence)


def test_a_folder_without_a_finished_run_says_so(tmp_path: Path) -> None:
    with pytest.raises(ExperimentError, match="holds no finished run"):
        read_runs(tmp_path)
