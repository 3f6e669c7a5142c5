"""Reading and writing the files of a bundle: checksums, JSON lines, and the pool's CSV."""

import csv
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from stimuli.problems import validation_problems
from stimuli.study.offline import Facts

SUMS = "SHA256SUMS"

Record = TypeVar("Record", bound=Facts)


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder, but for the list of sums itself, by relative path."""
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != SUMS)
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files
    }


def write_sums(folder: Path) -> None:
    """Write `SHA256SUMS`, in the form that `sha256sum --check` reads."""
    lines = [f"{digest}  {path}\n" for path, digest in sorted(checksums(folder).items())]
    (folder / SUMS).write_text("".join(lines), "utf-8")


def listed_sums(folder: Path) -> dict[str, str]:
    """The sums as `SHA256SUMS` lists them, by relative path."""
    lines = (folder / SUMS).read_text("utf-8").splitlines()
    return {path: digest for digest, _, path in (line.partition("  ") for line in lines)}


def file_problems(folder: Path, required: Sequence[str]) -> list[str]:
    """Missing, changed and unlisted files; a folder without sums is a build that never ended."""
    if not folder.is_dir():
        return ["there is no such folder; build it with `python -m stimuli build`"]
    if not (folder / SUMS).is_file():
        return [f"{SUMS} is missing: no bundle, or one whose build was cut off; build again"]
    listed, actual = listed_sums(folder), checksums(folder)
    missing = {*listed, *required} - actual.keys()
    changed = {path for path in listed.keys() & actual.keys() if listed[path] != actual[path]}
    return [
        *(f"{path}: is missing; build again" for path in sorted(missing)),
        *(f"{path}: differs from its checksum; build again" for path in sorted(changed)),
        *(
            f"{path}: is no part of the bundle; remove it"
            for path in sorted(actual.keys() - listed)
        ),
    ]


def parse(
    model: type[Record], data: str | Mapping[str, object], problems: list[str], *, where: str
) -> Record | None:
    """One record from JSON text or a mapping of strings; what is wrong is added to `problems`."""
    try:
        if isinstance(data, str):
            return model.model_validate_json(data)
        return model.model_validate(data)
    except ValidationError as error:
        problems += validation_problems(error, where=f"{where}: ")
        return None


def write_rows(path: Path, rows: Iterable[Facts]) -> None:
    """Write JSON lines."""
    path.write_text("".join(row.model_dump_json() + "\n" for row in rows), "utf-8")


def read_rows(path: Path, model: type[Record], problems: list[str]) -> tuple[Record, ...]:
    """Read JSON lines; problems name their line."""
    lines = enumerate(path.read_text("utf-8").splitlines(), start=1)
    rows = [parse(model, text, problems, where=f"{path.name} line {n}") for n, text in lines]
    return tuple(row for row in rows if row is not None)


def write_table(path: Path, model: type[Facts], rows: Iterable[Facts]) -> None:
    """Write a CSV file with a column for each field; yes and no are 1 and 0."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(model.model_fields), lineterminator="\n")
        writer.writeheader()
        for row in rows:
            cells = row.model_dump(mode="json").items()
            writer.writerow({k: int(v) if isinstance(v, bool) else v for k, v in cells})


def read_table(path: Path, model: type[Record], problems: list[str]) -> tuple[Record, ...]:
    """Read a CSV file with a header; problems name their line."""
    # People edit such files with spreadsheets, some of which write a byte order mark.
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, restkey="more cells than the header", restval="")
        rows = [
            parse(model, row, problems, where=f"{path.name} line {reader.line_num}")
            for row in reader
        ]
    return tuple(row for row in rows if row is not None)
