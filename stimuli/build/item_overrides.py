"""Practice and validation items that the experimenter named in a CSV file."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from stimuli.build.chosen_image import ChosenImage, ShownPhase
from stimuli.build.context import BuildContext
from stimuli.build.items import ItemsError, item_counts
from stimuli.bundle import ItemRow
from stimuli.bundle.files import read_table
from stimuli.datasets.base import Split
from stimuli.study import Study
from stimuli.study.online import Phase

LEFT_OUT = (
    "is left out by the settings of [dataset], or as a copy of a training picture; take another"
)
UNFIT = (
    "cannot be shown by every condition, or is an exact copy of a picture of the pool; take another"
)

NOTHING: Mapping[int, str] = {}


def read_items(path: Path) -> tuple[ItemRow, ...]:
    """Read a file with the columns phase, source and, if wanted, rationale.

    Raises:
        ItemsError: with every problem of its form.
    """
    if not path.is_file():
        raise ItemsError(str(path), ["there is no such file; copy items.csv out of a bundle"])
    problems: list[str] = []
    rows = read_table(path, ItemRow, problems)
    if problems:
        raise ItemsError(str(path), problems)
    return rows


def items_by_hand(
    rows: Sequence[ItemRow],
    fit: np.ndarray,
    context: BuildContext,
    *,
    unwanted: Mapping[int, str] = NOTHING,
) -> list[ChosenImage]:
    """The named items as rows of the val split.

    Args:
        fit: (n,) as `items.fit_for_items` returns it.
        unwanted: rows that cannot be taken, with what is the matter with each.

    Raises:
        ItemsError: with everything that is wrong with them.
    """
    val_rows = {crop.example.source: row for row, crop in enumerate(context.crops[Split.VAL])}
    splits = {example.source: example.split for example in context.dataset.examples}
    problems, choices = [], []
    for source, phase, why in ((row.source, row.phase, row.rationale) for row in rows):
        if source not in splits:
            problems.append(f"{source}: is no image of the data set; correct its name")
        elif splits[source] is not Split.VAL:
            problems.append(f"{source}: is in the split {splits[source]}; items come from val only")
        elif (val_row := val_rows.get(source)) is None:
            problems.append(f"{source}: {LEFT_OUT}")
        elif val_row in unwanted or not fit[val_row]:
            problems.append(f"{source}: {unwanted.get(val_row, UNFIT)}")
        else:
            choices.append(ChosenImage(split=Split.VAL, row=val_row, phase=phase, rationale=why))
    problems += _phase_problems(rows, context.study)
    if problems := problems or _share_problems(choices, context):
        raise ItemsError("the items fixed by hand", problems)
    return choices


def _phase_problems(rows: Sequence[ItemRow], study: Study) -> list[str]:
    """Items that are named twice, that stand in the wrong phase, or that are too many or few."""
    needed = item_counts(study)
    times = Counter(row.source for row in rows)
    counts: Counter[ShownPhase] = Counter(row.phase for row in rows)
    return [
        *(f"{s}: stands there {n} times; name it once" for s, n in times.items() if n > 1),
        *(f"the study has no phase {p}; remove its items" for p in counts if p not in needed),
        *(
            f"{phase}: has {counts[phase]} items, but the study shows {n.right + n.wrong}"
            for phase, n in needed.items()
            if counts[phase] != n.right + n.wrong
        ),
        *(
            f"{row.source}: a rationale is shown in practice only; remove it"
            for row in rows
            if row.rationale and row.phase is not Phase.PRACTICE
        ),
    ]


def _share_problems(choices: Sequence[ChosenImage], context: BuildContext) -> list[str]:
    """Shares of right, of wrong and of confident wrong answers that the study does not have."""
    study, predictions = context.study, context.evaluations[0].predictions[Split.VAL]
    n_confident, problems = study.validation.confident_wrong, []
    for phase, n in item_counts(study).items():
        rows = np.array([choice.row for choice in choices if choice.phase is phase], dtype=np.int64)
        wrong = rows[~predictions.right[rows]]
        if len(wrong) != n.wrong:
            problems.append(
                f"{phase}: the AI is wrong about {len(wrong)} items, but must be about {n.wrong} "
                f"and right about {n.right}; exchange some"
            )
        confident = int((predictions.confidences[wrong] >= study.bins.high_from).sum())
        if phase is Phase.VALIDATION and n_confident is not None and confident != n_confident:
            problems.append(
                f"{phase}: {confident} wrong answers are confident, but "
                f"validation.confident_wrong is {n_confident}; exchange some"
            )
    return problems
