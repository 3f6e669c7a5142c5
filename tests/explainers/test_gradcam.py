"""GradCAM on a network whose weights are set by hand."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from explainers.cam import heat_maps
from explainers.classifier import Classifier, new_classifier
from explainers.gradcam import gradcam, gradcam_plus_plus, hirescam
from explainers.networks.backbones import Backbone
from explainers.probes import probe_maps


def image(red: list[list[float]], green: list[list[float]]) -> torch.Tensor:
    """(1, 3, 2, 2)."""
    return torch.tensor([[red, green, [[0.0, 0.0], [0.0, 0.0]]]])


def test_the_map_is_relu_of_the_weighted_maps_over_its_maximum(by_hand: Classifier) -> None:
    """Weights are w / 4; 2 red - green = [[.8, .4], [-.5, 0]] / 4, so ReLU and max give this."""
    picture = image([[0.4, 0.3], [0.0, 0.1]], [[0.0, 0.2], [0.5, 0.2]])
    heatmap = gradcam(by_hand, picture, torch.tensor([0]))
    assert torch.allclose(heatmap, torch.tensor([[[1.0, 0.5], [0.0, 0.0]]]))


def test_the_label_decides_which_class_is_explained(by_hand: Classifier) -> None:
    picture = image([[0.4, 0.3], [0.0, 0.1]], [[0.0, 0.2], [0.5, 0.2]])
    heatmap = gradcam(by_hand, picture, torch.tensor([1]))
    assert torch.allclose(heatmap, torch.tensor([[[0.0, 0.0], [1.0, 0.2]]]))


def test_a_map_without_support_is_zero_and_finite(by_hand: Classifier) -> None:
    picture = image([[0.0, 0.0], [0.0, 0.0]], [[0.5, 0.5], [0.5, 0.5]])
    assert torch.equal(gradcam(by_hand, picture, torch.tensor([0])), torch.zeros(1, 2, 2))


def test_each_image_of_a_batch_is_explained_as_if_it_were_alone(by_hand: Classifier) -> None:
    pictures = torch.rand(4, 3, 6, 6, generator=torch.Generator().manual_seed(3))
    labels = torch.tensor([0, 1, 1, 0])
    together = gradcam(by_hand, pictures, labels)
    alone = [gradcam(by_hand, pictures[n : n + 1], labels[n : n + 1]) for n in range(4)]
    assert torch.allclose(together, torch.cat(alone))
    assert together.min() >= 0
    assert together.amax(dim=(1, 2)).eq(1).all()


def test_a_map_without_pooling_to_undo_equals_the_closed_form_by_autograd() -> None:
    """Second implementation: gradients by hand, on a real architecture."""
    tiny = new_classifier("tiny", weights="none", classes=("a", "b", "c"), seed=6).eval()
    pictures = torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(1))
    labels = tiny(pictures).argmax(1).detach()
    maps = tiny.features(tiny.normalise(pictures)).detach().requires_grad_()
    logits = tiny.head(maps)
    (gradient,) = torch.autograd.grad(logits[range(2), labels].sum(), maps)
    coarse = torch.relu((gradient.mean((2, 3), keepdim=True) * maps).sum(1, keepdim=True)).detach()
    fine = nn.functional.interpolate(coarse, (64, 64), mode="bilinear", align_corners=False)[:, 0]
    assert fine.amax((1, 2)).min() > 0
    expected = fine / fine.amax((1, 2), keepdim=True)
    assert torch.allclose(gradcam(tiny, pictures, labels), expected, atol=1e-5)


def flat_head(weights: list[float]) -> Classifier:
    """One map, the red channel of two pixels, and a logit that weighs each by itself."""
    features = nn.Conv2d(3, 1, 1, bias=False)
    features.weight.data = torch.tensor([1.0, 0, 0]).view(1, 3, 1, 1)
    linear = nn.Linear(2, 1, bias=False)
    linear.weight.data = torch.tensor([weights])
    parts = Backbone(
        features=nn.Sequential(features),
        head=nn.Sequential(nn.Flatten(), linear),
        mean=(0.0, 0.0, 0.0),
        std=(1.0, 1.0, 1.0),
    )
    return Classifier(backbone="by hand", parts=parts, classes=("a",)).eval()


def test_hirescam_weighs_each_place_by_its_own_gradient_and_gradcam_by_their_mean() -> None:
    picture = torch.tensor([[[[0.5, 0.4]], [[0.0, 0.0]], [[0.0, 0.0]]]])
    network, label = flat_head([3.0, -1.0]), torch.tensor([0])
    assert hirescam(network, picture, label).tolist() == [[[1.0, 0.0]]]
    assert torch.allclose(gradcam(network, picture, label), torch.tensor([[[1.0, 0.8]]]))


def test_gradcam_plus_plus_takes_positive_gradients_and_smaller_shares_of_larger_maps(
    by_hand: Classifier,
) -> None:
    """For the first label only red has a positive gradient, so that the map is red's."""
    picture = image([[0.4, 0.3], [0.0, 0.1]], [[0.0, 0.2], [0.5, 0.2]])
    heatmap = gradcam_plus_plus(by_hand, picture, torch.tensor([0]))
    assert torch.allclose(heatmap, torch.tensor([[[1.0, 0.75], [0.0, 0.25]]]))
    by_hand.last_layer.weight.data = torch.tensor([[2.0, 4.0], [0.0, 0.0]])
    # Weights 4 g / (2 + g sum A): red 2 / 2.4, green 4 / 2.9.
    expected = torch.tensor([[2 / 2.4 * 0.4, 2 / 2.4 * 0.3 + 4 / 2.9 * 0.2],
                             [4 / 2.9 * 0.5, 2 / 2.4 * 0.1 + 4 / 2.9 * 0.2]])  # fmt: skip
    heatmap = gradcam_plus_plus(by_hand, picture, torch.tensor([0]))[0]
    assert torch.allclose(heatmap, expected / expected.max())


@pytest.mark.parametrize(
    ("explainer", "probe"),
    [(gradcam, "gradcam"), (hirescam, "hirescam"), (gradcam_plus_plus, "gradcam++")],
)
def test_what_is_shown_is_what_the_probe_of_that_name_trains(
    explainer: Callable[[Classifier, Tensor, Tensor], Tensor], probe: str
) -> None:
    """Second implementation: the closed forms that saliency training uses."""
    tiny = new_classifier("tiny", weights="none", classes=("a", "b", "c"), seed=6).eval()
    pictures = torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(1))
    labels = torch.tensor([0, 2])
    with torch.no_grad():
        closed = probe_maps(probe, tiny, tiny.maps(pictures), labels)
    assert torch.allclose(explainer(tiny, pictures, labels), heat_maps(closed, (64, 64)), atol=1e-5)
