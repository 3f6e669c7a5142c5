"""A network cut in two where its last maps are.

It is traced (torch.fx) and cut at the last place that everything goes through and whose maps
decide: the last stage of a convolutional network; of a vision transformer that answers from a class
token, what its last block is given, since after it the patches change no answer. Another place is
that of a layer which is named.
"""

import inspect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import prod
from typing import Any

import torch
from torch import Tensor, fx, nn
from torch.fx.passes.shape_prop import ShapeProp

from explainers.networks.backbones import Backbone
from explainers.networks.library_names import ArchitectureError, LibraryName
from explainers.networks.map_layout import MapLayout, TokenGrid
from explainers.networks.token_places import grid_of, usual_grid

# Their modules are not looked into: some do otherwise in training, which a trace would forget.
WHOLE = ("torch.nn", "torchvision.ops", "timm.layers")
# But into this, which has the last linear layer.
HEADS = "timm.layers.classifier"
NO_TOKENS = "its maps are made of no tokens; remove what its name says of them"


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


def cut_in_two(network: nn.Module, recipe: Recipe, name: str) -> Backbone:
    """The network up to its last maps, in stages of one size, and what makes logits of them.

    Args:
        name: for messages; of the layer that has these maps, and of how its tokens lie, if it says
            so.

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
    layer, named = LibraryName.read(name).layer, LibraryName.read(name).grid
    of_layer = nodes_of(layer, places, name)
    images = torch.rand(1, 3, side, side, generator=_generator())
    problem = "has no maps of more than one place that everything goes by and whose places decide"
    problem += ", in this layer" if layer else ""
    grids: dict[int, TokenGrid | None] = {}
    unknown: dict[int, str] = {}
    size = 0
    for node in reversed(of_layer):
        n, layout = n_tokens(node), _layout(node)
        if n in unknown or not (n or layout):
            continue
        if unknown and prod(_shape(node)) != size:
            break  # an earlier stage, which nobody asked for, and not the same tokens transposed
        gradient = _gradient(traced, node, places[-1], images)
        if gradient is None:
            continue
        if n and (gradient != 0).any(2).float().mean() > 0.5:
            found = grids.get(n) or found_grid(traced, n, side)
            if wrong := token_problem(n, named, found, name):
                unknown[n], size = wrong, prod(_shape(node))
                continue
            grids[n] = named or found
            layout = MapLayout(order="tokens", grid=grids[n])
        if layout and (layout.as_maps(gradient) != 0).any(1).all():
            if named and layout.order != "tokens":
                problem = NO_TOKENS
                break
            return node, layout
    raise ArchitectureError(f"{name}: {next(iter(unknown.values()), problem)}")


def nodes_of(layer: str, places: Sequence[fx.Node], name: str) -> Sequence[fx.Node]:
    """The places of a layer; all of them where none is named."""
    of_layer = [node for node in places if not layer or layer in layers_of(node)]
    if of_layer:
        return of_layer
    # Such as layer4.1 of a ResNet, blocks.3 of a vision transformer.
    with_maps = [node for node in places if _layout(node) or n_tokens(node)]
    found = dict.fromkeys(one for node in with_maps for one in layers_of(node)[:2])
    problem = f"not everything goes by a layer {layer}; it does by {', '.join([*found][-12:])}"
    raise ArchitectureError(f"{name}: {problem}")


def layers_of(node: fx.Node) -> list[str]:
    """The layers and blocks of the network that a node is part of, the largest first."""
    return list(node.meta.get("nn_module_stack", {}))


def _layout(node: fx.Node) -> MapLayout | None:
    """How a node's output lies as maps; None if it is none, or tokens."""
    shape = _shape(node)
    if len(shape) == 4 and shape[2] == shape[3] > 1:
        return MapLayout(order="channels first")
    if len(shape) == 4 and shape[1] == shape[2] > 1:
        return MapLayout(order="channels last")
    return None


def n_tokens(node: fx.Node) -> int:
    """How many tokens a node gives; 0 if none, or too few for a grid."""
    shape = _shape(node)
    return shape[1] if len(shape) == 3 and shape[1] > 3 else 0


def _shape(node: fx.Node) -> tuple[int, ...]:
    meta: Any = node.meta.get("tensor_meta")
    return tuple(getattr(meta, "shape", ()))


def _gradient(
    traced: fx.GraphModule, node: fx.Node, last: fx.Node, images: Tensor
) -> Tensor | None:
    """What the last linear layer is given, by a node's output: zero where nothing depends on it."""
    with torch.no_grad():
        output = _between(traced, _picture(traced), node)(images)
    output.requires_grad_()
    with torch.enable_grad():
        given = _between(traced, node, last)(output)
        (gradient,) = torch.autograd.grad(given.square().sum(), [output], allow_unused=True)
    return gradient


def found_grid(traced: fx.GraphModule, n: int, side: int) -> TokenGrid | None:
    """How n tokens lie, told from the first place that has as many, where they are still apart."""
    first = next(node for node in _of_picture(traced) if n_tokens(node) == n)
    return grid_of(_between(traced, _picture(traced), first), side)


def token_problem(n: int, named: TokenGrid | None, found: TokenGrid | None, name: str) -> str:
    """What is wrong with how n tokens lie, and what to type; empty where nothing is."""
    typed = LibraryName.read(name).with_grid(found or usual_grid(n))
    if named and named.n_tokens != n:
        counted = f"the layer that decides has {n} tokens, and {named} are {named.n_tokens}"
        return f"{counted}; say rows x columns, and the tokens before and after them, as in {typed}"
    if named and found and named != found:
        seen = f"tokens change with the picture as places that lie as {found}, not as {named}"
        return f"{seen}; say {typed}, or leave it out"
    if not (named or found):
        return (
            f"nobody can find out how the {n} tokens lie of the layer that decides; say rows x "
            f"columns, and the tokens before and after them, as in {typed}, or name another layer"
        )
    return ""


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
