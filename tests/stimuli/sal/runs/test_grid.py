"""Grids as commands: in parallel as one by one, and killed and begun again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner

from stimuli.cache import Cache
from stimuli.sal.cli import main
from stimuli.sal.experiment_file import read_experiment
from stimuli.sal.runs.combinations import combinations
from stimuli.sal.runs.preparation import new_context, open_data
from stimuli.sal.runs.progress import read_progress
from stimuli.sal.runs.run_folder import run
from tests.lab import kill_once, start_python
from tests.stimuli.sal.runs.test_run_folder import CONFIG

GRID = (
    CONFIG.replace("[0.2, 0.4, 0.6, 0.8, 1.0]", "[0.2, 0.4, 1.0]")
    + '[grid]\nscenarios = ["b2", "sal"]\nseeds = 2\n'
)
NAMES = {f"{scenario}-margin-seed{seed}" for scenario in ("b2", "sal") for seed in (0, 1)}


def command(photos: Path) -> list[str]:
    """The arguments of a grid in the current folder, in two processes."""
    arguments = ["grid", "config.toml", "--out", "out", "--data", str(photos)]
    return [*arguments, "--workers", "2"]


def one_by_one(photos: Path, folder: Path) -> None:
    """All runs of the grid in this process."""
    torch.set_num_threads(1)
    (folder / "config.toml").write_text(GRID)
    cache = Cache(folder=folder / "cache")
    for name, experiment in combinations(read_experiment(folder / "config.toml")).items():
        run(new_context(experiment, data=photos, masks=None, cache=cache), folder / "out" / name)


def a_run_is_done() -> bool:
    return any(Path("out").glob("*/run.json"))


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for name in ("curve.csv", "run.json")
        for path in sorted(folder.glob(f"*/{name}"))
    }


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Restores how many there were."""
    n_threads = torch.get_num_threads()
    yield
    torch.set_num_threads(n_threads)


@pytest.mark.slow
@pytest.mark.usefixtures("one_thread")
def test_a_grid_that_was_killed_ends_with_the_files_of_a_serial_one_that_was_not(
    colour_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "serial").mkdir()
    one_by_one(colour_folder, tmp_path / "serial")
    monkeypatch.chdir(tmp_path)
    Path("config.toml").write_text(GRID)
    kill_once(a_run_is_done, start_python("-m", "stimuli.sal", *command(colour_folder)))
    result = CliRunner().invoke(main, command(colour_folder))
    assert result.exit_code == 0, result.output
    expected = files(tmp_path / "serial/out")
    assert files(tmp_path / "out") == expected
    assert {Path(name).parts[0] for name in expected} == NAMES
    runs, seconds = read_progress(tmp_path / "out")
    assert {run.n_done for run in runs} == {3}
    assert seconds in (0, None)
    table = CliRunner().invoke(main, ["show", "out"]).stdout
    assert "4 of 4 runs finished" in table
    assert "sal-margin-seed1" in table


@pytest.mark.slow
def test_runs_are_begun_in_order_the_longest_first(
    colour_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One process does one after the other."""
    monkeypatch.chdir(tmp_path)
    open_data.cache_clear()  # the cache lies below the current folder, which is another one
    scenarios = '["no_ai", "b2", "single", "sal", "tait"]'
    Path("config.toml").write_text(GRID.replace('["b2", "sal"]', scenarios))
    result = CliRunner().invoke(main, [*command(colour_folder)[:-1], "1"])
    assert result.exit_code == 0, result.output
    ends = {path.parent.name: path.stat().st_mtime_ns for path in Path("out").glob("*/run.json")}
    expected = list(combinations(read_experiment(Path("config.toml"))))
    assert sorted(ends, key=ends.__getitem__) == expected
    assert expected[:2] == ["sal-margin-seed0", "sal-margin-seed1"]


def test_what_is_no_grid_cannot_be_shown(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["show", str(tmp_path)])
    assert result.exit_code == 1
    assert "holds no grid; give the --out of `grid`" in result.stderr


@pytest.mark.slow
def test_a_run_that_fails_is_named_after_all_others_are_done(
    colour_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a learning rate under which the loss is soon no number."""
    monkeypatch.chdir(tmp_path)
    open_data.cache_clear()  # the cache lies below the current folder, which is another one
    text = GRID.replace("learning_rate = 0.01", "learning_rate = 1e30")
    Path("config.toml").write_text(text.replace("seeds = 2", "seeds = 1"))
    result = CliRunner().invoke(main, command(colour_folder))
    assert result.exit_code == 1
    for name in ("b2-margin-seed0", "sal-margin-seed0"):
        assert f"  - {name}: the loss of the batch with " in result.stderr
