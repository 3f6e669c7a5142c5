"""What an answer loses without parts of a picture, beside heat: by hand, Quantus and captum."""

from functools import partial

import numpy as np
import pytest
import quantus
import torch
from captum.metrics import infidelity as captum_infidelity
from scipy import stats
from torch import Tensor, nn

from explainers.faithfulness import (
    CELLS,
    SETS,
    cell_of_pixels,
    cell_sums,
    each_cell,
    faithfulness_correlation,
    infidelity,
    losses,
    monotonicity,
    random_sets,
)

BLACK = torch.zeros(1, 1, 1)
SIDE = 6


class Network(nn.Module):
    """Two logits of a picture with one channel, which bend."""

    def __init__(self) -> None:
        super().__init__()
        weights = torch.randn(2, SIDE**2, generator=torch.Generator().manual_seed(3))
        self.weights = nn.Parameter(weights, requires_grad=False)

    def forward(self, images: Tensor) -> Tensor:
        return torch.tanh(images.flatten(1) @ self.weights.T / 3)


@pytest.fixture
def network() -> Network:
    return Network().eval()


@pytest.fixture
def picture() -> Tensor:
    """(1, side, side), of which every pixel differs from black."""
    return 0.2 + 0.8 * torch.rand(1, SIDE, SIDE, generator=torch.Generator().manual_seed(4))


@pytest.fixture
def heatmap() -> np.ndarray:
    return np.random.default_rng(5).random((SIDE, SIDE))


def logit(network: Network, images: Tensor) -> Tensor:
    return network(images)[:, 1]


def test_a_square_sums_its_pixels_and_sides_need_not_divide() -> None:
    """Three rows make squares of two and one, five columns of three and two."""
    heatmap = np.arange(15.0).reshape(3, 5)
    expected = [0 + 1 + 2 + 5 + 6 + 7, 3 + 4 + 8 + 9, 10 + 11 + 12, 13 + 14]
    assert cell_sums(heatmap, cells=2).tolist() == expected


def test_a_loss_is_what_the_logit_falls_by_when_squares_turn_plain() -> None:
    """The logit is three times the sum of the picture."""
    image = torch.tensor([[[1.0, 0.5], [0.25, 0.0]]])
    plain = torch.full((1, 1, 1), 0.25)
    sets = np.array([[True, False, False, False], [False, True, True, True]])
    lost = losses(lambda images: 3 * images.sum((1, 2, 3)), image, sets, plain=plain)
    assert lost == pytest.approx([3 * 0.75, 3 * (0.25 + 0 - 0.25)])


def test_losses_are_the_same_however_a_picture_of_three_channels_lies_in_memory() -> None:
    image, plain = torch.rand(3, 9, 7), torch.tensor([0.1, 0.5, 0.9]).view(3, 1, 1)
    channels_last = image.permute(1, 2, 0).contiguous().permute(2, 0, 1)
    squares = torch.from_numpy(cell_of_pixels((9, 7), 2))
    by_hand = [
        float(image.sum() - torch.where(squares == square, plain, image).sum())
        for square in range(4)
    ]
    for one in (image, channels_last):
        lost = losses(lambda images: images.sum((1, 2, 3)), one, each_cell(2), plain=plain)
        assert lost == pytest.approx(by_hand, abs=1e-4)


def test_random_sets_have_a_quarter_of_the_squares_and_follow_their_generator() -> None:
    sets = random_sets(np.random.default_rng(1))
    assert sets.shape == (SETS, CELLS**2)
    assert set(sets.sum(axis=1)) == {CELLS**2 // 4}
    assert (sets == random_sets(np.random.default_rng(1))).all()
    assert len(np.unique(sets, axis=0)) == SETS
    assert each_cell(2).tolist() == np.eye(4).tolist()


def test_the_three_by_hand() -> None:
    """Losses 1, 0, 2, −1 where the heat is 2, 1, 4, 1: the best scale is 9/22."""
    sums, lost = np.array([2.0, 1, 4, 1]), np.array([1.0, 0, 2, -1])
    assert monotonicity(sums, lost) == pytest.approx(
        stats.spearmanr([3, 1.5, 4, 1.5], [2.5, 1, 4, 2.5]).statistic
    )
    error = np.array([1 - 18 / 22, -9 / 22, 2 - 36 / 22, -1 - 9 / 22])
    assert infidelity(sums, lost) == pytest.approx((error**2).mean())
    sets = np.array([[1, 1, 0, 0], [0, 0, 1, 1], [0, 1, 1, 0]], dtype=bool)
    expected = np.corrcoef([3, 5, 5], [1, 1, 2])[0, 1]
    assert faithfulness_correlation(sums, sets, np.array([1.0, 1, 2])) == pytest.approx(expected)


def test_a_map_that_says_the_opposite_forecasts_no_better_than_none() -> None:
    sums, lost = np.array([2.0, 1, 0]), np.array([-2.0, -1, 0])
    assert infidelity(sums, lost) == pytest.approx((lost**2).mean())
    assert infidelity(-sums, lost) == pytest.approx(0)


@pytest.mark.parametrize("sums", [np.zeros(4), np.full(4, 0.1) + 1e-17])
def test_heat_that_is_the_same_everywhere_has_no_order(sums: np.ndarray) -> None:
    sets, lost = each_cell(2), np.array([1.0, 0, 2, -1])
    assert faithfulness_correlation(sums, sets, lost) is None
    assert monotonicity(sums, lost) is None
    assert monotonicity(lost, np.zeros(4)) is None
    assert (infidelity(sums, lost) is None) == (not sums.any())


def test_quantus_finds_the_same_correlation_of_the_same_sets(
    network: Network, picture: Tensor, heatmap: np.ndarray
) -> None:
    drawn: list[np.ndarray] = []

    def blackened(arr: np.ndarray, indices: np.ndarray, **_: object) -> np.ndarray:
        drawn.append(np.isin(np.arange(SIDE**2), indices))
        return np.where(drawn[-1], 0, arr)

    metric = quantus.FaithfulnessCorrelation(
        nr_runs=30, subset_size=9, perturb_func=blackened, normalise=False, **QUIET
    )
    (theirs,) = metric(network, picture[None].numpy(), np.array([1]), heatmap[None, None])
    sets = np.array(drawn)
    assert sets.sum(axis=1).tolist() == [9] * 30
    lost = losses(partial(logit, network), picture, sets, plain=BLACK)
    ours = faithfulness_correlation(cell_sums(heatmap, cells=SIDE), sets, lost)
    assert ours == pytest.approx(theirs, abs=1e-5)


def test_quantus_finds_the_same_monotonicity_where_one_colour_stands_for_all(
    network: Network, picture: Tensor, heatmap: np.ndarray
) -> None:
    metric = quantus.MonotonicityCorrelation(
        nr_samples=1, perturb_baseline=0.0, normalise=False, **QUIET
    )
    (theirs,) = metric(
        network, picture[None].numpy(), np.array([1]), heatmap[None, None], softmax=False
    )
    lost = losses(partial(logit, network), picture, each_cell(SIDE), plain=BLACK)
    assert monotonicity(cell_sums(heatmap, cells=SIDE), lost) == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize("opposite", [False, True])
def test_captum_finds_the_same_infidelity_unless_the_map_says_the_opposite(
    network: Network, picture: Tensor, heatmap: np.ndarray, opposite: bool
) -> None:
    lost = losses(partial(logit, network), picture, each_cell(SIDE), plain=BLACK)
    towards = heatmap + 3 * lost.reshape(SIDE, SIDE)
    shown = -towards if opposite else towards
    theirs = captum_infidelity(
        partial(logit, network),
        each_square_blackened,
        picture[None],
        torch.from_numpy(shown).float()[None, None],
        n_perturb_samples=SIDE**2,
        normalize=True,
    )
    ours = infidelity(cell_sums(shown, cells=SIDE), lost)
    if opposite:
        assert ours == pytest.approx((lost**2).mean())
        assert ours > float(theirs)
    else:
        assert ours == pytest.approx(float(theirs), rel=1e-4)


def each_square_blackened(pictures: Tensor) -> tuple[Tensor, Tensor]:
    """Captum's perturbation: which pixels go, and what is left of as many copies."""
    gone = torch.eye(SIDE**2).view(-1, 1, SIDE, SIDE)
    return gone, pictures * (1 - gone)


QUIET = {"disable_warnings": True, "display_progressbar": False}
