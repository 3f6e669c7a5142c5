"""What people decided by hand, for a build to follow."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from stimuli.build.item_overrides import read_items
from stimuli.bundle import ItemRow, Verdict
from stimuli.bundle.verdicts import read_verdicts
from stimuli.pictures.crops import Crop
from stimuli.study import Study


@dataclass(frozen=True, kw_only=True)
class ByHand:
    """Decisions of people.

    Attributes:
        items: practice and validation items; None where they are chosen automatically.
        verdicts: of reviewers.
    """

    items: tuple[ItemRow, ...] | None = None
    verdicts: tuple[Verdict, ...] = ()


def read_by_hand(items: Path | None, vetoes: Sequence[Path]) -> ByHand:
    """Read the files of `build --items FILE.csv --vetoes FILE.csv`; errors as of their readers."""
    return ByHand(
        items=None if items is None else read_items(items),
        verdicts=tuple(dict.fromkeys(v for path in vetoes for v in read_verdicts(path))),
    )


def vetoed_rows(crops: Sequence[Crop], vetoed: Collection[str], study: Study) -> frozenset[int]:
    """The rows of a split whose stimuli are vetoed, by the id that they have or would have."""
    if not vetoed:
        return frozenset()
    return frozenset(
        row for row, crop in enumerate(crops) if crop.stimulus_id(study.study) in vetoed
    )
