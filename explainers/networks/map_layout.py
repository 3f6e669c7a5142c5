"""How the output of a network's layer lies as maps."""

import re
from dataclasses import dataclass
from typing import Literal, Self

from torch import Tensor

WRITTEN = re.compile(r"(?:(\d+)\+)?(\d+)x(\d+)(?:\+(\d+))?")


@dataclass(frozen=True, kw_only=True)
class TokenGrid:
    """Which tokens are places of the picture; written "1+14x14+4".

    Attributes:
        rows: of places, one after the other.
        columns: places of a row, from left to right.
        before: tokens before those of places, such as a class token.
        after: tokens after them, such as registers.
    """

    rows: int
    columns: int
    before: int = 0
    after: int = 0

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The grid that is written so; None if none of more than one row and column is."""
        found = WRITTEN.fullmatch(text)
        before, rows, columns, after = (int(n or 0) for n in found.groups()) if found else [0] * 4
        if min(rows, columns) < 2:
            return None
        return cls(rows=rows, columns=columns, before=before, after=after)

    @property
    def n_places(self) -> int:
        """How many tokens are places."""
        return self.rows * self.columns

    @property
    def n_tokens(self) -> int:
        """How many tokens there are in all."""
        return self.before + self.n_places + self.after

    def __str__(self) -> str:
        before = f"{self.before}+" if self.before else ""
        after = f"+{self.after}" if self.after else ""
        return f"{before}{self.rows}x{self.columns}{after}"


@dataclass(frozen=True, kw_only=True)
class MapLayout:
    """How an output is read as (batch, channels, rows, columns).

    Attributes:
        order: (batch, channels, rows, columns), (batch, rows, columns, channels), or (batch,
            tokens, channels).
        grid: which of the tokens are places; of tokens alone.
    """

    order: Literal["channels first", "channels last", "tokens"] = "channels first"
    grid: TokenGrid | None = None

    def as_maps(self, output: Tensor) -> Tensor:
        """The maps, of shape (batch, channels, rows, columns)."""
        if self.grid:
            first, rows, columns = self.grid.before, self.grid.rows, self.grid.columns
            places = output[:, first : first + self.grid.n_places].transpose(1, 2)
            return places.reshape(*places.shape[:2], rows, columns)
        return output if self.order == "channels first" else output.permute(0, 3, 1, 2)

    def sides(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Rows and columns of an output of that shape with four dimensions."""
        return shape[2:] if self.order == "channels first" else shape[1:3]
