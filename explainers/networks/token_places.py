"""Which tokens of a network are places of the picture, and in which rows and columns these lie.

One row of the picture is changed at a time, and one column, where no token has seen another yet: a
token lies about where changes reach it. One that nothing changes is no place, such as a class token
or a register.
"""

from collections.abc import Callable, Iterator
from math import isqrt

import torch
from torch import Tensor

from explainers.networks.map_layout import TokenGrid

TokensOf = Callable[[Tensor], Tensor]
"""From pictures (batch, 3, side, side), normalised, to tokens (batch, tokens, channels)."""

# Of the strongest change: what rounding may do to a token that sees nothing.
ROUNDING = 1e-5
# Of a row: convolutions with overlaps reach half a row farther, but for those at the border.
APART = 0.25


@torch.no_grad()
def grid_of(tokens_of: TokensOf, side: int) -> TokenGrid | None:
    """How tokens lie as places row by row; None if they do not, or cannot be told apart.

    Args:
        side: of pictures in pixels.
    """
    generator = torch.Generator().manual_seed(0)
    plain, other = (torch.rand(1, 3, side, side, generator=generator) for _ in range(2))
    strength = _changes(tokens_of, plain, other)[0]
    places = (strength > ROUNDING * strength.max()).nonzero().flatten().tolist()
    if not places or places[-1] - places[0] + 1 != len(places):
        return None
    before, after = places[0], len(strength) - 1 - places[-1]
    for rows, columns in _rectangles(len(places)):
        down = _centres(tokens_of, plain, _bands(plain, other, rows, dim=2))[places]
        across = _centres(tokens_of, plain, _bands(plain, other, columns, dim=3))[places]
        if _follow(down.view(rows, columns)) and _follow(across.view(rows, columns).T):
            return TokenGrid(rows=rows, columns=columns, before=before, after=after)
    return None


def usual_grid(n_tokens: int) -> TokenGrid:
    """The largest square of places, with other tokens before it: what is common."""
    side = isqrt(n_tokens)
    return TokenGrid(rows=side, columns=side, before=n_tokens - side * side)


def _changes(tokens_of: TokensOf, plain: Tensor, changed: Tensor) -> Tensor:
    """(pictures, tokens): how far each token of each changed picture is from the plain one's."""
    tokens = tokens_of(torch.cat([plain, changed]))
    return (tokens[1:] - tokens[:1]).abs().sum(2)


def _centres(tokens_of: TokensOf, plain: Tensor, changed: Tensor) -> Tensor:
    """(tokens,): at which of the changed pictures changes of each token have their middle."""
    changes = _changes(tokens_of, plain, changed)
    return torch.arange(len(changed)).float() @ changes / changes.sum(0)


def _follow(centres: Tensor) -> bool:
    """Whether all that is in a row of a matrix lies behind all of the row before."""
    return bool((centres[1:].amin(1) - centres[:-1].amax(1) > APART).all())


def _bands(plain: Tensor, other: Tensor, n: int, *, dim: int) -> Tensor:
    """The plain picture n times, each with another of n equal bands of the other one."""
    band = torch.arange(plain.shape[dim]) * n // plain.shape[dim]
    is_other = band == torch.arange(n)[:, None]  # (n, side)
    shape = (n, 1, -1, 1) if dim == 2 else (n, 1, 1, -1)
    return torch.where(is_other.view(shape), other, plain)


def _rectangles(n: int) -> Iterator[tuple[int, int]]:
    """Rows and columns that make n, both more than one, the most square ones first."""
    for short in range(isqrt(n), 1, -1):
        if n % short == 0:
            yield from {(short, n // short): None, (n // short, short): None}
