"""Random positions of pictures: mirrored, and turned where they have no up."""

from collections.abc import Iterable

import numpy as np
import torch
from torch import Tensor


def moves(n: int, rng: np.random.Generator, *, turned: bool) -> np.ndarray:
    """(n, 3) bool: whether each is mirrored left to right, top to bottom, and on its diagonal.

    Args:
        turned: takes one of all eight positions; otherwise only left and right change places.
    """
    return (rng.random((n, 3)) < 0.5) & ([True, True, True] if turned else [True, False, False])


def moved(pictures: Iterable[Tensor], chosen: np.ndarray) -> Tensor:
    """Copies of n pictures (side, side, ...) in the positions that `moves` chose, one tensor."""
    # One picture at a time: most moves are not made, and `torch.where` would make them all.
    return torch.stack([_moved(*pair) for pair in zip(pictures, chosen, strict=True)])


def _moved(picture: Tensor, chosen: np.ndarray) -> Tensor:
    flips = [axis for axis, chosen_too in zip((1, 0), chosen, strict=False) if chosen_too]
    picture = picture.flip(flips) if flips else picture
    return picture.transpose(0, 1) if chosen[2] else picture
