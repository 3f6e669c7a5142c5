"""The six bins: how sure the AI was, and whether it was right (paper, section 2.4.3)."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from stimuli.bundle import Bin, BinCount
from stimuli.problems import ProblemsError
from stimuli.study.offline import BinSettings

log = logging.getLogger(__name__)

Cell = tuple[Bin, bool]

CELLS = tuple((bin, right) for right in (True, False) for bin in Bin)
"""The six (bin, AI right) pairs in the order of the paper's Fig. A1."""

WORDS = {True: "right", False: "wrong"}


class ShortBinsError(ProblemsError):
    """Bins that hold fewer images than the study asks for."""


def bin_of(confidence: float, right: bool, settings: BinSettings) -> Bin | None:
    """Easy is confident and right or unsure and wrong, hard the reverse; None between the bands.

    Bands: low [0, low_below), medium [a, b], high [high_from, 1].
    """
    if settings.medium[0] <= confidence <= settings.medium[1]:
        return Bin.MEDIUM
    if confidence < settings.low_below:
        return Bin.HARD if right else Bin.EASY
    if confidence >= settings.high_from:
        return Bin.EASY if right else Bin.HARD
    return None


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The images drawn from the six bins.

    Attributes:
        rows: their rows in the split.
        counts: what each bin held, vetoed images included, and how many were drawn.
        short: whether a bin held too few.
    """

    rows: tuple[int, ...]
    counts: tuple[BinCount, ...]
    short: bool


def sample_bins(
    bins: Mapping[int, Bin | None],
    right: Sequence[bool],
    settings: BinSettings,
    *,
    order: Sequence[int],
    vetoed: Collection[int] = (),
    cells: Sequence[Cell] = CELLS,
    table: str = "bins",
) -> Sample:
    """Draw `per_bin` images of the pool from each of the six bins, without replacement.

    Of each bin the first ones in `order` that are not vetoed are drawn, so that the next one takes
    the place of a vetoed one and all others stay.

    Args:
        bins: the bin of each eligible image, by its row in the split.
        right: whether the AI is right, by row.
        order: every row of the split once, at random.
        vetoed: rows that a reviewer does not want.
        cells: other (bin, AI right) pairs than all six.
        table: the table of the study file that asks for so many.

    Raises:
        ShortBinsError: with a table of what there is, if a bin holds too few and the study does
            not allow it.
    """
    rows: list[int] = []
    counts = []
    for bin, is_right in cells:
        held = [r for r in order if r in bins and bins[r] is bin and right[r] == is_right]
        sample = [row for row in held if row not in vetoed][: settings.per_bin]
        rows += sample
        counts.append(BinCount(bin=bin, right=is_right, available=len(held), chosen=len(sample)))
    drawn = [f"{c.bin} {WORDS[c.right]} {c.chosen} drawn of {c.available}" for c in counts]
    log.info("%s: %d images; %s", table, len(bins), "; ".join(drawn))
    short = any(count.chosen < settings.per_bin for count in counts)
    if short and not settings.allow_short:
        raise ShortBinsError(f"the images of [{table}]", _shortage(counts, settings.per_bin, table))
    return Sample(rows=tuple(rows), counts=tuple(counts), short=short)


def _shortage(counts: Sequence[BinCount], per_bin: int, table: str) -> list[str]:
    lines = [
        f"{c.bin:>6}, AI {WORDS[c.right]}: {c.chosen:>5} of {per_bin}"
        + ("  <- too few" if c.chosen < per_bin else "")
        + (f", {c.available - c.chosen} vetoed" if c.chosen < min(per_bin, c.available) else "")
        for c in counts
    ]
    advice = f"lower {table}.per_bin, enlarge the test split, or set bins.allow_short = true"
    return [*lines, advice]
