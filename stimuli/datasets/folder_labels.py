"""The labels of a photo folder and its classes: read, with everything that is wrong in them."""

import csv
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from tqdm import tqdm

from stimuli.datasets.base import Box, Split
from stimuli.datasets.imagenet.synsets import index_of_wnid, synsets
from stimuli.datasets.picture_files import size_of

LABELS = "labels.csv"
COLUMNS = {"image", "label", "class_index", "wnid", "mask", "boxes", "split"}
BOXES = TypeAdapter(tuple[Box, ...])


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelRow:
    """A row of `labels.csv`.

    Attributes:
        where: file and line, for messages.
        source: the image as the file names it.
        index: the class index, or None where the label is the key.
        wnid: WordNet id of the class, where the file has it; `index` is then that of ILSVRC 2012.
    """

    where: str
    source: str
    label: str
    index: int | None
    image: Path
    mask: Path | None
    boxes: tuple[Box, ...]
    split: Split | None
    wnid: str | None = None

    @property
    def key(self) -> str:
        """What tells classes apart."""
        return self.label if self.index is None else str(self.index)


def read_labels(folder: Path, problems: list[str], *, table: str = LABELS) -> list[LabelRow]:
    """Read `labels.csv`, which messages call `table`; what is wrong is added to `problems`."""
    path = folder / LABELS
    if not path.is_file():
        problems.append(f"{table}: there is none in {folder}; add it, with columns image, label")
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        columns = reader.fieldnames or []
        missing = [name for name in ("image", "label") if name not in columns]
        unknown = sorted(set(columns) - COLUMNS)
        problems += [f"{table}: has no column {name!r}; add it" for name in missing]
        problems += [
            f"{table}: column {name!r} is not known; remove or rename it" for name in unknown
        ]
        if missing or unknown:
            return []
        rows = [
            _row(folder, f"{table} line {line}", cells, problems)
            for line, cells in enumerate(reader, start=2)
        ]
    if not rows:
        problems.append(f"{table}: holds no image; add rows")
    valid = [row for row in rows if row]
    problems += _contradictions(valid, table)
    return valid


def _row(
    folder: Path, where: str, cells: Mapping[str, str | None], problems: list[str]
) -> LabelRow | None:
    before = len(problems)
    cell = {name: (value or "").strip() for name, value in cells.items() if name}
    for name in ("image", "label"):
        if not cell[name]:
            problems.append(f"{where}: {name} is empty; fill it in")
    if cell.get("split", "") not in ("", *Split):
        problems.append(f"{where}: split {cell['split']!r} is none of {', '.join(Split)}")
    boxes: tuple[Box, ...] = ()
    try:
        boxes = BOXES.validate_json(cell["boxes"]) if cell.get("boxes") else ()
    except ValidationError:
        problems.append(
            f"{where}: boxes {cell['boxes']!r} are not [[x0, y0, x1, y1], ...]; correct them"
        )
    index = _index(cell, where, problems)
    if len(problems) > before:
        return None
    mask = cell.get("mask")
    return LabelRow(
        where=where,
        source=cell["image"],
        label=cell["label"],
        index=index,
        wnid=cell.get("wnid"),
        image=_find(folder, "images", cell["image"]),
        mask=_find(folder, "masks", mask) if mask else None,
        boxes=boxes,
        split=Split(cell["split"]) if cell.get("split") else None,
    )


def _index(cell: Mapping[str, str], where: str, problems: list[str]) -> int | None:
    """The class index that a row gives, or that its WordNet id has."""
    text, wnid = cell.get("class_index"), cell.get("wnid")
    if text is not None and not text.isdigit():
        problems.append(f"{where}: class_index {text!r} is no whole number from 0")
        return None
    if wnid is None:
        return int(text) if text is not None else None
    index = index_of_wnid().get(wnid)
    if index is None:
        problems.append(f"{where}: wnid {wnid!r} is none of the 1000 of ILSVRC 2012")
    elif text is not None and int(text) != index:
        problems.append(f"{where}: class_index {text} is not that of {wnid}, which is {index}")
    return index


def _find(folder: Path, inner: str, name: str) -> Path:
    return folder / name if (folder / name).is_file() else folder / inner / name


def _contradictions(rows: Sequence[LabelRow], table: str) -> list[str]:
    """Images that stand there more than once, and class indices of two labels."""
    problems = [
        f"{table}: {source} stands there {count} times; keep one row"
        for source, count in Counter(row.source for row in rows).items()
        if count > 1
    ]
    labels: dict[int, str] = {}
    for row in rows:
        if row.index is not None and labels.setdefault(row.index, row.label) != row.label:
            problems.append(
                f"{row.where}: class_index {row.index} is {labels[row.index]!r} "
                f"above and {row.label!r} here; give each class one label"
            )
    return problems


def read_classes(folder: Path, problems: list[str]) -> dict[str, dict[str, str]] | None:
    """Read `classes.json` or `classes.csv`: facts by label or class index; None for neither."""
    as_json, as_csv = folder / "classes.json", folder / "classes.csv"
    try:
        if as_json.is_file():
            facts = json.loads(as_json.read_text("utf-8-sig"))
            return {str(key): dict(value) for key, value in facts.items()}
        if as_csv.is_file():
            with as_csv.open(encoding="utf-8-sig", newline="") as file:
                reader = csv.DictReader(file)
                key = "class_index" if "class_index" in (reader.fieldnames or []) else "label"
                return {row[key]: dict(row) for row in reader}
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        problems.append(
            "classes: the file must map a label or class_index to its description; "
            f"it does not ({type(error).__name__}: {error})"
        )
    return None


def wordnet_classes() -> dict[str, dict[str, str]]:
    """The facts of the 1000 classes of ILSVRC 2012 by class index, as `read_classes` gives them."""
    infos = [synset.info for synset in synsets()]
    return {
        str(index): {"name": info.name, "description": info.description}
        for index, info in enumerate(infos)
    }


def picture_problems(rows: Sequence[LabelRow]) -> list[str]:
    """Decode every image and mask: unreadable ones, masks of another size, boxes outside."""
    with ThreadPoolExecutor() as pool:
        checks = tqdm(
            pool.map(_row_picture_problems, rows),
            total=len(rows),
            desc="checking",
            unit="img",
            leave=False,
        )
        return [problem for problems in checks for problem in problems]


def _row_picture_problems(row: LabelRow) -> list[str]:
    where = row.where
    size = size_of(row.image, whole=True)
    if size is None:
        return [f"{where}: image {row.image} is missing or unreadable; replace it or its row"]
    width, height = size
    problems = [
        f"{where}: box {list(box)} does not lie inside the image of {width} x {height}"
        for box in row.boxes
        if not (0 <= box[0] < box[2] <= width and 0 <= box[1] < box[3] <= height)
    ]
    if row.mask is not None:
        mask_size = size_of(row.mask, whole=True)
        if mask_size is None:
            problems.append(f"{where}: mask {row.mask} is missing or unreadable")
        elif mask_size != size:
            problems.append(f"{where}: mask {row.mask} is {mask_size}, but its image {size}")
    return problems
