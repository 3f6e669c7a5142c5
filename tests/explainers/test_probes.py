"""Closed forms of four probes: by hand, by autograd, against captum, and at a wrong layer."""

import pytest
import torch
from captum.attr import LayerGradCam, LayerGradientXActivation
from torch import Tensor

from explainers.classifier import Classifier, new_classifier
from explainers.gradcam import BY_GRADIENTS
from explainers.networks.architectures import library_backbone
from explainers.probes import PROBES, probe_maps

LABELS = torch.tensor([0, 3, 1])


@pytest.fixture(scope="module", params=["tiny", "resnet18", "swin_t"])
def classifier(request: pytest.FixtureRequest) -> Classifier:
    """Random weights; every head is a global average and a linear layer."""
    classes = ("a", "b", "c", "d")
    return new_classifier(request.param, weights="none", classes=classes, seed=6).eval()


def pictures() -> Tensor:
    """(3, 3, 64, 64) in [0, 1]."""
    return torch.rand(3, 3, 64, 64, generator=torch.Generator().manual_seed(1))


def slopes_at(classifier: Classifier, maps: Tensor) -> Tensor:
    """Gradients of the labels' logits with respect to the maps, by autograd."""
    maps = maps.detach().requires_grad_()
    logits = classifier.head(maps).gather(1, LABELS[:, None])
    (slopes,) = torch.autograd.grad(logits.sum(), [maps])
    return slopes


def test_of_two_maps_by_hand(by_hand: Classifier) -> None:
    """The weights of label 0 are 2 and -1, the maps' means .2 and .225."""
    maps = torch.tensor([[[[0.4, 0.3], [0.0, 0.1]], [[0.0, 0.2], [0.5, 0.2]]]])
    summed = torch.tensor([[[0.8, 0.4], [-0.5, 0.0]]])
    first_alone = 2 / (2 + 2 * 0.2) * maps[:, 0]
    expected = {"cam": summed, "gradcam": summed / 4, "hirescam": summed / 4}
    for probe, map_ in (expected | {"gradcam++": first_alone}).items():
        assert torch.allclose(probe_maps(probe, by_hand, maps, torch.tensor([0])), map_), probe


def test_gradcam_and_hirescam_are_the_map_over_its_places(classifier: Classifier) -> None:
    maps = classifier.maps(pictures())
    by_probe = {p: probe_maps(p, classifier, maps, LABELS) for p in PROBES}
    places = maps[0, 0].numel()
    for probe in ("gradcam", "hirescam"):
        assert torch.allclose(by_probe[probe] * places, by_probe["cam"], rtol=1e-4, atol=1e-5)


def test_gradcam_and_hirescam_equal_captum(classifier: Classifier) -> None:
    images = pictures()
    maps = classifier.maps(images)
    gradcam = LayerGradCam(classifier, classifier.features).attribute(images, LABELS)[:, 0]
    method = LayerGradientXActivation(classifier, classifier.features)
    hirescam = method.attribute(images, LABELS).sum(1)
    for probe, expected in (("gradcam", gradcam), ("hirescam", hirescam)):
        assert torch.allclose(
            probe_maps(probe, classifier, maps, LABELS), expected, rtol=1e-4, atol=1e-6
        )


def test_gradcam_plus_plus_is_what_its_paper_says_with_autograd() -> None:
    """Equation 19 as it stands, with second and third powers of the gradient at every place."""
    tiny = new_classifier("tiny", weights="none", classes=tuple("abcd"), seed=6).eval().double()
    maps = tiny.maps(pictures().double())
    slope = slopes_at(tiny, maps)
    sums = maps.sum((2, 3), keepdim=True)
    alpha = slope**2 / (2 * slope**2 + sums * slope**3)
    weights = (alpha * slope.relu()).sum((2, 3), keepdim=True)
    expected = (weights * maps).sum(1).detach()
    assert float(expected.max()) > 0
    assert torch.allclose(probe_maps("gradcam++", tiny, maps, LABELS), expected)


def test_a_map_of_a_layer_below_the_last_stage_does_not_sum_to_the_logit() -> None:
    """The layer of the CYBORG authors' hook, before batch norm, residual and ReLU."""
    network = new_classifier("resnet50", weights="none", classes=tuple("abcd"), seed=6).eval()
    outputs = []
    hook = network.features[-1][-1].conv3.register_forward_hook(
        lambda module, inputs, output: outputs.append(output)
    )
    logits = network(pictures()).gather(1, LABELS[:, None])[:, 0]
    hook.remove()
    bias = network.last_layer.bias[LABELS]
    sums = {
        "features": probe_maps("cam", network, network.maps(pictures()), LABELS).mean((1, 2)),
        "conv3": probe_maps("cam", network, outputs[0], LABELS).mean((1, 2)),
    }
    assert torch.allclose(sums["features"], logits - bias, atol=1e-5)
    assert not torch.allclose(sums["conv3"], logits - bias, atol=0.05)


@pytest.mark.parametrize("probe", BY_GRADIENTS)
def test_going_backwards_gives_the_closed_form_where_there_is_one_34(
    probe: str, classifier: Classifier
) -> None:
    """GradCAM++ up to the factor between a gradient and a weight, the number of places."""
    with torch.inference_mode():
        output = classifier.output(pictures())
        expected = probe_maps(probe, classifier, output, LABELS)
        classifier.averages = False
        found = probe_maps(probe, classifier, output, LABELS)
        classifier.averages = True
    assert not found.requires_grad
    assert float(found.abs().max()) > 0
    assert torch.allclose(found, expected, rtol=1e-3, atol=1e-5)


def test_a_network_is_known_to_average_its_maps_or_not_34() -> None:
    names = "torchvision/resnet18", "timm/test_resnet", "timm/test_convnext", "timm/test_vit"
    averages = [library_backbone(name, "none").averages for name in names]
    assert averages == [True, True, False, False]


@pytest.mark.parametrize("probe", BY_GRADIENTS)
def test_a_loss_on_any_probe_reaches_a_vision_transformer_34(probe: str) -> None:
    network = new_classifier("timm/test_vit", weights="none", classes=tuple("abcd"), seed=6)
    torch.nn.init.normal_(network.last_layer.weight)
    output = network.output(torch.rand(3, 3, 160, 160))
    maps = probe_maps(probe, network, output, LABELS)
    assert maps.shape == (3, 10, 10)
    maps.square().mean().backward()
    gradient = next(network.features.parameters()).grad
    assert gradient is not None
    assert float(gradient.abs().max()) > 0


@pytest.mark.parametrize("probe", PROBES)
def test_a_loss_on_any_probe_reaches_the_first_layer(probe: str) -> None:
    tiny = new_classifier("tiny", weights="none", classes=tuple("abcd"), seed=6).eval()
    probe_maps(probe, tiny, tiny.maps(pictures()), LABELS).square().mean().backward()
    gradient = next(tiny.features.parameters()).grad
    assert gradient is not None
    assert float(gradient.abs().max()) > 0
    assert bool(gradient.isfinite().all())
