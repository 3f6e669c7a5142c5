"""A CSV of what an AI elsewhere said of the pictures of a data set, with everything wrong in it.

A row is a picture, `image`, with a column of probabilities for each class, or with `label` and
`confidence`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stimuli.datasets.folder.class_names import folded
from stimuli.datasets.folder.label_table import read_cells
from stimuli.models.given_values import LABEL, Lines, labels_of, numbers
from stimuli.problems import some_of

IMAGE, CONFIDENCE = "image", "confidence"
COLUMNS = (IMAGE, LABEL, CONFIDENCE)
# Probabilities that are written with four digits sum to 1 within it, of up to 20 classes.
ROUNDING = 1e-3


@dataclass(frozen=True, kw_only=True)
class GivenTable:
    """The rows of a file of answers.

    Attributes:
        lines: (n,) of the file, for messages.
        images: (n,) as the file names them.
        labels: (n,) class indices.
        confidences: (n,) in [0, 1].
        probabilities: (n, classes) in [0, 1]; None where the file has labels and confidences.
    """

    lines: Sequence[int]
    images: Sequence[str]
    labels: np.ndarray
    confidences: np.ndarray
    probabilities: np.ndarray | None


def read_given(
    path: Path, table: str, classes: Sequence[str], problems: list[str]
) -> GivenTable | None:
    """Read a file of answers; None if it is no table of such.

    What is wrong is added to `problems`; a table with wrong cells is returned, so that its pictures
    can be tried too.

    Args:
        table: what messages call the file.
        classes: names by index.
    """
    before, names = len(problems), written(classes)
    known = {*COLUMNS, *(name.casefold() for name in names)}
    rows = read_cells(path, table, problems, columns=known, required=(IMAGE,), others=True)
    if len(problems) > before:
        return None
    if not rows:
        problems.append(f"{table}: holds no answer; add rows")
        return None
    columns, wrong = class_columns(list(rows[0][1]), names)
    problems += [f"{table}: {problem}" for problem in wrong]
    if wrong:
        return None
    read = with_probabilities if columns else with_labels
    return read(rows, columns, names, table, problems)


def written(classes: Sequence[str]) -> list[str]:
    """How a file names each class: by its name, with its index where two have the same."""
    counts = Counter(map(folded, classes))
    return [
        name if counts[folded(name)] == 1 else f"{name} ({index})"
        for index, name in enumerate(classes)
    ]


def class_columns(heading: Sequence[str], names: Sequence[str]) -> tuple[list[str], list[str]]:
    """The column of each class, none where there are labels instead; and what is wrong."""
    others = {folded(column): column for column in heading if column not in COLUMNS}
    unknown = [others[form] for form in others.keys() - {*map(folded, names)}]
    missing = [name for name in names if folded(name) not in others]
    is_of_labels = LABEL in heading and CONFIDENCE in heading and len(missing) == len(names)
    twice = [c for c in heading if c not in COLUMNS and others[folded(c)] != c]
    problems = [
        f"columns {column!r} and {others[folded(column)]!r} are of one class; keep one"
        for column in twice
    ]
    if unknown:
        there = f"the classes are {some_of([*map(repr, names)])}"
        problems.append(
            f"column {some_of([*map(repr, sorted(unknown))])} is no class of the data set; "
            f"{there}; rename or remove it"
        )
    if len(missing) == len(names) and not is_of_labels:
        problems.append(
            "has neither a column for each class nor columns label and confidence; add them"
        )
    elif missing and not is_of_labels:
        problems.append(
            f"has no column for the class {some_of([*map(repr, missing)])}; add it, with 0 where "
            "the AI does not know the class"
        )
    return [] if is_of_labels else [others.get(folded(name), "") for name in names], problems


def with_probabilities(
    rows: Lines, columns: Sequence[str], names: Sequence[str], table: str, problems: list[str]
) -> GivenTable:
    """Rows with a probability of each class; a label or confidence beside them has to agree."""
    values = numbers(rows, columns, table, problems)
    sums = values.sum(1)
    fine = np.isfinite(sums)
    problems += [
        f"{table} line {line}: the probabilities sum to {total:.4f}, which is not 1 within "
        f"{ROUNDING:g}; give that of each class with more digits, as the AI did"
        for (line, _), total in zip(rows, sums.tolist(), strict=True)
        if abs(total - 1) > ROUNDING
    ]
    places, labels = np.arange(len(rows)), np.where(fine[:, None], values, 0).argmax(1)
    if LABEL in rows[0][1]:
        said = labels_of(rows, names, table, problems)
        less = fine & (said >= 0) & (values[places, said] < values[places, labels])
        problems += [
            f"{table} line {rows[row][0]}: the label {names[said[row]]!r} has the probability "
            f"{values[row, said[row]]:g}, but {names[labels[row]]!r} has "
            f"{values[row, labels[row]]:g}; correct one of them"
            for row in np.flatnonzero(less).tolist()
        ]
        labels = np.where(said >= 0, said, labels)
    confidences = values[places, labels].clip(0, 1)
    if CONFIDENCE in rows[0][1]:
        stated = numbers(rows, [CONFIDENCE], table, problems)[:, 0]
        problems += [
            f"{table} line {rows[row][0]}: the confidence {stated[row]:g} is not the probability "
            f"of the label, {confidences[row]:g}; correct one of them, or remove the column"
            for row in np.flatnonzero(np.abs(stated - confidences) > ROUNDING).tolist()
        ]
    return _table(rows, labels, confidences, values)


def with_labels(
    rows: Lines, columns: Sequence[str], names: Sequence[str], table: str, problems: list[str]
) -> GivenTable:
    """Rows with a label and its confidence alone; there are no columns of classes."""
    confidences = numbers(rows, [CONFIDENCE], table, problems)[:, 0]
    return _table(rows, labels_of(rows, names, table, problems), confidences, None)


def _table(
    rows: Lines, labels: np.ndarray, confidences: np.ndarray, probabilities: np.ndarray | None
) -> GivenTable:
    return GivenTable(
        lines=[line for line, _ in rows],
        images=[cells[IMAGE] for _, cells in rows],
        labels=labels,
        confidences=confidences,
        probabilities=probabilities,
    )
