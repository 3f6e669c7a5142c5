"""Grids drawn together, as a command."""

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from stimuli.sal.cli import main
from tests.stimuli.sal.results.finished_runs import leave_run

TABLES = {"rounds.csv", "curves.csv", "areas_by_run.csv", "areas.csv", "differences.csv"}
FIGURES = {f"{name}.{kind}" for name in ("dice", "accuracy", "areas") for kind in ("svg", "png")}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two grids of two scenarios and two seeds: birds, and flowers with another criterion."""
    monkeypatch.chdir(tmp_path)
    for dataset, criterion in (("cub", "margin"), ("flowers", "random")):
        for scenario, level in (("b1", 0.4), ("sal", 0.5)):
            for seed in range(2):
                accuracy = [level, level + 0.1 * seed, 0.7]
                run = {"scenario": scenario, "seed": seed, "criterion": criterion}
                out = tmp_path / dataset / f"{scenario}{seed}"
                leave_run(out, accuracy, dataset={"adaptor": dataset}, **run)
    return tmp_path


def curves(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["curves", *arguments])


@pytest.mark.slow
def test_one_grid_is_drawn_into_its_own_folder_and_the_same_again(folder: Path) -> None:
    results = [curves("cub")]
    files = {path.name: path.read_bytes() for path in (folder / "cub/curves").iterdir()}
    results.append(curves("cub"))
    assert [r.exit_code for r in results] == [0, 0], results[0].output
    assert set(files) == TABLES | FIGURES
    assert {p.name: p.read_bytes() for p in (folder / "cub/curves").iterdir()} == files
    assert "SAL - B1: area under Dice +0.0" in results[0].stdout


@pytest.mark.slow
def test_several_grids_are_drawn_together_where_they_are_asked_to(folder: Path) -> None:
    result = curves("cub", "flowers", "--out", "all/figures")
    assert result.exit_code == 0, result.output
    rounds = pd.read_csv("all/figures/rounds.csv")
    assert rounds.groupby("dataset").size().to_dict() == {"cub": 12, "flowers": 12}
    assert "cub, margin" in Path("all/figures/dice.svg").read_text()
    assert not (folder / "cub/curves").exists()


def test_several_grids_need_a_folder_to_be_drawn_into(folder: Path) -> None:
    result = curves("cub", "flowers")
    assert result.exit_code == 1
    assert "several folders are drawn into one; add --out DIR" in result.stderr


@pytest.mark.slow
def test_only_the_chosen_runs_are_drawn(folder: Path) -> None:
    result = curves(".", "--dataset", "cub", "--scenario", "sal", "--scenario", "b1", "--out", "o")
    assert result.exit_code == 0, result.output
    assert set(pd.read_csv("o/rounds.csv")["dataset"]) == {"cub"}


def test_a_choice_of_what_is_not_there_is_refused_with_what_is(folder: Path) -> None:
    result = curves(".", "--criterion", "badge", "--probe", "cam", "--dataset", "food201")
    assert result.exit_code == 1
    assert "no finished run has the criterion 'badge'; choose of margin, random" in result.stderr
    assert "no finished run has the dataset 'food201'; choose of cub, flowers" in result.stderr
    assert not Path("curves").exists()


def test_a_folder_without_a_finished_run_says_so(tmp_path: Path) -> None:
    result = curves(str(tmp_path))
    assert result.exit_code == 1
    assert "holds no finished run" in result.stderr
