"""The CYBORG loss: by hand, against piqa, its laws, and what keeps its gradients in bounds."""

import piqa.ssim
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from piqa.utils.functional import gaussian_kernel
from torch import Tensor
from torch.nn import functional

from stimuli.sal.data.masks import MIN_RANGE, stretched
from stimuli.sal.learning.loss import cyborg_loss, saliency_loss, ssim

N, CLASSES, SIDE = 6, 4, 7
ALL, NONE = torch.ones(N, dtype=torch.bool), torch.zeros(N, dtype=torch.bool)
SOME = torch.tensor([True, False, True, True, False, False])


def batch(seed: int = 1) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Logits, model maps, labels and human maps."""
    chance = torch.Generator().manual_seed(seed)
    return (
        torch.randn(N, CLASSES, generator=chance),
        torch.randn(N, SIDE, SIDE, generator=chance),
        torch.randint(CLASSES, (N,), generator=chance),
        torch.rand(N, SIDE, SIDE, generator=chance),
    )


def test_one_window_is_what_piqa_sees_in_a_map_of_seven() -> None:
    _, first, _, second = batch()
    first = stretched(first)
    kernel = gaussian_kernel(SIDE, sigma=1.5).view(1, 1, SIDE)
    expected, _ = piqa.ssim.ssim(first[:, None], second[:, None], kernel)
    assert torch.allclose(ssim(first, second), expected, atol=1e-5)


def test_similarity_is_one_for_equal_maps_and_near_minus_one_for_opposite_ones() -> None:
    board = (torch.arange(SIDE)[:, None] + torch.arange(SIDE)) % 2
    first = board[None].float()
    empty, full = torch.zeros(1, SIDE, SIDE), torch.ones(1, SIDE, SIDE)
    assert float(ssim(first, first)) == pytest.approx(1)
    assert float(ssim(empty, empty)) == pytest.approx(1)
    assert float(ssim(first, 1 - first)) == pytest.approx(-1, abs=0.01)
    assert float(ssim(empty, full)) == pytest.approx(1e-4, abs=1e-5)  # C1 / (1 + C1)


def test_what_was_seen_in_inference_mode_does_not_keep_a_model_from_learning() -> None:
    maps = torch.rand(N, SIDE, SIDE - 1)
    with torch.inference_mode():
        saliency_loss(maps, maps)
    saliency_loss(maps.requires_grad_(), maps.detach().flip(1)).sum().backward()
    assert maps.grad is not None


def test_equal_maps_lose_nothing_whatever_their_scale() -> None:
    _, _, _, human = batch()
    human = stretched(human)
    assert torch.allclose(saliency_loss(7 * human - 3, human), torch.zeros(N), atol=1e-5)


def test_an_inverted_map_loses_what_the_reference_says() -> None:
    """2.92 for a disc: 1 - SSIM of nearly -1, and L1 of 1."""
    rows, columns = torch.meshgrid(torch.arange(SIDE), torch.arange(SIDE), indexing="ij")
    disc = (((rows - 3) ** 2 + (columns - 3) ** 2) <= 4)[None].float()
    assert float(saliency_loss(1 - disc, disc)) == pytest.approx(2.92, abs=0.06)


def test_the_mean_squared_difference_by_hand() -> None:
    """Stretched to 0, 1/4, 1/2 and 1: differences of 0, -3/4, 1/2 and 0."""
    maps = torch.tensor([[[-1.0, 0.0], [1.0, 3.0]]])
    human = torch.tensor([[[0.0, 1.0], [0.0, 1.0]]])
    assert saliency_loss(maps, human, "mse").tolist() == [(9 / 16 + 1 / 4) / 4]


def test_the_mean_squared_difference_is_what_torch_sees_in_stretched_maps() -> None:
    _, maps, _, human = batch()
    expected = functional.mse_loss(stretched(maps), human, reduction="none").mean((1, 2))
    assert torch.allclose(saliency_loss(maps, human, "mse"), expected)
    assert float(saliency_loss(7 * human - 3, stretched(human), "mse").max()) < 1e-10


def test_saliency_alone_is_the_mean_of_the_chosen_loss() -> None:
    logits, maps, labels, human = batch()
    for saliency in ("ssim_l1", "mse"):
        whole = cyborg_loss(logits, maps, labels, human, ALL, alpha=0, saliency=saliency)
        assert torch.allclose(whole, saliency_loss(maps, human, saliency).mean())


def test_with_every_map_it_is_the_mean_of_single_losses() -> None:
    logits, maps, labels, human = batch()
    parts = [
        cyborg_loss(*(x[k : k + 1] for x in (logits, maps, labels, human, ALL)), alpha=0.3)
        for k in range(N)
    ]
    whole = cyborg_loss(logits, maps, labels, human, ALL, alpha=0.3)
    assert torch.allclose(whole, torch.stack(parts).mean())


def test_a_mixed_batch_weighs_each_image_as_its_own_kind() -> None:
    logits, maps, labels, human = batch()
    guided = cyborg_loss(logits[SOME], maps[SOME], labels[SOME], human[SOME], ALL[:3], alpha=0.3)
    plain = functional.cross_entropy(logits[~SOME], labels[~SOME])
    mixed = cyborg_loss(logits, maps, labels, human, SOME, alpha=0.3)
    assert torch.allclose(mixed, (guided + plain) / 2)


def test_the_saliency_of_a_mixed_batch_is_divided_by_the_whole_batch() -> None:
    """K in equation 1 counts images, not maps; with alpha 0 only three of six images count."""
    logits, maps, labels, human = batch()
    loss = cyborg_loss(logits, maps, labels, human, SOME, alpha=0, without_mask="alpha")
    assert torch.allclose(loss, saliency_loss(maps, human)[SOME].sum() / N)


@pytest.mark.parametrize(("without_mask", "weight"), [("full", 1.0), ("alpha", 0.3)])
def test_images_without_a_map_weigh_one_or_alpha(without_mask: str, weight: float) -> None:
    logits, maps, labels, human = batch()
    entropies = functional.cross_entropy(logits, labels, reduction="none")
    guided = 0.3 * entropies + 0.7 * saliency_loss(maps, human)
    for has_map in (SOME, NONE):
        loss = cyborg_loss(
            logits, maps, labels, human, has_map, alpha=0.3, without_mask=without_mask
        )
        expected = sum(guided[has_map]) + weight * sum(entropies[~has_map])
        assert float(loss) == pytest.approx(float(expected) / N)


@pytest.mark.parametrize(("has_map", "alpha"), [(NONE, 0.3), (ALL, 1.0), (SOME, 1.0)])
def test_without_maps_or_with_alpha_one_the_gradient_is_that_of_cross_entropy(
    has_map: Tensor, alpha: float
) -> None:
    """Bit for bit: B1 and a saliency-trained model differ by saliency alone."""
    logits, maps, labels, human = batch()
    gradients = []
    for loss_of in (
        lambda x: cyborg_loss(x, maps, labels, human, has_map, alpha=alpha),
        lambda x: functional.cross_entropy(x, labels),
    ):
        inputs = logits.clone().requires_grad_()
        gradients += torch.autograd.grad(loss_of(inputs), inputs)
    assert torch.equal(*gradients)


def test_with_alpha_zero_no_logit_matters() -> None:
    logits, maps, labels, human = batch()
    logits.requires_grad_(), maps.requires_grad_()
    cyborg_loss(logits, maps, labels, human, ALL, alpha=0).backward()
    assert logits.grad is not None
    assert maps.grad is not None
    assert not logits.grad.any()
    assert maps.grad.any()


@given(st.permutations(range(N)), st.integers(0, 99))
def test_the_order_of_the_batch_does_not_matter(order: list[int], seed: int) -> None:
    parts = (*batch(seed), SOME)
    moved = [part[list(order)] for part in parts]
    assert torch.allclose(cyborg_loss(*parts, alpha=0.5), cyborg_loss(*moved, alpha=0.5))


@given(st.floats(0.1, 50), st.floats(-20, 20), st.integers(0, 99))
def test_scale_and_shift_of_a_map_do_not_matter(factor: float, shift: float, seed: int) -> None:
    _, maps, _, human = batch(seed)
    moved = saliency_loss(factor * maps + shift, human)
    assert torch.allclose(moved, saliency_loss(maps, human), atol=1e-3)


def test_the_gradient_grows_as_the_range_of_a_map_falls() -> None:
    _, maps, _, human = batch()
    norms = []
    for deviation in (10.0, 1.0):
        inputs = (maps * deviation).requires_grad_()
        (gradient,) = torch.autograd.grad(saliency_loss(inputs, human).sum(), inputs)
        norms.append(float(gradient.norm()))
    assert norms[1] == pytest.approx(10 * norms[0], rel=1e-3)


@pytest.mark.parametrize("deviation", [0.0, 1e-8, 1e-6])
def test_a_flat_map_has_a_finite_loss_and_a_bounded_gradient(deviation: float) -> None:
    """Not 7e4 and more, as with a tiny number added to the range."""
    _, maps, _, human = batch()
    inputs = (maps * deviation + 2).requires_grad_()
    loss = saliency_loss(inputs, human)
    (gradient,) = torch.autograd.grad(loss.sum(), inputs)
    assert bool(loss.isfinite().all())
    assert float(gradient.norm(dim=(1, 2)).max()) < 3 / MIN_RANGE


def test_autocast_does_not_round_the_similarity() -> None:
    _, maps, _, human = batch()
    expected = saliency_loss(maps, human)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        losses = saliency_loss(maps, human)
    assert losses.dtype == torch.float32
    assert torch.equal(losses, expected)
