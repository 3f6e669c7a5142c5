"""Class activation maps: by hand, against GradCAM, and as something to train with."""

import pytest
import torch
from captum.attr import LayerGradCam
from torch import nn

from explainers.cam import cam, heat_maps
from explainers.classifier import Classifier, new_classifier
from explainers.gradcam import gradcam


@pytest.fixture(scope="module", params=["tiny", "resnet18", "efficientnet_lite0"])
def classifier(request: pytest.FixtureRequest) -> Classifier:
    """Random weights; every head is a global average and a linear layer."""
    classes = ("a", "b", "c", "d")
    return new_classifier(request.param, weights="none", classes=classes, seed=6).eval()


def pictures(n: int) -> torch.Tensor:
    """(n, 3, 64, 64) in [0, 1]."""
    return torch.rand(n, 3, 64, 64, generator=torch.Generator().manual_seed(1))


def test_the_map_is_the_sum_of_the_maps_by_the_row_of_the_label(by_hand: Classifier) -> None:
    picture = torch.tensor([[[[0.4, 0.3], [0.0, 0.1]], [[0.0, 0.2], [0.5, 0.2]], [[0.0] * 2] * 2]])
    maps = by_hand.maps(picture)
    both = cam(by_hand, maps.expand(2, -1, -1, -1), torch.tensor([0, 1]))
    first, second = [[0.8, 0.4], [-0.5, 0.0]], [[-0.4, -0.1], [0.5, 0.1]]
    assert torch.allclose(both, torch.tensor([first, second]))


def test_the_mean_of_the_map_is_the_logit_less_its_bias(classifier: Classifier) -> None:
    labels = torch.tensor([0, 3, 1])
    maps = classifier.maps(pictures(3))
    logits = classifier(pictures(3)).gather(1, labels[:, None])[:, 0]
    expected = logits - classifier.last_layer.bias[labels]
    assert torch.allclose(cam(classifier, maps, labels).mean((1, 2)), expected, atol=1e-5)


def test_gradcam_is_the_relu_of_the_map_up_to_scale(classifier: Classifier) -> None:
    labels = torch.tensor([0, 3, 1])
    coarse = cam(classifier, classifier.maps(pictures(3)), labels)
    heatmaps = gradcam(classifier, pictures(3), labels)
    assert torch.allclose(heatmaps, heat_maps(coarse, (64, 64)), atol=1e-4)
    assert float(heatmaps.max()) == 1  # not a comparison of empty maps


def test_gradcam_equals_captum(classifier: Classifier) -> None:
    labels = torch.tensor([0, 3, 1])
    method = LayerGradCam(classifier, classifier.features)
    coarse = method.attribute(pictures(3), target=labels, relu_attributions=True)[:, 0].detach()
    heatmaps = gradcam(classifier, pictures(3), labels)
    assert torch.allclose(heatmaps, heat_maps(coarse, (64, 64)), atol=1e-5)


def test_a_loss_on_the_map_has_the_gradients_of_its_closed_form(by_hand: Classifier) -> None:
    """Of the mean map of label 0: the means of the maps in its row, nothing in the other."""
    picture = torch.rand(1, 3, 4, 4, generator=torch.Generator().manual_seed(2))
    cam(by_hand, by_hand.maps(picture), torch.tensor([0])).mean().backward()
    red, green, blue = picture[0].mean((1, 2))
    expected = torch.stack([torch.stack([red, green]), torch.zeros(2)])
    assert torch.allclose(by_hand.last_layer.weight.grad, expected)
    slope = torch.stack([2 * picture[0].mean((1, 2)), -picture[0].mean((1, 2))])
    assert torch.allclose(by_hand.features[0].weight.grad[:, :, 0, 0], slope)


def test_a_loss_on_the_map_reaches_the_first_layer_as_finite_differences_say() -> None:
    tiny = new_classifier("tiny", weights="none", classes=("a", "b"), seed=6).eval().double()
    images, labels = pictures(2).double(), torch.tensor([0, 1])

    def loss() -> torch.Tensor:
        return cam(tiny, tiny.maps(images), labels).square().mean()

    first = next(tiny.features.parameters())
    (gradient,) = torch.autograd.grad(loss(), [first])
    direction = torch.randn(
        first.shape, generator=torch.Generator().manual_seed(3), dtype=torch.float64
    )
    step = 1e-6
    with torch.no_grad():
        first += step * direction
        above = loss()
        first -= 2 * step * direction
        below = loss()
    expected = (above - below) / (2 * step)
    assert float(expected) != 0
    assert torch.allclose((gradient * direction).sum(), expected, rtol=1e-4)


def test_a_head_without_a_linear_layer_is_named(by_hand: Classifier) -> None:
    by_hand.head.append(nn.Softmax(1))
    with pytest.raises(TypeError, match="must end in a linear layer, not Softmax"):
        cam(by_hand, torch.zeros(1, 2, 2, 2), torch.tensor([0]))
