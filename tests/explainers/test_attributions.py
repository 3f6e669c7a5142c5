"""Captum's methods through the adapter, on networks whose values can be computed by hand."""

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from explainers.attributions import (
    METHODS,
    UnsuitableNetworkError,
    attribution,
    joined,
    scaled,
    seeded,
)
from explainers.classifier import Classifier, new_classifier
from explainers.networks.backbones import Backbone

RED = torch.tensor([[0.4, 0.3], [0.0, 0.1]])
GREEN = torch.tensor([[0.0, 0.2], [0.5, 0.2]])
FIRST = torch.tensor([0])
LITERATURE = {"sign": "absolute", "channels": "sum", "clip": 1.0}


@pytest.fixture
def picture() -> Tensor:
    """(1, 3, 2, 2); its first logit is mean(2 red - green) + 5."""
    return torch.stack([RED, GREEN, torch.zeros(2, 2)])[None].requires_grad_()


def two_pixels(weight: float) -> Classifier:
    """One map, relu(red - green), and a logit of its mean times a weight."""
    convolution = nn.Conv2d(3, 1, 1, bias=False)
    convolution.weight.data = torch.tensor([1.0, -1.0, 0.0]).view(1, 3, 1, 1)
    linear = nn.Linear(1, 1, bias=False)
    linear.weight.data.fill_(weight)
    parts = Backbone(
        features=nn.Sequential(convolution, nn.ReLU()),
        head=nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), linear),
        mean=(0.0, 0.0, 0.0),
        std=(1.0, 1.0, 1.0),
    )
    return Classifier(backbone="two pixels", parts=parts, classes=("a",)).eval()


def test_the_gradient_of_a_linear_network_is_its_weights(
    by_hand: Classifier, picture: Tensor
) -> None:
    values = METHODS["gradient"](by_hand, picture, FIRST)
    expected = torch.tensor([0.5, -0.25, 0.0]).view(1, 3, 1, 1).expand(1, 3, 2, 2)
    assert torch.allclose(values, expected)


def test_smoothing_changes_nothing_where_the_gradient_is_the_same_everywhere(
    by_hand: Classifier, picture: Tensor
) -> None:
    values = METHODS["smoothgrad"](by_hand, picture, FIRST, n_samples=20, noise=0.2)
    assert torch.allclose(values, METHODS["gradient"](by_hand, picture, FIRST))


def test_integrated_gradients_of_a_linear_network_are_weight_times_value(
    by_hand: Classifier, picture: Tensor
) -> None:
    values = METHODS["integrated_gradients"](by_hand, picture, FIRST, n_steps=3, baseline="black")
    expected = torch.stack([0.5 * RED, -0.25 * GREEN, torch.zeros(2, 2)])[None]
    assert torch.allclose(values, expected)


@pytest.mark.parametrize("baseline", ["black", "grey"])
def test_integrated_gradients_add_up_to_the_difference_of_the_logits(
    baseline: str, generator: torch.Generator
) -> None:
    """Completeness, exactly: the integral of a smooth network is Gauss and Legendre's sum."""
    network = new_classifier("tiny", weights="none", classes=("a", "b"), seed=5).eval()
    for name, module in [*network.features.named_children()]:
        if isinstance(module, nn.ReLU):
            network.features[int(name)] = nn.Softplus()
        if isinstance(module, nn.MaxPool2d):
            network.features[int(name)] = nn.AvgPool2d(2)
    network.last_layer.weight.data.mul_(1000)
    network.double()
    images = torch.rand(1, 3, 64, 64, generator=generator, dtype=torch.float64).requires_grad_()
    settings = {"n_steps": 40, "baseline": baseline}
    values = METHODS["integrated_gradients"](network, images, FIRST, **settings)
    plain = torch.zeros_like(images) if baseline == "black" else network.mean.expand_as(images)
    difference = (network(images) - network(plain))[0, 0].detach()
    assert abs(difference) > 1e-3
    assert values.sum().item() == pytest.approx(difference.item(), rel=1e-6)


def test_gradient_shap_of_a_linear_network_with_one_baseline_is_exact(
    by_hand: Classifier, picture: Tensor
) -> None:
    baseline = torch.full((1, 3, 2, 2), 0.1)
    values = METHODS["gradient_shap"](by_hand, picture, FIRST, n_samples=5, baselines=baseline)
    expected = torch.stack([0.5 * (RED - 0.1), -0.25 * (GREEN - 0.1), torch.zeros(2, 2)])[None]
    assert torch.allclose(values, expected, atol=1e-6)


def test_gradient_shap_adds_up_to_the_logit_less_its_mean_over_the_baselines_in_expectation() -> (
    None
):
    """On a network with a kink, whose gradient differs along each way."""
    network, image = two_pixels(2.0), torch.tensor([[[[0.8, 0.9]], [[0.2, 0.1]], [[0.0, 0.0]]]])
    baselines = torch.rand(7, 3, 1, 2, generator=torch.Generator().manual_seed(2))
    with seeded(1):
        values = METHODS["gradient_shap"](
            network, image.requires_grad_(), FIRST, n_samples=4000, baselines=baselines
        )
    with torch.no_grad():
        expected = network(image)[0, 0] - network(baselines)[:, 0].mean()
        spread = network(baselines)[:, 0].std()
    assert values.sum().item() == pytest.approx(expected.item(), abs=float(spread) / 15)


def test_occlusion_by_single_pixels_is_what_each_adds_to_the_logit(
    by_hand: Classifier, picture: Tensor
) -> None:
    values = METHODS["occlusion"](by_hand, picture, FIRST, window_px=1, stride_px=1)
    expected = ((2 * RED - GREEN) / 4).expand(1, 3, 2, 2)
    assert torch.allclose(values, expected, atol=1e-6)


def test_guided_gradcam_is_gradcam_times_the_gradient_that_the_relu_lets_through() -> None:
    """Of the first pixel GradCAM is .6 and the guided gradient (1, -1, 0); the second is off."""
    image = torch.tensor([[[[0.8, 0.1]], [[0.2, 0.5]], [[0.3, 0.3]]]]).requires_grad_()
    values = METHODS["guided_gradcam"](two_pixels(2.0), image, FIRST)
    assert torch.allclose(values, torch.tensor([[[[0.6, 0.0]], [[-0.6, 0.0]], [[0.0, 0.0]]]]))
    assert not METHODS["guided_gradcam"](two_pixels(-2.0), image, FIRST).any()


@pytest.mark.parametrize("backbone", ["swin_t", "efficientnet_lite0"])
def test_guided_gradcam_refuses_networks_without_relu(backbone: str) -> None:
    network = new_classifier(backbone, weights="none", classes=("a", "b"), seed=1)
    with pytest.raises(UnsuitableNetworkError, match=f"{backbone} has no ReLU"):
        attribution("guided_gradcam", network, torch.rand(1, 3, 64, 64), FIRST, **LITERATURE)


@pytest.mark.parametrize(
    ("sign", "channels", "expected"),
    [
        ("signed", "sum", -1.5),
        ("absolute", "sum", 4.5),
        ("positive", "sum", 0.0),
        ("signed", "max", -3.0),
        ("absolute", "max", 3.0),
        ("positive", "max", 0.0),
    ],
)
def test_channels_are_joined_as_the_settings_say(sign: str, channels: str, expected: float) -> None:
    values = torch.tensor([1.0, -3.0, 0.5]).view(1, 3, 1, 1)
    assert joined(values, sign, channels).item() == expected


def test_a_map_is_scaled_by_a_quantile_of_what_is_not_zero_and_cut_off_there() -> None:
    maps = torch.tensor([[[0.0, 1.0], [2.0, 4.0]], [[0.0, 0.0], [0.0, 0.0]]])
    assert scaled(maps, 1.0)[0].tolist() == [[0.0, 0.25], [0.5, 1.0]]
    assert scaled(maps, 0.5)[0].tolist() == [[0.0, 0.5], [1.0, 1.0]]
    assert scaled(-maps, 0.5)[0].tolist() == [[0.0, -0.5], [-1.0, -1.0]]
    assert not scaled(maps, 0.5)[1].any()


@pytest.mark.parametrize("method", METHODS)
def test_a_map_depends_on_no_other_picture_and_chance_on_the_seed_alone(method: str) -> None:
    """And the global random states are left as they were."""
    network = new_classifier("tiny", weights="none", classes=("a", "b"), seed=5).eval()
    images = torch.rand(3, 3, 64, 64, generator=torch.Generator().manual_seed(3))
    labels = torch.tensor([0, 1, 1])
    settings = (
        LITERATURE
        | {
            "gradient": {},
            "guided_gradcam": {},
            "smoothgrad": {"n_samples": 4, "noise": 0.1},
            "integrated_gradients": {"n_steps": 4, "baseline": "grey"},
            "gradient_shap": {"n_samples": 4, "baselines": images[:2]},
            "occlusion": {"window_px": 16, "stride_px": 16},
        }[method]
    )
    states = torch.get_rng_state(), np.random.get_state()[1]  # noqa: NPY002
    together = attribution(method, network, images, labels, seed=7, **settings)
    alone = [
        attribution(method, network, images[n : n + 1], labels[n : n + 1], seed=7, **settings)
        for n in range(3)
    ]
    assert torch.equal(together, torch.cat(alone))
    by_chance = method in ("smoothgrad", "gradient_shap")
    other = attribution(method, network, images, labels, seed=8, **settings)
    assert torch.equal(together, other) != by_chance
    assert torch.equal(torch.get_rng_state(), states[0])
    assert (np.random.get_state()[1] == states[1]).all()  # noqa: NPY002
