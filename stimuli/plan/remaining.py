"""Tables of what each filter leaves of the images: by class, and by bin."""

from collections.abc import Sequence

import numpy as np

from stimuli.build.bins import CELLS, WORDS, bin_of
from stimuli.build.context import BuildContext
from stimuli.build.shortages.causes import Stage
from stimuli.datasets.base import Split

# Those that have least left come first.
CLASSES_LISTED = 40


def filter_table(found: Sequence[Stage], context: BuildContext) -> str:
    """A line for each filter: what it leaves of val and test, and of each bin of test."""
    answers = context.evaluations[0].predictions[Split.TEST]
    bins = [
        (bin_of(confidence, right, context.study.bins), bool(right))
        for confidence, right in zip(answers.confidences, answers.right, strict=True)
    ]
    rows = [["left after", "val", "test", *(f"{bin} {WORDS[right]}" for bin, right in CELLS)]]
    for stage in found:
        masks = stage.masks
        held = [bins[row] for row in np.flatnonzero(masks[Split.TEST])]
        counts = [masks[Split.VAL].sum(), masks[Split.TEST].sum(), *map(held.count, CELLS)]
        name = stage.reason or "copies"
        rows.append([name, *map(str, counts)])
    return in_columns(rows)


def class_table(found: Sequence[Stage], context: BuildContext) -> str:
    """A line for each class: what the first AI says of its photos, and what is left of them."""
    evaluated, settings = context.evaluations[0], context.study.cards
    trained, masks = evaluated.predictions.get(Split.TRAIN), found[-1].masks
    truths = {s: np.array([crop.example.label for crop in context.crops[s]]) for s in Split}
    head = ["class", "train", "named rightly"]
    rows = []
    for label in sorted({example.label for example in context.dataset.examples}):
        of_class = {split: truths[split] == label for split in Split}
        right, surest = "-", np.empty(0)
        if trained is not None:
            are_right = of_class[Split.TRAIN] & trained.right
            surest = np.sort(trained.confidences[are_right])[::-1][: settings.examples]
            right = str(are_right.sum())
        left = [(of_class[s] & masks[s]).sum() for s in (Split.VAL, Split.TEST)]
        cells = [context.classes[label].name, of_class[Split.TRAIN].sum(), right]
        cells += [" ".join(f"{value:.2f}" for value in surest) or "-"]
        cells += ["yes" if label in evaluated.cards else "no"]
        for split, n in zip((Split.VAL, Split.TEST), left, strict=True):
            cells.append(f"{n} of {of_class[split].sum()}")
        rows.append((sum(left), [str(cell) for cell in cells]))
    rows.sort(key=lambda row: row[0])
    head += [f"surest {settings.examples}", "card", "val left", "test left"]
    lines = in_columns([head, *(cells for _, cells in rows[:CLASSES_LISTED])])
    more = len(rows) - CLASSES_LISTED
    return f"{lines}\n  and {more} classes more, with as much or more left" if more > 0 else lines


def in_columns(rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells, the first to the left and all others to the right."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    return "\n".join(
        "  "
        + "  ".join(
            cell.rjust(width) if k else cell.ljust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
