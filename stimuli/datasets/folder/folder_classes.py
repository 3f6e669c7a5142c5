"""What is wrong with the classes of a photo folder as a whole, unless the study allows it."""

from collections import Counter
from collections.abc import Collection, Sequence

from stimuli.datasets.base import Split
from stimuli.datasets.folder.class_names import like_names
from stimuli.datasets.folder.folder_labels import LabelRow
from stimuli.problems import some_of
from stimuli.study.dataset_settings import FolderSettings


def class_problems(
    rows: Sequence[LabelRow],
    splits: Sequence[Split],
    described: Collection[str],
    settings: FolderSettings,
) -> list[str]:
    """Classes that a reader takes for one, that no AI can learn, or that are not there.

    Args:
        splits: of each row.
        described: the labels or class indices that a file of classes names.
    """
    meant = {row.label for row in rows if row.key in described}
    like = like_names(Counter(row.label for row in rows), meant)
    told = {} if "like_names" in settings.allow else like
    return [
        *one_class_problems(rows, splits),
        *(
            f"labels: {line}; give one class one name, {_or('like_names')}"
            for line in told.values()
        ),
        *(
            ()
            if "untrained_classes" in settings.allow
            else untrained_problems(rows, splits, {name for group in told for name in group})
        ),
        *(() if "index_holes" in settings.allow else hole_problems(rows, described)),
    ]


def _or(allowed: str) -> str:
    return f"or say allow = ['{allowed}'] in [dataset]"


def one_class_problems(rows: Sequence[LabelRow], splits: Sequence[Split]) -> list[str]:
    """One class alone, if an AI is to learn it."""
    keys = {row.key: row for row in rows}
    if len(keys) != 1 or any(row.wnid for row in rows) or Split.TRAIN not in splits:
        return []
    (row,) = keys.values()
    needs = "an AI that tells classes apart needs two; add images of another"
    return [f"labels: all images are of one class, {row.label!r}, and {needs}"]


def untrained_problems(
    rows: Sequence[LabelRow], splits: Sequence[Split], told: Collection[str]
) -> list[str]:
    """Classes with test images that the AI cannot learn, if it learns any.

    Args:
        told: names that are a problem of their own.
    """
    of_split = {
        split: Counter(row.key for row, s in zip(rows, splits, strict=True) if s is split)
        for split in Split
    }
    labels = {row.key: row.label for row in rows}
    missing = [
        f"{labels[key]!r} ({n} test images)"
        for key, n in of_split[Split.TEST].items()
        if key not in of_split[Split.TRAIN] and labels[key] not in told
    ]
    if not missing or not of_split[Split.TRAIN]:
        return []
    advice = f"add some, remove these rows, {_or('untrained_classes')}"
    reason = "so that the AI would be wrong on each"
    return [f"labels: no training image of {some_of(missing)}, {reason}; {advice}"]


def hole_problems(rows: Sequence[LabelRow], described: Collection[str]) -> list[str]:
    """Indices below the highest that neither an image nor a file of classes has."""
    indices = {row.index for row in rows if row.index is not None}
    named = indices | {int(key) for key in described if key.isdecimal()} if indices else set()
    holes = sorted({*range(max(named, default=-1) + 1)} - named)
    if not holes:
        return []
    advice = "number the classes from 0 without holes, name them in classes.csv"
    problem = f"class_index leaves out {some_of([*map(str, holes)])}, which the AI could say"
    return [f"labels: {problem}; {advice}, {_or('index_holes')}"]
