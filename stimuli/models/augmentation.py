"""Random positions of pictures: mirrored, and turned where they have no up."""

from collections.abc import Callable, Iterable

import numpy as np
import torch
from torch import Tensor

from stimuli.models.device import sent

N_COLOURS = 3
MOVES: tuple[Callable[[Tensor], Tensor], ...] = (
    lambda pictures: pictures.flip(2),
    lambda pictures: pictures.flip(1),
    lambda pictures: pictures.transpose(1, 2),
)
"""Left to right, top to bottom, on the diagonal, of (n, side, side, ...)."""


def moves(n: int, rng: np.random.Generator, *, turned: bool) -> np.ndarray:
    """(n, 3) bool: whether each is mirrored left to right, top to bottom, and on its diagonal.

    Args:
        turned: takes one of all eight positions; otherwise only left and right change places.
    """
    return (rng.random((n, 3)) < 0.5) & ([True, True, True] if turned else [True, False, False])


def moved(pictures: Iterable[Tensor], places: np.ndarray) -> Tensor:
    """Copies of n pictures (side, side, ...) in the positions that `moves` chose, one tensor."""
    originals = list(pictures)
    copies = originals[0].new_empty((len(originals), *originals[0].shape))
    for target, original, (left_right, top_bottom, diagonal) in zip(
        copies.numpy(), originals, places, strict=True
    ):
        picture = original.numpy()[:: -1 if top_bottom else 1, :: -1 if left_right else 1]
        picture = picture.swapaxes(0, 1) if diagonal else picture
        still = not (left_right or top_bottom or diagonal)
        if still or picture.shape[2:] != (N_COLOURS,):
            target[...] = picture
        else:  # three runs through a picture take less time than one in steps of three bytes
            for colour in range(N_COLOURS):
                target[..., colour] = picture[..., colour]
    return copies


def moved_at_once(pictures: Tensor, places: np.ndarray) -> Tensor:
    """As `moved`, of a tensor (n, side, side, ...): a GPU likes few and large steps better."""
    shape = 3, len(pictures), *[1] * (pictures.dim() - 1)
    flags = sent(places.T.copy(), pictures.device).view(shape)
    for flag, column, move in zip(flags, places.T, MOVES, strict=True):
        if column.any():
            pictures = torch.where(flag, move(pictures), pictures)
    # In order, so that what is summed over them rounds as with `moved`.
    return pictures.contiguous()
