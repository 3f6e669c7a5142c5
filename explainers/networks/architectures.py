"""Classifiers of torchvision and timm by name, each cut in two where its last maps are.

A network is traced (torch.fx) and cut at the last place that everything goes through and whose
maps decide: the last stage of a convolutional network; of a vision transformer that answers from a
class token, what its last block is given, since after it the patches change no answer. A name may
end in another place to cut, a layer of the network: "timm/vit_small_patch16_224:blocks.8".
"""

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import isqrt
from typing import Any

import timm
import torch
import torchvision
from timm.data.config import resolve_model_data_config
from torch import Tensor, fx, nn
from torch.fx.passes.shape_prop import ShapeProp

from explainers.networks.backbones import (
    IMAGENET_CLASSES,
    IMAGENET_MEAN,
    IMAGENET_STD,
    Backbone,
    Weights,
)
from explainers.networks.map_layout import MapLayout

LIBRARIES = ("torchvision", "timm")
# Their modules are not looked into: some do otherwise in training, which a trace would forget.
WHOLE = ("torch.nn", "torchvision.ops", "timm.layers")
# But into this, which has the last linear layer.
HEADS = "timm.layers.classifier"


class ArchitectureError(ValueError):
    """A network that is not there, or cannot be cut in two."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What a network's pictures are made like.

    Attributes:
        side: of the pictures in pixels.
        mean: subtracted from each channel of RGB in [0, 1].
        std: what each channel is divided by.
    """

    side: int
    mean: tuple[float, ...]
    std: tuple[float, ...]


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
    library, _, architecture = name.partition(":")[0].partition("/")
    try:
        return _MAKERS[library](architecture, weights, n_classes)
    except OSError as error:
        raise ArchitectureError(f"{name}: its weights cannot be fetched ({error})") from None
    except (RuntimeError, ValueError, KeyError) as error:
        raise ArchitectureError(f"{name}: {library} has no such network ({error})") from None


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
    library, _, architecture = name.partition(":")[0].partition("/")
    if library == "timm":
        made = timm.get_pretrained_cfg(architecture)
        if made is None:
            return {}
        at = f"https://huggingface.co/{made.hf_hub_id}" if made.hf_hub_id else made.url
        return {"source": f"timm, {at}", "licence": made.license or ""}
    [published, *_] = torchvision.models.get_model_weights(architecture)
    return {"source": f"torchvision, {published.url}", "licence": ""}


def picture_sizes(name: str) -> tuple[int, int] | None:
    """What its library resizes the shorter side of a picture to, and the middle it cuts out of it.

    In pixels; None where the library has no such network, or does not say.
    """
    library, _, architecture = name.partition(":")[0].partition("/")
    if library == "timm":
        made = timm.get_pretrained_cfg(architecture)
        return (round(made.input_size[-1] / made.crop_pct), made.input_size[-1]) if made else None
    try:
        [published, *_] = torchvision.models.get_model_weights(architecture)
    except ValueError:
        return None
    transforms = published.transforms()
    return transforms.resize_size[0], transforms.crop_size[0]


def cut_in_two(network: nn.Module, recipe: Recipe, name: str) -> Backbone:
    """The network up to its last maps, in stages of one size, and what makes logits of them.

    Args:
        name: for messages; of the layer that has these maps, if it names one.

    Raises:
        ArchitectureError: if it cannot be traced, has no such maps, or does not end in one linear
            layer.
    """
    traced = _traced(network, name)
    with torch.no_grad():
        ShapeProp(traced).propagate(torch.zeros(2, 3, recipe.side, recipe.side))
    picture, *places = _bottlenecks(traced)
    last = _last_linear(traced, places, name)
    before = places[: places.index(last)]
    cut, layout = _last_maps(traced, before, recipe.side, name)
    ends = [*_stage_ends(before[: before.index(cut)], layout), cut]
    features = [_between(traced, a, b) for a, b in pairwise([picture, *ends])]
    linear = traced.get_submodule(str(last.target))
    backbone = Backbone(
        features=nn.Sequential(_Contiguous(), *features),
        head=nn.Sequential(_between(traced, cut, before[-1]), linear),
        mean=recipe.mean,
        std=recipe.std,
        layout=layout,
        side=recipe.side,
    )
    return replace(backbone, averages=_checked_parts(backbone, network, name))


def _checked_parts(backbone: Backbone, network: nn.Module, name: str) -> bool:
    """Whether the last layer is given the means of the maps.

    Raises:
        ArchitectureError: if the two parts together are not the network.
    """
    side = backbone.side or 0
    images = torch.rand(2, 3, side, side, generator=_generator())
    with torch.no_grad():
        expected = network(images)
        output = backbone.features(images.clone())
        given = backbone.head[:-1](output)
        logits = backbone.head[-1](given)
    if logits.shape != expected.shape or not torch.allclose(logits, expected, atol=1e-5):
        raise ArchitectureError(f"{name}: cut in two, it no longer gives the same answers")
    means = backbone.layout.as_maps(output).mean((2, 3))
    return means.shape == given.shape and torch.allclose(means, given, atol=1e-5)


def _generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)


class _Contiguous(nn.Module):
    """Pictures row by row: not every network takes them with their channels last in memory."""

    def forward(self, images: Tensor) -> Tensor:
        return images.contiguous()


class _Tracer(fx.Tracer):
    """Looks into everything but the libraries' layers."""

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        made_in = type(m).__module__
        is_container = isinstance(m, nn.Sequential)
        return made_in.startswith(WHOLE) and not made_in.startswith(HEADS) and not is_container


def _traced(network: nn.Module, name: str) -> fx.GraphModule:
    _, *others = inspect.signature(network.forward).parameters.values()
    given = {other.name: other.default for other in others}
    try:
        graph = _Tracer(param_shapes_constant=True).trace(network.eval(), given)
    except Exception as error:
        problem = f"{name}: its steps cannot be followed, so nobody can say where its maps are"
        raise ArchitectureError(f"{problem} ({error})") from None
    return fx.GraphModule(network, graph)


def _bottlenecks(traced: fx.GraphModule) -> list[fx.Node]:
    """The nodes through which all that depends on the picture goes, the picture first."""
    places = {node: k for k, node in enumerate(traced.graph.nodes)}
    found, furthest = [], 0
    for node in _of_picture(traced):
        if furthest <= places[node] and node.op != "output":
            found.append(node)
        furthest = max([furthest, *(places[user] for user in node.users)])
    return found


def _of_picture(traced: fx.GraphModule) -> dict[fx.Node, None]:
    """The nodes that depend on the picture, in order."""
    found = dict.fromkeys([_picture(traced)])
    for node in traced.graph.nodes:
        if any(one in found for one in node.all_input_nodes):
            found[node] = None
    return found


def _picture(traced: fx.GraphModule) -> fx.Node:
    first: fx.Node = next(iter(traced.graph.nodes))
    return first


def _last_linear(traced: fx.GraphModule, places: Sequence[fx.Node], name: str) -> fx.Node:
    for node in reversed(places):
        if node.op == "call_module":
            module = traced.get_submodule(str(node.target))
            if isinstance(module, nn.Linear):
                return node
            if not isinstance(module, nn.Identity):
                break
    raise ArchitectureError(f"{name}: does not end in one linear layer, which the classes need")


def _last_maps(
    traced: fx.GraphModule, places: Sequence[fx.Node], side: int, name: str
) -> tuple[fx.Node, MapLayout]:
    """The last place with maps of which every part decides, of the layer that the name ends in."""
    _, _, layer = name.partition(":")
    of_layer = [node for node in places if not layer or layer in layers_of(node)]
    if not of_layer:
        # Such as layer4.1 of a ResNet, blocks.3 of a vision transformer.
        found = dict.fromkeys(
            one for node in places if _layout(node) for one in layers_of(node)[:2]
        )
        problem = f"not everything goes by a layer {layer}; it does by {', '.join([*found][-12:])}"
        raise ArchitectureError(f"{name}: {problem}")
    images = torch.rand(1, 3, side, side, generator=_generator())
    for node in reversed(of_layer):
        layout = _layout(node)
        if layout and _decides(traced, node, layout, places[-1], images):
            return node, layout
    problem = "has no maps of more than one place that everything goes by and whose places decide"
    raise ArchitectureError(f"{name}: {problem}" + (", in this layer" if layer else ""))


def layers_of(node: fx.Node) -> list[str]:
    """The layers and blocks of the network that a node is part of, the largest first."""
    return list(node.meta.get("nn_module_stack", {}))


def _layout(node: fx.Node) -> MapLayout | None:
    """How a node's output lies as maps; None if it is none of more than one place."""
    meta: Any = node.meta.get("tensor_meta")
    shape = tuple(getattr(meta, "shape", ()))
    if len(shape) == 4 and shape[2] == shape[3] > 1:
        return MapLayout(order="channels first")
    if len(shape) == 4 and shape[1] == shape[2] > 1:
        return MapLayout(order="channels last")
    if len(shape) == 3 and shape[1] > 3:
        side = isqrt(shape[1])
        return MapLayout(order="tokens", prefix=shape[1] - side * side)
    return None


def _decides(
    traced: fx.GraphModule, node: fx.Node, layout: MapLayout, last: fx.Node, images: Tensor
) -> bool:
    """Whether every place of the maps can change what the last linear layer is given."""
    with torch.no_grad():
        output = _between(traced, _picture(traced), node)(images)
    output.requires_grad_()
    with torch.enable_grad():
        given = _between(traced, node, last)(output)
        (gradient,) = torch.autograd.grad(given.square().sum(), [output], allow_unused=True)
    return gradient is not None and bool((layout.as_maps(gradient) != 0).any(1).all())


def _stage_ends(places: Sequence[fx.Node], layout: MapLayout) -> Iterator[fx.Node]:
    """The last place of each size of maps that lie in the same way; none among tokens."""
    if layout.order == "tokens":
        return
    alike = [node for node in places if _layout(node) == layout]
    for here, there in pairwise(alike):
        sizes = [tuple(node.meta["tensor_meta"].shape) for node in (here, there)]
        sides = [layout.sides(size) for size in sizes]
        if sides[0] != sides[1]:
            yield here


def _between(traced: fx.GraphModule, start: fx.Node, end: fx.Node) -> fx.GraphModule:
    """What makes `end` of `start`, as a module whose parameters keep their names."""
    graph, of_picture = fx.Graph(owning_module=traced), _of_picture(traced)
    copies = {start: graph.placeholder("maps")}
    for node in traced.graph.nodes:
        if node in of_picture:
            is_copied = start < node and not end < node
        else:
            is_copied = node.op != "placeholder" and copies.keys() >= {*node.all_input_nodes}
        if is_copied:
            copies[node] = graph.node_copy(node, lambda one: copies[one])
    graph.output(copies[end])
    constants = [copy for node, copy in copies.items() if node not in of_picture]
    for copy in reversed(constants):  # others may write in place, which nobody reads from them
        if not copy.users:
            graph.erase_node(copy)
    return fx.GraphModule(traced, graph)
