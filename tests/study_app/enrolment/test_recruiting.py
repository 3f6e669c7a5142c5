"""Waves that are never pooled."""

import csv
import json


def exported(study, folder, *options):
    """The wave of an export, and its participants."""
    study("export", folder, *options)
    with (folder / "participants.csv").open(encoding="utf-8", newline="") as file:
        participants = [row["participant_id"] for row in csv.DictReader(file)]
    return json.loads((folder / "export.json").read_text("utf-8"))["wave"], participants


def test_an_export_holds_one_wave(another_visitor, study, tools, app, tmp_path):
    study("recruit", "pilot")
    another_visitor().start()
    study("recruit", "main")
    another_visitor().start()
    pilot, main = (participant.participant_id for participant in tools.participants(app))
    assert exported(study, tmp_path / "main") == ("main", [main])
    assert exported(study, tmp_path / "pilot", "--wave", "pilot") == ("pilot", [pilot])
