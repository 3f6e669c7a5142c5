"""Two photo folders as one list of rows: one holds the stimuli, the other all that serves them.

The class is the key in both: by index where there is one, else by label.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from stimuli.datasets.base import Split
from stimuli.datasets.folder.class_folders import read_photos
from stimuli.datasets.folder.class_names import folded
from stimuli.datasets.folder.folder_labels import LABELS, LabelRow
from stimuli.problems import some_of

SERVING = (None, Split.TRAIN, Split.VAL)
"""What a row of the pool may say of its split; none leaves it to the seed."""


def with_pool(rows: Sequence[LabelRow], pool: Path, problems: list[str]) -> list[LabelRow]:
    """The rows of the stimuli, now of the test split, and those of the pool, of train and val.

    Sources of the pool begin with "pool/". What is wrong is added to `problems`.
    """
    serving = read_photos(pool, problems, table=f"--pool {LABELS}")
    problems += [
        f"{row.where}: split {row.split} is not for this folder, whose images all are of the test "
        "split; empty the cell"
        for row in rows
        if row.split not in (None, Split.TEST)
    ]
    problems += [
        f"{row.where}: stimuli do not come from the pool; empty the cell split, or say train or val"
        for row in serving
        if row.split not in SERVING
    ]
    if rows and serving:
        problems += _disagreements(rows, serving)
    return [
        *(replace(row, split=Split.TEST) for row in rows),
        *(replace(row, source=f"pool/{row.source}") for row in serving),
    ]


def _disagreements(rows: Sequence[LabelRow], serving: Sequence[LabelRow]) -> list[str]:
    """Classes that only one folder has an index for, that have two labels, or no image in pool."""
    indexed = [all(row.index is not None for row in some) for some in (rows, serving)]
    if indexed[0] is not indexed[1]:
        return ["only one of the two folders has class_index or wnid; give both the same columns"]
    ours, theirs = _labels(rows), _labels(serving)
    problems = [
        f"class {key} is {label!r} in --data and {theirs[key]!r} in --pool; give it one label"
        for key, label in ours.items()
        if theirs.get(key, label) != label
    ]
    # A name like one of the pool's is a problem of its own.
    like = {folded(label) for label in theirs.values()}
    missing = [
        f"{label!r}"
        for key, label in ours.items()
        if key not in theirs and folded(label) not in like
    ]
    if missing:
        problems.append(
            f"--pool has no image of {some_of(missing)}, which --data has; add some, or correct "
            "the spelling"
        )
    return problems


def _labels(rows: Iterable[LabelRow]) -> dict[str, str]:
    return {row.key: row.label for row in rows}
