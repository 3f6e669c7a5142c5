"""Networks with their batch normalisations folded into convolutions."""

import pytest
import torch
from torch import Tensor, nn

from explainers.classifier import new_classifier
from explainers.folding import folded


def trained_a_little(network: nn.Module) -> nn.Module:
    """With statistics and scales that are not those of a new network."""
    generator = torch.Generator().manual_seed(0)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            for values in (module.weight.data, module.running_var):
                values.uniform_(0.5, 1.5, generator=generator)
            for values in (module.bias.data, module.running_mean):
                values.normal_(0, 0.2, generator=generator)
    return network


def normalisations_used(network: nn.Module, images: Tensor) -> int:
    """How many batch normalisations one pass calls."""
    called = []
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.register_forward_hook(lambda *_: called.append(1))
    network(images)
    return len(called)


@pytest.mark.parametrize(
    ("backbone", "left"), [("efficientnet_lite0", 0), ("resnet18", 0), ("tiny", 3)]
)
def test_a_folded_network_answers_the_same_without_its_normalisations(
    backbone: str, left: int
) -> None:
    """The tiny network pools in between, but for its last stage; that cannot be folded."""
    classes = ("a", "b", "c")
    network = trained_a_little(new_classifier(backbone, weights="none", classes=classes, seed=1))
    images = torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(2))
    short = folded(network)
    assert network.training
    assert torch.allclose(short(images), network.eval()(images), rtol=1e-3, atol=1e-5)
    assert normalisations_used(short, images) == left


class _Shared(nn.Module):
    """A convolution whose output is also used as it is."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(3, 2, 1)
        self.normalisation = nn.BatchNorm2d(2)

    def forward(self, images: Tensor) -> Tensor:
        maps: Tensor = self.convolution(images)
        return maps + self.normalisation(maps)


class _Undecided(_Shared):
    """Where it goes depends on what it sees."""

    def forward(self, images: Tensor) -> Tensor:
        return super().forward(images) if images.sum() > 0 else images


@pytest.mark.parametrize("kind", [_Shared, _Undecided])
def test_what_cannot_be_folded_stays(kind: type[nn.Module]) -> None:
    network = trained_a_little(kind())
    images = torch.rand(2, 3, 4, 4)
    assert torch.allclose(folded(network)(images), network.eval()(images), atol=1e-6)
    assert normalisations_used(folded(network), images) == 1


def test_a_convolution_of_single_pixels_becomes_a_product_and_no_other() -> None:
    """Not one that leaves pixels out, sees groups of channels apart, or adds a border."""
    kinds = [{}, {"stride": 2}, {"groups": 2}, {"padding": 1}, {"kernel_size": 3}]
    for kind in kinds:
        network = nn.Sequential(nn.Conv2d(4, 6, **{"kernel_size": 1, **kind}))
        images = torch.rand(2, 4, 5, 7)
        short = folded(network)
        assert torch.allclose(short(images), network(images), atol=1e-6)
        assert any(isinstance(module, nn.Conv2d) for module in short.modules()) == bool(kind)
