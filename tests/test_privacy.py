"""No list of people from a panel lies in the repository: such accidents have happened to others."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab import ROOT

# As Prolific writes its participants and submissions.
PANEL_ID = re.compile(r"(?<!\w)[0-9a-f]{24}(?!\w)")


def tables() -> Iterator[Path]:
    """Files of the repository that may be lists."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "*.csv", "*.tsv", "*.txt"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return (ROOT / name for name in listed.split("\0") if name)


def ids_of_people(path: Path) -> list[str]:
    """What looks like an id of a panel in a table."""
    return PANEL_ID.findall(path.read_text("utf-8"))


def test_no_table_of_the_repository_names_people_of_a_panel() -> None:
    found = {path.relative_to(ROOT).as_posix(): ids_of_people(path) for path in tables()}
    assert len(found) > 10
    assert {name for name, ids in found.items() if ids} == set()


@pytest.mark.parametrize("separator", [",", "\t"])
def test_a_list_of_people_would_be_found(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "prolific_export_5f9b.csv"
    rows = (("Submission id", "Participant id"), ("one", "5f9b2c1e0a7d4e3b8c6f1a20"))
    path.write_text("\ufeff" + "\n".join(map(separator.join, rows)), "utf-8")
    assert ids_of_people(path) == ["5f9b2c1e0a7d4e3b8c6f1a20"]
