"""Prolific's list of submissions, as tests need it."""

import csv
from pathlib import Path

HEADER = (
    *("Submission id", "Participant id", "Status", "Started at", "Completed at", "Time taken"),
    *("Completion code", "Total approvals", "Fluent languages", "Age", "Sex"),
)


def listed(folder: Path, *rows: dict[str, str], header: tuple[str, ...] = HEADER) -> Path:
    """A list of submissions as Prolific writes it, with what a row does not say left empty."""
    path = folder / "prolific_export.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, header, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def row(number: int, status: str, **more: str) -> dict[str, str]:
    """The submission of a person with this number."""
    return {
        "Submission id": f"session{number}",
        "Participant id": f"{number:024x}",
        "Status": status,
        "Started at": "2026-03-14T09:26:53.589000Z",
        "Completion code": "CDONE123" if status == "AWAITING REVIEW" else "NOCODE",
    } | more
