"""Pools of images as frames: so many in each of the six bins."""

from collections.abc import Sequence

import pandas as pd

from tests.analysis.exports import pool_of

CELLS = [(name, right) for right in (True, False) for name in ("easy", "medium", "hard")]


def pool_frame(counts: Sequence[int], **outside: int) -> pd.DataFrame:
    """A pool as an export has it: counts in the order of `CELLS`, and those outside the bands."""
    rows = pool_of(dict(zip(CELLS, counts, strict=True)), **outside)
    return pd.DataFrame(rows).replace({"bin": {"": None}}).astype({"ai_right": bool})
