"""The stimuli of a bundle by cell, and how often each cell occurs in its pool."""

import csv
from collections import Counter
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from analysis.export.digest import sha256_of
from analysis.power.design import BINS, NATURAL, Cell
from analysis.problems import ExportError, validation_problems

CHECKSUMS = "SHA256SUMS"
POOL = "test"  # the split of pool.csv that stimuli are drawn from


class BundleRow(BaseModel):
    """A row of a bundle, of which a part is needed."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class StimulusRow(BundleRow):
    """A row of stimuli.jsonl."""

    stimulus_id: str
    phase: str
    kind: Literal["natural", "adversarial", "flipped"]
    attacked: tuple[str, ...] = ()


class PredictionRow(BundleRow):
    """A row of predictions.jsonl."""

    stimulus_id: str
    classifier: str
    right: bool
    bin: Literal["easy", "medium", "hard"] | None


class PoolRow(BundleRow):
    """A row of pool.csv."""

    split: str
    classifier: str
    right: bool
    bin: Literal["easy", "medium", "hard", ""]


Row = TypeVar("Row", bound=BundleRow)


def digest_of_bundle(folder: Path) -> str:
    """The digest that exports name: of the list of checksums."""
    return sha256_of(folder / CHECKSUMS)


def bundle_cells(folder: Path, classifier: str) -> tuple[Cell, ...]:
    """The test stimuli by kind, bin and whether the AI is right, as the first classifier sees them.

    Args:
        folder: of the bundle.
        classifier: by whose bins natural stimuli were chosen; perturbed ones are binned as the
            first classifier sees them that they were made against.

    Raises:
        ExportError: if a file is missing or is none of a bundle.
    """
    seen = {
        (p.stimulus_id, p.classifier): p for p in _lines(folder, "predictions.jsonl", PredictionRow)
    }
    counts: Counter[tuple[str, bool, str]] = Counter()
    for stimulus in _lines(folder, "stimuli.jsonl", StimulusRow):
        by = stimulus.attacked[0] if stimulus.attacked else classifier
        if stimulus.phase != "test":
            continue
        if (stimulus.stimulus_id, by) not in seen:
            problem = f"predictions.jsonl: {by} says nothing of {stimulus.stimulus_id}"
            raise ExportError(str(folder), [f"{problem}; give the bundle of this study file"])
        prediction = seen[stimulus.stimulus_id, by]
        counts[stimulus.kind, prediction.right, prediction.bin or ""] += 1
    weights = natural_weights(folder, classifier)
    return tuple(
        Cell(
            kind=kind,
            ai_right=right,
            bin=name,
            n_stimuli=n,
            weight=weights.get((right, name), 0.0) if kind == NATURAL else float("nan"),
        )
        for (kind, right, name), n in sorted(counts.items(), key=in_order)
    )


def in_order(count: tuple[tuple[str, bool, str], int]) -> tuple[bool, str, bool, int]:
    """Natural stimuli first, then by kind; AI right before wrong, easy before hard."""
    (kind, right, name), _ = count
    return kind != NATURAL, kind, not right, (*BINS, "").index(name)


def natural_weights(folder: Path, classifier: str) -> dict[tuple[bool, str], float]:
    """How often each of the six bins occurs among all images of the pool that lie in one."""
    with (folder / "pool.csv").open(encoding="utf-8", newline="") as file:
        rows = [_read(PoolRow, row, folder, "pool.csv") for row in csv.DictReader(file)]
    own = [r for r in rows if r.split == POOL and r.classifier == classifier and r.bin]
    counts = Counter((row.right, row.bin) for row in own)
    return {cell: n / len(own) for cell, n in counts.items()}


def _lines(folder: Path, name: str, model: type[Row]) -> list[Row]:
    if not (folder / name).is_file():
        raise ExportError(str(folder), [f"{name}: is missing; give the folder of a bundle"])
    lines = (folder / name).read_text("utf-8").splitlines()
    return [_read(model, line, folder, name) for line in lines]


def _read(model: type[Row], row: str | dict[str, str], folder: Path, name: str) -> Row:
    try:
        return model.model_validate_json(row) if isinstance(row, str) else model(**row)
    except ValidationError as error:
        raise ExportError(str(folder), validation_problems(error, file=name)) from None
