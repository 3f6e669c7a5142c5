"""The labels of a photo folder and its classes: read, with everything that is wrong in them."""

import json
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stimuli.datasets.base import Box, Split
from stimuli.datasets.folder.box_forms import read_boxes
from stimuli.datasets.folder.class_names import tidy
from stimuli.datasets.folder.label_table import read_cells
from stimuli.datasets.imagenet.synsets import index_of_wnid, synsets

LABELS = "labels.csv"
COLUMNS = {"image", "label", "class_index", "wnid", "mask", "boxes", "split"}
CLASS_COLUMNS = {"class_index", "label", "name", "description"}
LONGEST_INDEX = 6


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
    before, required = len(problems), ("image", "label")
    lines = read_cells(path, table, problems, columns=COLUMNS, required=required)
    if not lines and len(problems) == before:
        problems.append(f"{table}: holds no image; add rows")
    rows = [_row(folder, f"{table} line {line}", cells, problems) for line, cells in lines]
    valid = [row for row in rows if row]
    problems += _contradictions(valid, table)
    return valid


def _row(folder: Path, where: str, cell: Mapping[str, str], problems: list[str]) -> LabelRow | None:
    before = len(problems)
    split = cell.get("split", "").casefold()
    for name in ("image", "label"):
        if not cell[name]:
            problems.append(f"{where}: {name} is empty; fill it in")
    if split not in ("", *Split):
        problems.append(f"{where}: split {cell['split']!r} is none of {', '.join(Split)}")
    boxes = read_boxes(cell["boxes"]) if cell.get("boxes") else ()
    if boxes is None:
        problems.append(
            f"{where}: boxes {cell['boxes']!r} are not [[x0, y0, x1, y1], ...], each of four "
            "numbers; correct them"
        )
    index = _index(cell, where, problems)
    if len(problems) > before or boxes is None:
        return None
    mask = cell.get("mask")
    return LabelRow(
        where=where,
        source=cell["image"],
        label=tidy(cell["label"]),
        index=index,
        wnid=cell.get("wnid"),
        image=_find(folder, "images", cell["image"]),
        mask=_find(folder, "masks", mask) if mask else None,
        boxes=boxes,
        split=Split(split) if split else None,
    )


def _index(cell: Mapping[str, str], where: str, problems: list[str]) -> int | None:
    """The class index that a row gives, or that its WordNet id has."""
    text, wnid = cell.get("class_index"), cell.get("wnid")
    if text is not None and not (text.isdecimal() and len(text) <= LONGEST_INDEX):
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
    """The file of a name as it stands, with Windows's separators, or in Unicode's other form."""
    spellings = list(dict.fromkeys((name, name.replace("\\", "/"))))
    composed = [unicodedata.normalize("NFC", spelling) for spelling in spellings]
    apart = [unicodedata.normalize("NFD", spelling) for spelling in spellings]
    for spelling in dict.fromkeys((*spellings, *composed, *apart)):
        for path in (folder / spelling, folder / inner / spelling):
            if _is_file(path):
                return path
    return folder / inner / name


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # such as a name that is too long
        return False


def _contradictions(rows: Sequence[LabelRow], table: str) -> list[str]:
    """Images that stand there more than once, and class indices of two labels."""
    problems = []
    for several in _by(rows, lambda row: row.image):
        labels = sorted({repr(row.label) for row in several})
        more = f", as {' and '.join(labels)}" if len(labels) > 1 else ""
        if len(several) > 1:
            source = several[0].source
            problems.append(
                f"{table}: {source} stands there {len(several)} times{more}; keep one row"
            )
    for several in _by((row for row in rows if row.index is not None), lambda row: row.index):
        labels = list(dict.fromkeys(row.label for row in several))
        first = {row.label: row for row in reversed(several)}
        problems += [
            f"{first[label].where}: class_index {several[0].index} is {labels[0]!r} "
            f"above and {label!r} here; give each class one label"
            for label in labels[1:]
        ]
    return problems


def _by(rows: Iterable[LabelRow], key: Callable[[LabelRow], Hashable]) -> list[list[LabelRow]]:
    groups: dict[Hashable, list[LabelRow]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return list(groups.values())


def read_classes(folder: Path, problems: list[str]) -> dict[str, dict[str, str]] | None:
    """Read `classes.json` or `classes.csv`: facts by label or class index; None for neither."""
    as_json, as_csv = folder / "classes.json", folder / "classes.csv"
    if as_json.is_file():
        return classes_of_json(as_json, problems)
    return classes_of_csv(as_csv, problems) if as_csv.is_file() else None


def classes_of_json(path: Path, problems: list[str]) -> dict[str, dict[str, str]] | None:
    try:
        facts = json.loads(path.read_text("utf-8-sig"))
        return {tidy(key): dict(value) for key, value in facts.items()}
    except UnicodeDecodeError:
        problems.append(f"classes: {path.name} is not text in UTF-8; save it again as UTF-8")
    except (ValueError, TypeError, AttributeError, OSError) as error:
        problems.append(
            "classes: the file must map a label or class_index to its description; "
            f"it does not ({type(error).__name__}: {error})"
        )
    return None


def classes_of_csv(path: Path, problems: list[str]) -> dict[str, dict[str, str]] | None:
    before = len(problems)
    lines = read_cells(
        path, f"classes: {path.name}", problems, columns=CLASS_COLUMNS, required=(), others=True
    )
    heading = lines[0][1] if lines else {}
    key = "class_index" if "class_index" in heading else "label"
    if len(problems) == before and key not in heading:
        problems.append(
            f"classes: {path.name} has no column label or class_index, or no row; add what is "
            "missing, or remove the file"
        )
    return {tidy(cells[key]): cells for _, cells in lines} if len(problems) == before else None


def wordnet_classes() -> dict[str, dict[str, str]]:
    """The facts of the 1000 classes of ILSVRC 2012 by class index, as `read_classes` gives them."""
    infos = [synset.info for synset in synsets()]
    return {
        str(index): {"name": info.name, "description": info.description}
        for index, info in enumerate(infos)
    }
