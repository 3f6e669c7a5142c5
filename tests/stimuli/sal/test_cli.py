"""The commands of saliency training: places are tried before a picture is read."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from stimuli.destination import reserved
from stimuli.sal.cli import main

EXPERIMENT = """
[dataset]
adaptor = "folder"
[model]
backbone = "tiny"
weights = "none"
[training]
epochs = 1
[grid]
scenarios = ["b1"]
seeds = 1
"""


def call(command: str, folder: Path, out: Path) -> Result:
    """Of a data set that is not there."""
    (folder / "config.toml").write_text(EXPERIMENT)
    options = ("--data", folder / "nowhere", "--out", out)
    return CliRunner().invoke(main, [command, *map(str, (folder / "config.toml", *options))])


@pytest.mark.parametrize("command", ["run", "grid", "masks"])
def test_a_place_that_cannot_be_written_is_refused_before_a_picture_is_read_33(
    command: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    result = call(command, tmp_path, tmp_path / "file" / "out")
    assert result.exit_code == 1, result.output
    assert "cannot be written (Not a directory)" in result.output
    assert "1 problem\n" in result.output


@pytest.mark.parametrize("command", ["run", "grid"])
def test_two_commands_do_not_write_into_one_place_33(command: str, tmp_path: Path) -> None:
    with reserved(tmp_path / "out"):
        result = call(command, tmp_path, tmp_path / "out")
    assert result.exit_code == 1, result.output
    assert "another command is at work there" in result.output
    after = call(command, tmp_path, tmp_path / "out")
    assert "labels.csv: there is none" in after.output
    assert not (tmp_path / ".out.lock").exists()
