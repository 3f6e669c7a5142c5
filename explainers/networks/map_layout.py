"""How the output of a network's layer lies as maps."""

from dataclasses import dataclass
from math import isqrt
from typing import Literal

from torch import Tensor


@dataclass(frozen=True, kw_only=True)
class MapLayout:
    """How an output is read as (batch, channels, rows, columns).

    Attributes:
        order: (batch, channels, rows, columns), (batch, rows, columns, channels), or (batch,
            tokens, channels), whose tokens are the places of a square row by row.
        prefix: tokens before those of places, such as a class token.
    """

    order: Literal["channels first", "channels last", "tokens"] = "channels first"
    prefix: int = 0

    def as_maps(self, output: Tensor) -> Tensor:
        """The maps, of shape (batch, channels, rows, columns)."""
        if self.order == "channels first":
            return output
        if self.order == "channels last":
            return output.permute(0, 3, 1, 2)
        places = output[:, self.prefix :].transpose(1, 2)
        side = isqrt(places.shape[2])
        return places.reshape(*places.shape[:2], side, side)

    def sides(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Rows and columns of an output of that shape with four dimensions."""
        return shape[2:] if self.order == "channels first" else shape[1:3]
