"""What people decided by hand, for a build to follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stimuli.bundle import ItemRow, Verdict
from stimuli.items_by_hand import read_items
from stimuli.vetoes import read_verdicts


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
