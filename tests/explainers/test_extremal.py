"""Extremal perturbations where the best mask is known: one patch decides, the rest is noise."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from explainers.backbones import Backbone
from explainers.blurring import blur_pyramid, gaussian_blur, preserved
from explainers.classifier import Classifier, new_classifier
from explainers.extremal import (
    MaskSettings,
    _area_weights,
    _Game,
    extremal_masks,
    extremal_perturbation,
    heat_maps,
)
from explainers.smooth_masks import area_errors, enlarged, smooth_masks

SIDE = 64
SETTINGS = MaskSettings(step_px=4, sigma_px=8, margin_px=0, max_blur_px=10)
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


def generator() -> torch.Generator:
    return torch.Generator().manual_seed(1)


def test_the_mask_covers_the_place_that_decides_and_as_much_as_asked() -> None:
    """A square of 24 px, nine sixty-fourths of the image, in the middle of its mirror image too."""
    classifier = one_place_decides(top=32, left=20, side=24)
    found = extremal_masks(
        classifier,
        noise(1),
        torch.tensor([0]),
        areas=(9 / 64, 3 / 10),
        n_steps=STEPS,
        settings=SETTINGS,
        generator=generator(),
    )
    small, large = found.masks[0]
    assert small[32:56, 20:44].sum() / small.sum() > 0.55  # a random place: 0.14
    assert large[32:56, 20:44].mean() > 0.95
    assert found.masks.mean((2, 3))[0].tolist() == pytest.approx(
        [9 / 64, 3 / 10], abs=AREA_TOLERANCE
    )


def test_with_a_margin_a_mask_covers_more_of_the_view_by_the_margins_share() -> None:
    """Of 16 x 16 seeds and two more on each side: 400 places for 256."""
    found = extremal_masks(
        one_place_decides(top=20, left=20, side=24),
        noise(1),
        torch.tensor([0]),
        areas=(0.1, 0.2),
        n_steps=STEPS,
        settings=replace(SETTINGS, margin_px=8),
        generator=generator(),
    )
    assert found.masks.shape == (1, 2, SIDE, SIDE)
    assert found.masks.mean((2, 3))[0].tolist() == pytest.approx(
        [0.1 * 400 / 256, 0.2 * 400 / 256], abs=AREA_TOLERANCE
    )


def test_a_mask_ends_where_the_view_does_and_is_as_it_was_inside() -> None:
    """One seed makes the same blob with and without a margin."""
    seeds = torch.zeros(1, 16, 16)
    seeds[0, 5, 9] = 1
    masks = []
    for margin_px in (0, 8):
        game = _Game(
            network=nn.Identity(),
            pyramid=torch.zeros(1, 8, 3, SIDE, SIDE),
            labels=torch.tensor([0]),
            areas=(0.1,),
            settings=replace(SETTINGS, margin_px=margin_px),
        )
        masks.append(game.fine(game.masks(seeds)))
    assert torch.allclose(*masks, atol=1e-6)


def test_the_logits_are_those_of_the_image_where_only_the_mask_is_sharp() -> None:
    classifier = one_place_decides(top=32, left=20, side=24)
    image = noise(1)
    found = extremal_masks(
        classifier,
        image,
        torch.tensor([0]),
        areas=(9 / 64, 3 / 10),
        n_steps=STEPS,
        settings=SETTINGS,
        generator=generator(),
    )
    shown = preserved(blur_pyramid(image, levels=8, max_sigma=10), found.masks)[0]
    assert torch.allclose(classifier(shown)[:, 0], found.logits[0])
    whole, blurred = classifier(image)[0, 0], classifier(gaussian_blur(image, 10))[0, 0]
    assert blurred < 0.05 * whole
    assert found.logits[0, 0] > 0.2 * whole
    assert found.logits[0, 1] > 0.85 * whole


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
            generator=generator(),
        )[0]
        row, column = divmod(int(heatmap.argmax()), SIDE)
        assert abs(row - (top + 6)) <= 6
        assert abs(column - (left + 6)) <= 6
        assert float(heatmap.min()) >= 0
        assert float(heatmap.max()) == 1


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
        generator=generator(),
    ).masks[0, 0]
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
        generator=generator(),
    )
    assert heatmaps.isfinite().all()
    assert float(heatmaps.min()) >= 0
    assert heatmaps.amax((1, 2)).tolist() == [1, 1]


@pytest.fixture(scope="module")
def tiny() -> Classifier:
    return new_classifier("tiny", weights="none", classes=("a", "b", "c"), seed=6).eval()


def explained(classifier: Classifier, images: Tensor, labels: Tensor, *, seed: int = 1) -> Tensor:
    """Masks of a few steps."""
    return extremal_masks(
        classifier,
        images,
        labels,
        areas=(0.1, 0.3),
        n_steps=6,
        settings=MaskSettings(step_px=8, sigma_px=16),
        generator=torch.Generator().manual_seed(seed),
    ).masks


def test_each_image_of_a_batch_is_explained_as_if_it_were_alone(tiny: Classifier) -> None:
    images, labels = noise(3), torch.tensor([0, 2, 1])
    together = explained(tiny, images, labels)
    alone = [explained(tiny, images[n : n + 1], labels[n : n + 1]) for n in range(3)]
    assert torch.allclose(together, torch.cat(alone), atol=1e-3)


def test_a_seed_gives_the_same_masks_again_and_another_seed_others(tiny: Classifier) -> None:
    images, labels = noise(1), torch.tensor([0])
    first = explained(tiny, images, labels)
    assert torch.equal(first, explained(tiny, images, labels))
    assert not torch.equal(first, explained(tiny, images, labels, seed=2))


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


def test_a_lone_seed_paints_a_round_blob_of_radius_sigma() -> None:
    seeds = torch.zeros(1, 33, 33)
    seeds[0, 16, 16] = 1
    blob = smooth_masks(seeds, sigma=3)[0]
    assert float(blob[16, 16]) == 1
    assert torch.allclose(blob, blob.T)
    assert torch.allclose(blob, blob.flip(0))
    assert float(blob[16, 19]) == pytest.approx(2.718281828459045 ** (-2 * 0.5**2), abs=0.02)
    assert float(blob[16, 19]) > 0.5 > float(blob[16, 20])
    assert float(blob[16, 21]) == 0


def test_seeds_of_one_make_a_mask_of_one_and_no_seeds_none() -> None:
    for value in (0.0, 1.0):
        masks = smooth_masks(torch.full((2, 9, 7), value), sigma=2)
        assert torch.allclose(masks, torch.full((2, 9, 7), value))
        assert torch.allclose(enlarged(masks, (63, 49)), torch.full((2, 63, 49), value))


def test_the_smooth_maximum_equals_its_definition_written_out() -> None:
    """Second implementation: loops over every pair of places."""
    seeds = torch.rand(1, 5, 6, generator=generator(), dtype=torch.float64)
    places = [(r, c) for r in range(-9, 15) for c in range(-9, 16)]

    def at(row: int, column: int, values: Tensor) -> float:
        painted = []
        for r, c in places:
            distance = ((r - row) ** 2 + (c - column) ** 2) ** 0.5
            if max(abs(r - row), abs(c - column)) <= 3:
                inside = 0 <= r < 5 and 0 <= c < 6
                kernel = 2.718281828459045 ** (-2 * max(0.0, distance / 1.5 - 0.5) ** 2)
                painted.append(kernel * float(values[r, c]) if inside else 0.0)
        f = torch.tensor(painted, dtype=torch.float64)
        return float((f * (20 * f).exp()).sum() / (20 * f).exp().sum())

    ones = torch.ones(5, 6, dtype=torch.float64)
    expected = [[min(1.0, at(r, c, seeds[0]) / at(r, c, ones)) for c in range(6)] for r in range(5)]
    masks = smooth_masks(seeds, sigma=1.5)[0]
    assert torch.allclose(masks, torch.tensor(expected, dtype=torch.float64))


def test_the_area_error_is_the_distance_of_the_sorted_mask_from_a_step() -> None:
    """Ten places: asked for .25, two and a half of them ought to be 1."""
    mask = torch.tensor([0.0, 1, 0, 0.2, 0, 0, 1, 0, 0, 0]).view(1, 1, 2, 5)
    assert float(area_errors(mask, [0.25])) == pytest.approx((0.5 - 0.2) ** 2 / 10)
    assert float(area_errors(mask, [0.1])) == pytest.approx((1 + 0.2**2) / 10)


def test_the_area_weighs_more_and_more_and_twice_as_much_for_a_quarter_of_it() -> None:
    for share, expected in ((0, 300), (0.5, (300 * 7000) ** 0.5), (1, 7000)):
        weights = _area_weights(share, (300, 7000), (0.05, 0.2, 0.0125))
        assert weights.tolist() == pytest.approx([expected, expected / 2, expected * 2])


def test_nudges_decide_among_equal_places_and_leave_the_values_alone() -> None:
    """Two of four places are equal: with a share of half, either may be the second one."""
    mask = torch.tensor([[0.4, 0.9], [0.4, 0.1]]).view(1, 1, 2, 2).requires_grad_()
    for nudges, chosen in (([0.05, 0, 0, 0], 0), ([0, 0, 0.05, 0], 2)):
        error = area_errors(mask, [0.5], torch.tensor(nudges).view(2, 2))
        assert error.item() == pytest.approx((0.6**2 + 0.1**2 + 0.4**2 + 0.1**2) / 4)
        (slope,) = torch.autograd.grad(error, [mask])
        assert [n for n, value in enumerate(slope.flatten()) if value < 0] == sorted({chosen, 1})


def test_the_blur_of_a_spot_is_a_gaussian_and_keeps_its_sum() -> None:
    spot = torch.zeros(1, 41, 41, dtype=torch.float64)
    spot[0, 20, 20] = 1
    blurred = gaussian_blur(spot, 3)[0]
    assert float(blurred.sum()) == pytest.approx(1, abs=1e-5)
    assert float(blurred[20, 23] / blurred[20, 20]) == pytest.approx(2.718281828459045**-0.5)
    flat = torch.full((1, 9, 13), 0.3)
    assert torch.allclose(gaussian_blur(flat, 20), flat)


def test_masks_choose_the_level_of_blur_and_mix_the_nearest_two() -> None:
    pyramid = torch.tensor([8.0, 4.0, 0.0]).view(1, 3, 1, 1, 1).expand(1, 3, 3, 1, 4)
    masks = torch.tensor([1.0, 0.5, 0.75, 0.0]).view(1, 1, 1, 4)
    assert preserved(pyramid, masks)[0, 0, 0, 0].tolist() == [8, 4, 6, 0]


def test_heat_maps_are_the_smoothed_sum_of_the_masks_over_its_maximum() -> None:
    masks = torch.rand(2, 4, 20, 30, generator=generator())
    smooth = gaussian_blur(masks.sum(1), 1.8)
    expected = smooth / smooth.amax((1, 2), keepdim=True)
    assert torch.allclose(heat_maps(masks), expected)
    assert torch.equal(heat_maps(torch.zeros(1, 4, 8, 8)), torch.zeros(1, 8, 8))
