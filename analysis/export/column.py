"""What can be said of a column of an export: what it means, and what its cells may hold."""

import math
from dataclasses import KW_ONLY, dataclass
from functools import partial
from typing import Literal


@dataclass(frozen=True)
class Column:
    """A column of a CSV file.

    Attributes:
        description: what it means, as `columns.json` says it.
        unit: of its values; None where they have none.
        kind: text; flag (`1` or `0`); count (whole number); number; numbers (one or more, with a
            space between two); time (ISO 8601, UTC).
        empty: whether a cell may be: "always", never, or only where the export was "imported"
            from answers that another tool collected, which does not record everything.
        levels: the only texts allowed; empty where any text is.
        low: the least number allowed.
        high: the greatest number allowed.
        recent: whether an export may lack the column, since those of before do.
        repeats: whether many rows share few texts, which are then kept once, as categories.
    """

    description: str
    _: KW_ONLY
    unit: str | None = None
    kind: Literal["text", "flag", "count", "number", "numbers", "time"] = "text"
    empty: Literal["never", "imported", "always"] = "never"
    levels: tuple[str, ...] = ()
    low: float = -math.inf
    high: float = math.inf
    recent: bool = False
    repeats: bool = False

    def may_be_empty(self, *, imported: bool) -> bool:
        """Whether a cell may be empty in an export of this sort."""
        return self.empty == "always" or (self.empty == "imported" and imported)

    def __str__(self) -> str:
        """What a cell must be, for messages."""
        bounds = ""
        if math.isfinite(self.low):
            bounds = (
                f" from {self.low:g} to {self.high:g}"
                if math.isfinite(self.high)
                else f" of {self.low:g} or more"
            )
        return {
            "text": f"one of {', '.join(self.levels)}",
            "flag": "1 or 0",
            "count": f"a whole number{bounds}",
            "number": f"a number{bounds}",
            "numbers": f"numbers{bounds} with a space between two",
            "time": "a time in UTC such as 2026-03-14T09:26:53.589Z",
        }[self.kind]

    def facts(self) -> dict[str, object]:
        """As in `columns.json`, without what does not apply."""
        levels = ("0", "1") if self.kind == "flag" else self.levels
        facts = {"description": self.description, "unit": self.unit, "levels": levels}
        return {key: value for key, value in facts.items() if value}


Flag = partial(Column, kind="flag")
Count = partial(Column, kind="count", low=0)
Measurement = partial(Column, kind="number", low=0, empty="always")
Time = partial(Column, kind="time", unit="ISO 8601, UTC")
