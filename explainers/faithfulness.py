"""Faithfulness: does the answer lose most without what a heat map calls hot?

Three scores of what the label's logit loses while parts of a picture are removed. These losses do
not depend on the map, so that all maps of a classifier's answer share them. The papers remove
single features; no network misses a pixel, and so a feature is here a square of a grid of `CELLS` x
`CELLS`, and what a map says of it is the sum of its pixels. What is removed becomes one plain
colour, as in `deletion`. A logit, unlike a probability, does not stop to fall near 1 or 0.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from scipy import stats
from torch import Tensor

from explainers.deletion import as_pictures, batch_size, pixels_of

Logit = Callable[[Tensor], Tensor]
"""(batch, 3, height, width), RGB in [0, 1], to the logit of the label, (batch,)."""

# Squares of 16 pixels in a picture of 224.
CELLS = 14
# Random sets of squares, and the share of all squares that is in each.
SETS = 100
SHARE = 1 / 4
# Spread below this share of the largest value is rounding.
FLAT = 1e-9


def each_cell(cells: int = CELLS) -> np.ndarray:
    """(cells^2, cells^2) bool: sets of one square each, row by row."""
    return np.eye(cells**2, dtype=bool)


def random_sets(rng: np.random.Generator, *, cells: int = CELLS) -> np.ndarray:
    """(SETS, cells^2) bool: sets of `SHARE` of the squares, true on those that are in it."""
    ranks = rng.permuted(np.tile(np.arange(cells**2), (SETS, 1)), axis=1)
    return np.asarray(ranks < round(SHARE * cells**2))


def pixels_of_cells(side: int, cells: int) -> Tensor:
    """(cells,): how many rows, or columns, of pixels each square of a side has."""
    return torch.bincount(torch.arange(side) * cells // side, minlength=cells)


def cell_of_pixels(shape: tuple[int, ...], cells: int) -> np.ndarray:
    """(height, width): the square that each pixel lies in, numbered row by row."""
    rows, columns = (np.arange(side) * cells // side for side in shape)
    return np.asarray(rows[:, None] * cells + columns)


def cell_sums(heatmap: np.ndarray, *, cells: int = CELLS) -> np.ndarray:
    """(cells^2,): what a map, (height, width), says of each square."""
    squares = cell_of_pixels(heatmap.shape, cells).ravel()
    return np.bincount(squares, weights=heatmap.ravel(), minlength=cells**2)


def losses(logit: Logit, image: Tensor, sets: np.ndarray, *, plain: Tensor) -> np.ndarray:
    """What the label's logit loses without the squares of each set.

    Args:
        image: (3, height, width), RGB in [0, 1].
        sets: (n, cells^2) bool.
        plain: what replaces a pixel, of shape (3, 1, 1), or one number.

    Returns:
        (n,), negative where the logit gains.
    """
    n_channels, cells = len(image), math.isqrt(sets.shape[1])
    removed = torch.from_numpy(sets.reshape(-1, cells, cells)).to(image.device)
    heights, widths = (pixels_of_cells(side, cells).to(image.device) for side in image.shape[1:])
    rows = pixels_of(image).reshape(image.shape[1], -1)
    plain_row = plain.flatten().expand(n_channels).repeat(image.shape[2])
    # Numbers, since a tensor that is kept would split the memory that the next pictures need.
    without: list[float] = []
    for batch in torch.split(removed, batch_size(image)):
        squares = batch.repeat_interleave(n_channels * widths, dim=2)
        squares = squares.repeat_interleave(heights, dim=1)
        altered = torch.where(squares, plain_row, rows)
        without += logit(as_pictures(altered, image.shape)).tolist()
    return float(logit(image[None])) - np.array(without)


def faithfulness_correlation(
    sums: np.ndarray, sets: np.ndarray, losses: np.ndarray
) -> float | None:
    """Pearson's r of heat in a random set and loss without it; large is good.

    corr_S(sum_{i in S} g_i, f(x) - f(x without S)) (Bhatt, Weller and Moura 2020).

    Args:
        sums: (cells^2,), as `cell_sums` returns them.
        sets: (n, cells^2) bool, all of one size.
        losses: (n,) without each.

    Returns:
        -1 to 1; None where heat or loss is the same for all sets.
    """
    return _correlation(stats.pearsonr, sets @ sums, losses)


def monotonicity(sums: np.ndarray, losses: np.ndarray) -> float | None:
    """Spearman's rho of a square's heat and of what the answer depends on it; large is good.

    rho_i(|g_i|, E[(f(x) - f(x with another x_i))^2]) (Nguyen and Martínez 2020). For
    the expectation over what the square might show stands the plain colour alone.

    Args:
        sums: (cells^2,), as `cell_sums` returns them, of which the sizes count.
        losses: (cells^2,) without each square.

    Returns:
        -1 to 1; None where heat or loss is the same for all squares.
    """
    return _correlation(stats.spearmanr, np.abs(sums), losses**2)


def infidelity(sums: np.ndarray, losses: np.ndarray) -> float | None:
    """Mean squared error of heat as a forecast of the loss without a square; small is good.

    E_I[(I'Phi - (f(x) - f(x - I)))^2] (Yeh et al. 2019, definition 2.1), with square removals I,
    all of a grid, and a map that says what each place brings (I is 1 on the square, 0 elsewhere).
    Heat maps are drawn over their maximum, so that Phi is the map times the number, not below
    zero, that fits best; captum's `normalize` takes a negative one too, and so finds no fault with
    a map that says the opposite.

    Args:
        sums: (cells^2,), as `cell_sums` returns them.
        losses: (cells^2,) without each square.

    Returns:
        0 or more, in squares of the logit; None for a map that is zero everywhere.
    """
    if not sums.any():
        return None
    scale = max(0.0, float(sums @ losses / (sums @ sums)))
    return float(np.mean((scale * sums - losses) ** 2))


def _correlation(of: Callable[..., Any], one: np.ndarray, other: np.ndarray) -> float | None:
    if any(np.ptp(side) <= FLAT * np.abs(side).max() for side in (one, other)):
        return None
    return float(of(one, other).statistic)
