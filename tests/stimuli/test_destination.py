"""Where a command writes: tried before any work, and kept from other commands."""

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stimuli.destination import DestinationError, destination_problems, reserved
from tests.lab import ROOT


def test_a_folder_that_can_be_written_is_left_as_it_was_33(tmp_path: Path) -> None:
    assert destination_problems(tmp_path / "a" / "b", is_new=True) == []
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "curve.csv").write_text("")
    assert destination_problems(tmp_path / "run") == []
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["curve.csv"]


def test_a_folder_that_is_there_is_no_new_one_33(tmp_path: Path) -> None:
    (problem,) = destination_problems(tmp_path, is_new=True)
    assert "is there already; remove it or choose another --out" in problem


def test_a_folder_below_a_file_cannot_be_written_33(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (problem,) = destination_problems(tmp_path / "file" / "out", is_new=True)
    assert "cannot be written (Not a directory)" in problem


def test_a_folder_that_nobody_may_write_cannot_be_written_33() -> None:
    (problem,) = destination_problems(Path("/proc/out"), is_new=True)
    assert "--out /proc/out: cannot be written" in problem


def _try(out: Path, found: "multiprocessing.Queue[str]") -> None:
    try:
        with reserved(out):
            found.put("has it")
    except DestinationError as error:
        found.put(str(error))


def test_a_second_command_is_kept_from_a_folder_until_the_first_ends_33(tmp_path: Path) -> None:
    out, context = tmp_path / "bundle", multiprocessing.get_context("fork")
    found = context.Queue()
    with reserved(out):
        other = context.Process(target=_try, args=(out, found))
        other.start()
        assert "another command is at work there; wait for it" in found.get(timeout=30)
        other.join()
    assert list(tmp_path.iterdir()) == []
    _try(out, found)
    assert found.get(timeout=30) == "has it"


def test_a_command_that_was_killed_keeps_nobody_from_a_folder_33(tmp_path: Path) -> None:
    """The lock file is left, and the lock is not."""
    code = (
        "import os, sys; from pathlib import Path; from stimuli.destination import reserved\n"
        "with reserved(Path(sys.argv[1])): os._exit(9)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "bundle")]
    assert subprocess.run(command, cwd=ROOT, env=os.environ, check=False).returncode == 9
    assert [path.name for path in tmp_path.iterdir()] == [".bundle.lock"]
    with reserved(tmp_path / "bundle"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_what_fails_inside_frees_the_folder_33(tmp_path: Path) -> None:
    with pytest.raises(KeyError), reserved(tmp_path / "bundle"):
        raise KeyError
    assert list(tmp_path.iterdir()) == []
