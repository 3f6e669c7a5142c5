"""How much a map changes with noise: by hand, as captum has it, and as Quantus has it."""

import numpy as np
import pytest
import quantus
import torch
from captum.metrics import sensitivity_max
from torch import Tensor, nn

from explainers.noisy_pictures import COPIES, RADIUS, Changes, changes, lipschitz, max_sensitivity

SIDE = 5


def squares(images: Tensor) -> Tensor:
    """A map that is the square of the picture's red."""
    return images[:, 0] ** 2


@pytest.fixture
def image() -> Tensor:
    return torch.rand(3, SIDE, SIDE, generator=torch.Generator().manual_seed(2))


def seen_copies(image: Tensor, seed: int) -> list[Tensor]:
    """The noisy copies that an explainer is asked about."""
    copies: list[Tensor] = []

    def explain(images: Tensor) -> Tensor:
        copies.append(images[0].clone())
        return squares(images)

    changes(explain, image, squares(image[None])[0], seed=seed)
    return copies


def test_both_are_maxima_over_the_copies() -> None:
    moved = Changes(pictures=np.array([2.0, 1.0]), maps=np.array([6.0, 5.0]), heat=4.0)
    assert max_sensitivity(moved) == 6 / 4
    assert lipschitz(moved) == 5


def test_a_map_without_heat_has_neither_and_no_slope_is_divided_by_nothing() -> None:
    nothing = Changes(pictures=np.array([1.0]), maps=np.array([0.0]), heat=0.0)
    assert max_sensitivity(nothing) is None
    assert lipschitz(nothing) is None
    unmoved = Changes(pictures=np.array([0.0]), maps=np.array([0.0]), heat=1.0)
    assert lipschitz(unmoved) is None
    assert max_sensitivity(unmoved) == 0


def test_a_constant_map_changes_least() -> None:
    moved = changes(
        lambda images: torch.ones(1, 4, 4), torch.rand(3, 4, 4), torch.ones(4, 4), seed=1
    )
    assert (max_sensitivity(moved), lipschitz(moved)) == (0, 0)


def test_copies_lie_within_the_radius_and_are_pictures_drawn_by_the_seed(image: Tensor) -> None:
    image[0, 0, :2] = torch.tensor([0.0, 1.0])
    copies = seen_copies(image, seed=7)
    assert len(copies) == COPIES
    noise = torch.stack(copies) - image
    assert 0.9 * RADIUS < float(noise.abs().max()) <= RADIUS + 1e-6
    assert float(torch.stack(copies).min()) >= 0
    assert float(torch.stack(copies).max()) <= 1
    assert all(torch.equal(*pair) for pair in zip(copies, seen_copies(image, seed=7), strict=True))
    assert not torch.equal(copies[0], seen_copies(image, seed=8)[0])
    assert not torch.equal(copies[0], copies[1])


def test_captum_finds_the_same_sensitivity_of_the_same_copies(image: Tensor) -> None:
    moved = changes(squares, image, squares(image[None])[0], seed=3)
    copies = torch.stack(seen_copies(image, seed=3))
    theirs = sensitivity_max(
        lambda images: (squares(images[0] if isinstance(images, tuple) else images),),
        image[None],
        perturb_func=lambda images: copies,
        n_perturb_samples=COPIES,
    )
    assert max_sensitivity(moved) == pytest.approx(float(theirs), rel=1e-5)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (max_sensitivity, quantus.MaxSensitivity),
        (lipschitz, quantus.LocalLipschitzEstimate),
    ],
)
def test_quantus_finds_the_same_of_the_same_copies(image: Tensor, ours, theirs) -> None:
    """Its Lipschitz estimate has Manhattan distances of maps unless it is told otherwise."""
    copies = iter(seen_copies(image, seed=3))

    def explain(model: nn.Module, inputs: np.ndarray, targets: object, **_: object) -> np.ndarray:
        return squares(torch.as_tensor(inputs))[:, None].numpy()

    heatmap = squares(image[None])
    metric = theirs(
        nr_samples=COPIES,
        normalise=False,
        perturb_func=lambda arr, indices, **_: next(copies).numpy().reshape(arr.shape),
        disable_warnings=True,
    )
    (value,) = metric(
        nn.Sequential(nn.Flatten(), nn.Linear(3 * SIDE**2, 2)),
        image[None].numpy(),
        np.array([1]),
        heatmap[:, None].numpy(),
        explain_func=explain,
    )
    moved = changes(squares, image, heatmap[0], seed=3)
    assert ours(moved) == pytest.approx(value, rel=1e-5)
