"""Extremal perturbations where the best mask is known: one patch decides, the rest is noise."""

import pytest
import torch
from torch import Tensor, nn

from explainers.blurring import blur_pyramid, gaussian_blur, preserved
from explainers.classifier import Classifier, new_classifier
from explainers.extremal import (
    ExtremalMasks,
    MaskSettings,
    _Game,
    _path,
    extremal_masks,
    extremal_perturbation,
    heat_maps,
)
from explainers.networks.backbones import Backbone

SIDE = 64
SETTINGS = MaskSettings(step_px=4, sigma_px=8, max_blur_px=10)
# Of 16 x 16 seeds, 15 steps of 4 px and 8 px to each side: a mask may cover more of the image.
MARGINS_SHARE = 77**2 / SIDE**2
STEPS = 40
# A soft edge covers more than its half height; measured here: 0.025.
AREA_TOLERANCE = 0.04


class _Contrast(nn.Module):
    """Local contrast: the squared difference of horizontal neighbours, which blur removes."""

    def forward(self, images: Tensor) -> Tensor:
        return (images[..., 1:] - images[..., :-1]).square().sum(1, keepdim=True)


def one_place_decides(*, top: int, left: int, side: int, worth: float = 30) -> Classifier:
    """Logits: contrast within a square, and minus it; of a contrast of 1, `worth`."""
    linear = nn.Linear(SIDE * (SIDE - 1), 2, bias=False)
    weights = torch.zeros(SIDE, SIDE - 1)
    weights[top : top + side, left : left + side] = worth / side**2
    linear.weight.data = torch.stack([weights.flatten(), -weights.flatten()])
    parts = Backbone(
        features=_Contrast(),
        head=nn.Sequential(nn.Flatten(), linear),
        mean=(0.0, 0.0, 0.0),
        std=(1.0, 1.0, 1.0),
    )
    return Classifier(backbone="by hand", parts=parts, classes=("a", "b")).eval()


def noise(n: int, *, seed: int = 0) -> Tensor:
    """(n, 3, SIDE, SIDE), contrast everywhere."""
    return torch.rand(n, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(seed))


def test_the_mask_covers_the_place_that_decides_and_as_much_as_asked() -> None:
    """A square of 24 px in the middle, nine sixty-fourths of the image, of its mirror image too."""
    fits = extremal_masks(
        one_place_decides(top=32, left=20, side=24),
        noise(1),
        torch.tensor([0]),
        areas=(0.1, 0.2),
        n_steps=STEPS,
        settings=SETTINGS,
    )
    small, large = fits.best[0]
    assert small[32:56, 20:44].sum() / small.sum() > 0.55  # a random place: 0.14
    assert large[32:56, 20:44].mean() > 0.9
    for fit in fits.masks.mean((3, 4))[0].tolist():
        assert fit == pytest.approx([0.1 * MARGINS_SHARE, 0.2 * MARGINS_SHARE], abs=AREA_TOLERANCE)


def test_a_mask_reaches_from_sigma_before_the_first_seed_to_sigma_after_the_last() -> None:
    """The seed of the first row and second column is at pixel (0, 4) of the image."""
    game = _Game(
        network=nn.Identity(),
        pyramid=torch.zeros(1, 8, 3, SIDE, SIDE),
        labels=torch.tensor([0]),
        areas=(0.1,),
        settings=SETTINGS,
    )
    seeds = game.first_seeds(0.0)
    seeds[0, 0, 1] = 1
    whole = game.masks(seeds)
    assert seeds.shape == (1, 16, 16)
    assert whole.shape == (1, 1, 77, 77)
    assert float(whole[0, 0, 8, 12]) == pytest.approx(1)
    inside = game.of_image(whole)[0, 0]
    assert inside.shape == (SIDE, SIDE)
    assert float(inside[0, 4]) == pytest.approx(1)


def test_the_logits_are_those_of_the_image_where_only_the_mask_is_sharp() -> None:
    classifier = one_place_decides(top=32, left=20, side=24)
    image = noise(1)
    fits = extremal_masks(
        classifier,
        image,
        torch.tensor([0]),
        areas=(9 / 64, 3 / 10),
        n_steps=STEPS,
        settings=SETTINGS,
    )
    pyramid = blur_pyramid(image, levels=8, max_sigma=10, black_outside=True)
    inputs = preserved(pyramid, fits.masks.flatten(1, 2))[0]
    logits = (classifier(inputs) + classifier(inputs.flip(3)))[:, 0] / 2
    assert torch.allclose(logits, fits.logits[0].flatten())
    whole, blurred = (
        (classifier(x) + classifier(x.flip(3)))[0, 0] / 2 for x in (image, pyramid[:, -1])
    )
    assert blurred < 0.05 * whole
    assert (fits.logits[0, :, 0] > 0.2 * whole).all()
    assert (fits.logits[0, :, 1] > 0.85 * whole).all()


def test_the_heat_map_peaks_where_the_image_has_what_decides() -> None:
    """The classifier looks everywhere; all but a square is flat."""
    classifier = one_place_decides(top=0, left=0, side=SIDE, worth=800)
    for top, left in ((4, 44), (40, 8)):
        image = torch.full((1, 3, SIDE, SIDE), 0.5)
        image[..., top : top + 12, left : left + 12] = noise(1)[..., :12, :12]
        heatmap = extremal_perturbation(
            classifier,
            image,
            torch.tensor([0]),
            n_steps=STEPS,
            settings=SETTINGS,
        )[0]
        row, column = divmod(int(heatmap.argmax()), SIDE)
        assert abs(row - (top + 6)) <= 6
        assert abs(column - (left + 6)) <= 6
        assert float(heatmap.min()) >= 0
        assert float(heatmap.max()) == 1


@pytest.mark.slow
def test_the_mirror_image_counts_as_much_as_the_image() -> None:
    """A place that decides is found in the mirror image also, on the other side.

    Broad stripes and small steps: noise would be lost on one side before the other is seen.
    """
    classifier = one_place_decides(top=24, left=4, side=16, worth=100)
    stripes = (torch.arange(SIDE) // 8 % 2).float().expand(1, 3, SIDE, SIDE)
    mask = extremal_masks(
        classifier,
        stripes,
        torch.tensor([0]),
        areas=(1 / 8,),
        n_steps=5 * STEPS,
        settings=SETTINGS,
    ).best[0, 0]
    left, right = (float(mask[24:40, start : start + 16].mean()) for start in (4, 44))
    assert min(left, right) > 0.6


def test_a_label_without_support_still_has_a_finite_map() -> None:
    """The second logit is best where nothing is sharp; a flat image says nothing anywhere."""
    classifier = one_place_decides(top=20, left=20, side=16)
    images = torch.cat([noise(1), torch.full((1, 3, SIDE, SIDE), 0.5)])
    heatmaps = extremal_perturbation(
        classifier,
        images,
        torch.tensor([1, 0]),
        n_steps=20,
        settings=SETTINGS,
    )
    assert heatmaps.isfinite().all()
    assert float(heatmaps.min()) >= 0
    assert heatmaps.amax((1, 2)).tolist() == [1, 1]


@pytest.fixture(scope="module")
def tiny() -> Classifier:
    return new_classifier("tiny", weights="none", classes=("a", "b", "c"), seed=6).eval()


def explained(classifier: Classifier, images: Tensor, labels: Tensor) -> Tensor:
    """Masks of a few steps."""
    return extremal_masks(
        classifier,
        images,
        labels,
        areas=(0.1, 0.3),
        n_steps=6,
        settings=MaskSettings(step_px=8, sigma_px=16),
    ).masks


def test_each_image_of_a_batch_is_explained_as_if_it_were_alone(tiny: Classifier) -> None:
    images, labels = noise(3), torch.tensor([0, 2, 1])
    together = explained(tiny, images, labels)
    alone = [explained(tiny, images[n : n + 1], labels[n : n + 1]) for n in range(3)]
    assert torch.allclose(together, torch.cat(alone), atol=1e-3)


def test_a_picture_has_the_same_masks_again(tiny: Classifier) -> None:
    images, labels = noise(1), torch.tensor([0])
    assert torch.equal(explained(tiny, images, labels), explained(tiny, images, labels))


def test_the_classifier_is_left_as_it_was(tiny: Classifier) -> None:
    classifier = new_classifier("tiny", weights="none", classes=("a", "b"), seed=1).train()
    classifier.head.eval()
    before = {name: value.clone() for name, value in classifier.state_dict().items()}
    explained(classifier, noise(1), torch.tensor([0]))
    assert classifier.features.training
    assert not classifier.head.training
    assert all(p.grad is None and p.requires_grad for p in classifier.parameters())
    assert not any(m._forward_hooks or m._backward_hooks for m in classifier.modules())
    assert all(torch.equal(before[n], v) for n, v in classifier.state_dict().items())


def test_any_number_of_steps_follows_one_path_and_half_of_them_its_beginning() -> None:
    lengths, weights = zip(*_path(600), strict=True)
    assert lengths == pytest.approx([1] * 300 + [2] * 300)
    assert [weights[0], weights[300]] == pytest.approx([300, 300 * 1.0035**300])
    assert weights[599] * 1.0035 ** (5 / 3) == pytest.approx(300 * 1.0035**800)
    assert [length for length, _ in _path(4)] == pytest.approx([150, 150, 300, 300])
    assert list(_path(1)) == [pytest.approx((900, 300))]


def test_of_two_fits_the_mask_that_preserves_the_higher_logit_is_the_best(
    generator: torch.Generator,
) -> None:
    masks = torch.rand(1, 2, 3, 4, 4, generator=generator)
    fits = ExtremalMasks(masks=masks, logits=torch.tensor([[[1.0, 5.0, 2.0], [3.0, 4.0, 2.5]]]))
    assert torch.equal(fits.best[0], torch.stack([masks[0, 1, 0], masks[0, 0, 1], masks[0, 1, 2]]))


def test_heat_maps_are_the_smoothed_sum_of_the_masks_over_its_maximum(
    generator: torch.Generator,
) -> None:
    masks = torch.rand(2, 2, 4, 20, 30, generator=generator)
    smooth = gaussian_blur(masks.sum((1, 2)), 1.8)
    expected = smooth / smooth.amax((1, 2), keepdim=True)
    assert torch.allclose(heat_maps(masks), expected)
    assert torch.equal(heat_maps(torch.zeros(1, 2, 4, 8, 8)), torch.zeros(1, 8, 8))
