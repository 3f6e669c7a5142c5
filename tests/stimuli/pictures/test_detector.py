"""A small detector of altered pictures: it sees sharpness and noise, and nothing else."""

import numpy as np
import pytest
from PIL import Image

from stimuli.pictures.detector import FEWEST, detail, telling_auc
from stimuli.pictures.jpeg import encode


def plain(rng: np.random.Generator, noise: float) -> bytes:
    """A grey picture with noise."""
    pixels = 128 + noise * rng.normal(size=(64, 64, 3))
    return encode(Image.fromarray(pixels.clip(0, 255).astype(np.uint8)))


def test_it_tells_noise_from_none_and_two_groups_of_one_kind_by_chance_only(
    rng: np.random.Generator,
) -> None:
    quiet, noisy, others = ([plain(rng, noise) for _ in range(60)] for noise in (2, 20, 2))
    assert telling_auc(quiet, noisy) == 1
    assert telling_auc(quiet, others) == pytest.approx(0.5, abs=0.15)


def test_of_few_pictures_it_says_nothing(rng: np.random.Generator) -> None:
    few, many = ([plain(rng, 2) for _ in range(n)] for n in (FEWEST - 1, FEWEST))
    assert telling_auc(few, many) is telling_auc(many, few) is None
    assert telling_auc(many, many) is not None


def test_of_a_plain_picture_there_is_no_detail_and_of_a_ramp_none_but_at_its_rim() -> None:
    assert detail(np.full((32, 32, 3), 90, np.uint8)) == pytest.approx(np.log(0.1), abs=1e-3)
    ramp = np.tile(np.arange(0, 128, 4, dtype=np.uint8)[:, None], (32, 1, 3)).reshape(32, 32, 3)
    assert detail(ramp) == pytest.approx(np.log(0.1), abs=1e-3)


def test_the_detail_of_a_chessboard_is_that_of_its_finest_octave() -> None:
    """Each brightness is 0 or 100, its four neighbours 100 or 0: a Laplacian of 400."""
    board = np.indices((32, 32)).sum(0) % 2 * 100
    numbers = detail(np.repeat(board[..., None], 3, axis=2).astype(np.uint8))
    assert numbers[:2] == pytest.approx(np.log(400.1), abs=1e-3)
    assert numbers[2:6] == pytest.approx(np.log(0.1), abs=1e-3)
