"""A file of plain trials as it is imported, with the map of its columns."""

from pathlib import Path

from analysis.export.write import write_import
from analysis.trials.conversion import read_trials

PLAIN = """
[study]
name = "plain"
title = "Plain"
[columns]
participant = "who"
condition = "group"
stimulus = "image"
ai_right = "ai_right"
decision = "decision"
"""


def imported(folder: Path, csv: str, toml: str = PLAIN) -> Path:
    (folder / "answers.csv").write_text(csv, "utf-8")
    (folder / "map.toml").write_text(toml, "utf-8")
    return write_import(read_trials(folder / "answers.csv", folder / "map.toml"), folder / "export")
