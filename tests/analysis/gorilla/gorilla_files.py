"""Task files as Gorilla writes them, of an invented study, and their import."""

import csv
from collections.abc import Iterable
from pathlib import Path

from click.testing import CliRunner

from analysis.gorilla.__main__ import main


def imported(files: Iterable[Path], out: Path, *more: object) -> Path:
    arguments = [*map(str, files), "--out", str(out), *map(str, more)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return out


LABELS = {"n00000001": "junco", "n00000002": "NA", "n00000003": "maypole"}


def picture(predicted: int, true: int, per_cent: int, number: int, *, adversarial: bool = False):
    extra = "_19_13" if adversarial else ""
    return (
        f"n{predicted:08d}_ILSVRC2012_val_{number:08d}_n{true:08d}{extra}_{per_cent}.jpeg",
        "Yes" if predicted == true else "No",
        f"# Have you ever seen a **{LABELS[f'n{predicted:08d}']}** before?",
    )


# Two sets of three pictures each; the second has an adversarial one.
SETS = {
    "1": [picture(1, 1, 90, 1), picture(2, 1, 45, 2), picture(3, 3, 12, 3)],
    "2": [picture(1, 2, 85, 4), picture(2, 2, 40, 5), picture(3, 1, 20, 6, adversarial=True)],
}
CHECKS = [  # validation pictures, with other names
    ("n00000001_n00000001_7_n00000001_96.jpeg", "Yes", "a **junco** before?"),
    ("n00000003_n00000002_8_n00000002_31.jpeg", "No", "a **maypole** before?"),
]
HEADER = [
    *("Event Index", "UTC Timestamp", "Participant Public ID", "Participant Private ID"),
    *("Participant Status", "Task Name", "counterbalance-sf1", "counterbalance-other"),
    *("didyouknow", "Spreadsheet Row", "Trial Number", "Screen Name", "Zone Type"),
    *("Reaction Time", "Response", "Correct", "display", "ANSWER", "didyouknow", "file_name"),
    *(f"{name}{k}" for name in ("answer", "file_name", "didyouknow") for k in SETS),
]


class Task:
    """A Gorilla task file, row by row."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[list[str]] = []

    def begin(self, participant: str, chosen: str, status: str = "complete") -> None:
        self.who = {
            "Participant Public ID": f"au{participant}",
            "Participant Private ID": participant,
            "Participant Status": status,
            "counterbalance-sf1": chosen,
        }
        self.event, self.clock = 0, 1_600_000_000_000
        self._add({"Trial Number": "BEGIN TASK"})

    def trial(self, display: str, row: int, seen: str, answer: str, sheet: dict[str, str]) -> None:
        for screen, response in (("Screen 1", seen), ("Screen 2", ""), ("Screen 3", answer)):
            cells = {"Screen Name": screen, "Response": response, "Reaction Time": "1500.5"}
            self._add({"display": display, "Spreadsheet Row": str(row), **cells, **sheet})

    def validation(self, answers: Iterable[str]) -> None:
        for row, (answer, (file, right, label)) in enumerate(zip(answers, CHECKS, strict=True), 5):
            sheet = {"file_name": file, "ANSWER": right, "didyouknow.1": label}
            self.trial("Validation", row, "No", answer, sheet)

    def test(self, answers: Iterable[str], seen: str = "Yes") -> None:
        for i, answer in enumerate(answers):
            sheet = {}
            for k, pictures in SETS.items():
                file, right, label = pictures[i]
                sheet |= {f"file_name{k}": file, f"answer{k}": right, f"didyouknow{k}": label}
            self.trial("Trial", 15 + i, seen, answer, sheet)

    def end(self, minutes: float) -> None:
        self.clock += 1000
        self._add({"Trial Number": "END TASK", "Reaction Time": str(60_000 * minutes)})

    def loading_delay(self) -> None:
        self._add({"Zone Type": "LOADING DELAY", "Screen Name": "Screen 3", "Response": "A delay"})

    def write(self, path: Path) -> Path:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([HEADER, *self.rows, ["END OF FILE"]])
        return path

    def _add(self, cells: dict[str, str]) -> None:
        self.event += 1
        self.clock += 1600
        known = {
            "Event Index": str(self.event),
            "UTC Timestamp": str(self.clock),
            "Task Name": self.name,
            "Correct": "0",
            **self.who,
            **cells,
        }
        names = [f"{name}.1" if name in HEADER[:i] else name for i, name in enumerate(HEADER)]
        self.rows.append([known.get(name, "") for name in names])
