"""Pictures in other positions: mirrored, and only if asked turned."""

import itertools
import math

import numpy as np
import pytest
import torch

from stimuli.models.augmentation import moved, moved_at_once, moves


def test_pictures_are_mirrored_and_only_if_asked_turned(rng: np.random.Generator) -> None:
    picture = torch.arange(12, dtype=torch.uint8).view(1, 2, 2, 3)

    def seen(turned: bool) -> set[tuple[int, ...]]:
        many = moved(picture.repeat(200, 1, 1, 1), moves(200, rng, turned=turned))
        return {tuple(int(x) for x in one[..., 0].flatten()) for one in many}

    assert seen(turned=False) == {(0, 3, 6, 9), (3, 0, 9, 6)}
    assert len(seen(turned=True)) == 8


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 3), (4, 4, 5)], ids=["map", "colours", "trunk"])
def test_a_picture_goes_where_its_corners_go(shape: tuple[int, ...]) -> None:
    """Mirrored first, then on the diagonal; written out with indices."""
    picture = torch.arange(math.prod(shape), dtype=torch.uint8).view(shape)
    for left_right, top_bottom, diagonal in itertools.product([False, True], repeat=3):
        places = np.array([[left_right, top_bottom, diagonal]])
        (found,), (on_gpu,) = moved([picture], places), moved_at_once(picture[None], places)
        assert torch.equal(found, on_gpu)
        for row, column in itertools.product(range(4), repeat=2):
            y, x = (column, row) if diagonal else (row, column)
            y, x = (3 - y if top_bottom else y), (3 - x if left_right else x)
            assert torch.equal(found[row, column], picture[y, x])
