"""Practice and validation items that the experimenter named in a CSV file."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np

from stimuli.build.items import Item, ItemPhase, ItemsError, Wanted, wanted_items
from stimuli.bundle import ItemRow
from stimuli.bundle.files import read_table
from stimuli.datasets.base import Dataset, Split
from stimuli.models.predictions import Predictions
from stimuli.pictures.crops import Crop
from stimuli.study import Study
from stimuli.study.online import Phase


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
    said: Predictions,
    fit: np.ndarray,
    dataset: Dataset,
    crops: Sequence[Crop],
    study: Study,
    *,
    vetoed: Collection[int] = (),
) -> list[Item]:
    """The named items as rows of the val split.

    Args:
        said: of the val split, by the first classifier.
        fit: (n,) as `items.fit_for_items` returns it.
        views: of the val split.
        vetoed: rows that a reviewer does not want.

    Raises:
        ItemsError: with everything that is wrong with them.
    """
    numbers = {crop.example.source: row for row, crop in enumerate(crops)}
    splits = {example.source: example.split for example in dataset.examples}
    usable = {s: n for s, n in numbers.items() if fit[n] and n not in vetoed}
    reasons = {s: "was vetoed" if n in vetoed else _UNFIT for s, n in numbers.items()}
    wanted = wanted_items(study)
    problems = [
        *(_source_problem(r.source, splits, reasons) for r in rows if r.source not in usable),
        *_repeated(rows),
        *_phase_problems(rows, wanted),
    ]
    items = [
        Item(row=usable[r.source], phase=r.phase, rationale=r.rationale)
        for r in rows
        if r.source in usable
    ]
    if not problems:
        problems += _share_problems(items, said, wanted, study)
    if problems:
        raise ItemsError("the items fixed by hand", problems)
    return items


_UNFIT = (
    "cannot be shown by every condition, or is an exact copy of a picture of the pool; take another"
)


def _source_problem(source: str, splits: Mapping[str, Split], reasons: Mapping[str, str]) -> str:
    if source not in splits:
        return f"{source}: is no image of the data set; correct its name"
    if splits[source] is not Split.VAL:
        return f"{source}: is in the split {splits[source]}; items come from val only"
    left_out = "is left out by the settings of [dataset]; take another"
    return f"{source}: {reasons.get(source, left_out)}"


def _repeated(rows: Sequence[ItemRow]) -> list[str]:
    counts = Counter(row.source for row in rows)
    return [f"{s}: stands there {n} times; name it once" for s, n in counts.items() if n > 1]


def _phase_problems(rows: Sequence[ItemRow], wanted: Mapping[ItemPhase, Wanted]) -> list[str]:
    counts: Counter[ItemPhase] = Counter(row.phase for row in rows)
    return [
        *(f"the study has no phase {p}; remove its items" for p in counts if p not in wanted),
        *(
            f"{phase}: has {counts[phase]} items, but the study shows {n.right + n.wrong}"
            for phase, n in wanted.items()
            if counts[phase] != n.right + n.wrong
        ),
        *(
            f"{row.source}: a rationale is shown in practice only; remove it"
            for row in rows
            if row.rationale and row.phase is not Phase.PRACTICE
        ),
    ]


def _share_problems(
    items: Sequence[Item], said: Predictions, wanted: Mapping[ItemPhase, Wanted], study: Study
) -> list[str]:
    problems = []
    for phase, n in wanted.items():
        rows = np.array([item.row for item in items if item.phase is phase], dtype=np.int64)
        wrong = rows[~said.right[rows]]
        if len(wrong) != n.wrong:
            problems.append(
                f"{phase}: the AI is wrong about {len(wrong)} items, but must be about {n.wrong} "
                f"and right about {n.right}; exchange some"
            )
        confident = int((said.confidences[wrong] >= study.bins.high_from).sum())
        asked = study.validation.confident_wrong
        if phase is Phase.VALIDATION and asked is not None and confident != asked:
            problems.append(
                f"{phase}: {confident} wrong answers are confident, but "
                f"validation.confident_wrong is {asked}; exchange some"
            )
    return problems
