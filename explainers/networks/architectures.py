"""Classifiers of torchvision and timm by name: networks, their pictures, and their weights.

A name may end in the layer that heat maps come from, "timm/vit_small_patch16_224:blocks.8", and in
how its tokens lie, "timm/vit_small_patch16_224:tokens=1+14x14" (`library_names`).
"""

from collections.abc import Callable
from typing import Any

import timm
import torchvision
from timm.data.config import resolve_model_data_config
from torch import nn

from explainers.networks.backbones import (
    IMAGENET_CLASSES,
    IMAGENET_MEAN,
    IMAGENET_STD,
    Backbone,
    Weights,
)
from explainers.networks.cutting import Recipe, cut_in_two
from explainers.networks.library_names import ArchitectureError, LibraryName


def library_backbone(name: str, weights: Weights) -> Backbone:
    """A network such as "timm/convnext_tiny" or "torchvision/resnet18:layer3", cut in two.

    Raises:
        ArchitectureError: if there is none of this name, or it has no such place to cut.
    """
    network, recipe = library_network(name, weights)
    return cut_in_two(network, recipe, name)


def library_network(
    name: str, weights: Weights, n_classes: int = IMAGENET_CLASSES
) -> tuple[nn.Module, Recipe]:
    """The network as its library makes it, and what its pictures are made like.

    Raises:
        ArchitectureError: if there is none of this name.
    """
    read = LibraryName.read(name)
    if read.library not in _MAKERS:
        advice = f"say {' or '.join(f'{library}/NAME' for library in _MAKERS)}"
        raise ArchitectureError(f"{name}: is no network of a library; {advice}")
    try:
        return _MAKERS[read.library](read.architecture, weights, n_classes)
    except OSError as error:
        raise ArchitectureError(f"{name}: its weights cannot be fetched ({error})") from None
    except (RuntimeError, ValueError, KeyError) as error:
        raise ArchitectureError(f"{name}: {read.library} has no such network ({error})") from None


def _of_torchvision(name: str, weights: Weights, n_classes: int) -> tuple[nn.Module, Recipe]:
    enum = torchvision.models.get_model_weights(name)
    published = next(iter(enum)) if len(enum) else None
    network = torchvision.models.get_model(
        name, weights=published if weights == "imagenet" else None, num_classes=n_classes
    )
    if published is None:
        return network, Recipe(side=224, mean=IMAGENET_MEAN, std=IMAGENET_STD)
    made = published.transforms()
    side, mean, std = made.crop_size[0], tuple(made.mean), tuple(made.std)
    return network, Recipe(side=side, mean=mean, std=std)


def _of_timm(name: str, weights: Weights, n_classes: int) -> tuple[nn.Module, Recipe]:
    network = timm.create_model(name, pretrained=weights == "imagenet", num_classes=n_classes)
    if getattr(network, "dynamic_img_size", False):  # a trace is of one size
        kept = network.state_dict()
        network = timm.create_model(name, num_classes=n_classes, dynamic_img_size=False)
        network.load_state_dict(kept)
    made: dict[str, Any] = resolve_model_data_config(network)  # type: ignore[no-untyped-call]
    side, mean, std = made["input_size"][-1], tuple(made["mean"]), tuple(made["std"])
    return network, Recipe(side=side, mean=mean, std=std)


_MAKERS: dict[str, Callable[[str, Weights, int], tuple[nn.Module, Recipe]]] = {
    "torchvision": _of_torchvision,
    "timm": _of_timm,
}


def provenance(name: str) -> dict[str, str]:
    """Where a library's published weights come from, and their licence where it is said."""
    read = LibraryName.read(name)
    if read.library == "timm":
        made = timm.get_pretrained_cfg(read.architecture)
        if made is None:
            return {}
        at = f"https://huggingface.co/{made.hf_hub_id}" if made.hf_hub_id else made.url
        return {"source": f"timm, {at}", "licence": made.license or ""}
    [published, *_] = torchvision.models.get_model_weights(read.architecture)
    return {"source": f"torchvision, {published.url}", "licence": ""}


def picture_sizes(name: str) -> tuple[int, int] | None:
    """What its library resizes the shorter side of a picture to, and the middle it cuts out of it.

    In pixels; None where the library has no such network, or does not say.
    """
    try:
        read = LibraryName.read(name)
    except ArchitectureError:
        return None
    if read.library == "timm":
        made = timm.get_pretrained_cfg(read.architecture)
        return (round(made.input_size[-1] / made.crop_pct), made.input_size[-1]) if made else None
    try:
        [published, *_] = torchvision.models.get_model_weights(read.architecture)
    except ValueError:
        return None
    transforms = published.transforms()
    return transforms.resize_size[0], transforms.crop_size[0]
