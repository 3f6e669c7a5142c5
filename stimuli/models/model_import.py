"""Weights that others trained, as a checkpoint of ours. Nothing of a file is ever run."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from explainers.classifier import Classifier, save_checkpoint
from explainers.networks.architectures import library_network
from explainers.networks.cutting import Recipe, cut_in_two
from explainers.networks.library_names import ArchitectureError
from stimuli.datasets.imagenet.synsets import IMAGENET_NAMES
from stimuli.problems import ProblemsError, some_of

# Under which training scripts keep the weights beside an optimiser's state, a date, an epoch.
WRAPPERS = ("state_dict", "model_state_dict", "model", "net", "network", "weights")
PICKLE = b"\x80"  # which files of pickle begin with, from its protocol 2 on
SAVE_STATE = "torch.save(model.state_dict(), PATH)"

State = Mapping[str, Tensor]


class ImportedModelError(ProblemsError):
    """Weights that cannot be taken in as what they were said to be."""


def import_model(
    state_path: Path,
    classes_path: Path,
    backbone: str,
    out: Path,
    *,
    mean: tuple[float, ...] | None = None,
    std: tuple[float, ...] | None = None,
    facts: Mapping[str, str],
) -> Classifier:
    """Write a checkpoint of weights and of the names of their classes.

    Args:
        state_path: a state dict as PyTorch saves it, by itself or in a dictionary, or safetensors.
        classes_path: a name on each line, or a JSON list, in the order of the network's outputs;
            or "imagenet".
        backbone: such as "timm/convnext_tiny".
        mean: subtracted from each channel of RGB in [0, 1]; that of the architecture by default.
        std: what each channel is divided by.
        facts: where the weights come from, such as "source" and "licence".

    Raises:
        ImportedModelError: if a file cannot be read, or the weights are not of this architecture.
    """
    classes = read_classes(classes_path)
    state = read_state(state_path)
    try:
        network, made = library_network(backbone, "none", len(classes))
        network.load_state_dict(matched(state, network, state_path, backbone, classes))
        recipe = Recipe(side=made.side, mean=mean or made.mean, std=std or made.std)
        parts = cut_in_two(network.eval(), recipe, backbone)
    except ArchitectureError as error:
        raise ImportedModelError("--backbone", [str(error)]) from None
    classifier = Classifier(backbone=backbone, parts=parts, classes=classes)
    config = {"weights": "imported", "file": state_path.name, **facts}
    save_checkpoint(out, classifier, metrics={}, config=config)
    return classifier


def read_classes(path: Path) -> tuple[str, ...]:
    """The names of classes in the order of a network's outputs; "imagenet" stands for its 1000.

    Raises:
        ImportedModelError: if the file cannot be read, or names a class twice.
    """
    if path == Path("imagenet") and not path.exists():
        return IMAGENET_NAMES
    try:
        text = path.read_text("utf-8-sig")
        names = json.loads(text) if path.suffix == ".json" else text.splitlines()
    except (OSError, ValueError) as error:
        raise ImportedModelError(str(path), [f"cannot be read ({error})"]) from None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ImportedModelError(str(path), ['must be a list of names, such as ["cat", "dog"]'])
    classes = tuple(name.strip() for name in names if name.strip())
    twice = sorted({name for name in classes if classes.count(name) > 1})
    if twice or len(classes) < 2:
        found = f"names {some_of(twice)} twice" if twice else f"names {len(classes)} classes"
        advice = "write one line for each output of the network, in their order"
        raise ImportedModelError(str(path), [f"{found}; {advice}"])
    return classes


def read_state(path: Path) -> State:
    """The tensors of a file by name, out of whatever they are wrapped in.

    Raises:
        ImportedModelError: if there is none, or the file holds code.
    """
    if not path.is_file():
        raise ImportedModelError(str(path), ["there is no such file; correct the path"])
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            if any(name.endswith("constants.pkl") for name in archive.namelist()):
                advice = f"save the weights of what it was made from: {SAVE_STATE}"
                raise ImportedModelError(str(path), [f"is TorchScript, a program; {advice}"])
    try:
        if path.suffix == ".safetensors":
            found: Any = load_file(path)
        else:
            found = torch.load(path, map_location="cpu", weights_only=True)
    except UnpicklingError:
        raise ImportedModelError(str(path), [_why_unread(path)]) from None
    except (SafetensorError, RuntimeError, EOFError, ValueError) as error:
        raise ImportedModelError(str(path), [f"holds no weights ({error})"]) from None
    return _unwrapped(found, path)


def _why_unread(path: Path) -> str:
    """What a file is instead of weights."""
    with path.open("rb") as file:
        is_pickle = zipfile.is_zipfile(file) or file.seek(0) or file.read(1) == PICKLE
    if is_pickle:
        advice = f"save its weights alone, where it was trained: {SAVE_STATE}"
        return f"is a pickled object, and reading it would run its code; {advice}"
    advice = 'of an AI of another framework, ONNX too, take its answers: weights = "predictions"'
    return f"holds no weights that PyTorch or safetensors wrote; {advice}"


def _unwrapped(found: object, path: Path) -> State:
    while isinstance(found, Mapping):
        tensors = {str(k): v for k, v in found.items() if isinstance(v, Tensor)}
        inner = next((found[key] for key in WRAPPERS if isinstance(found.get(key), Mapping)), None)
        if tensors and inner is None:
            return tensors
        if inner is None:
            keys = some_of([str(key) for key in found])
            raise ImportedModelError(str(path), [f"holds no weights, but {keys}; {SAVE_STATE}"])
        found = inner
    raise ImportedModelError(str(path), [f"holds no weights by name; save them: {SAVE_STATE}"])


def matched(
    state: State, network: nn.Module, path: Path, backbone: str, classes: tuple[str, ...]
) -> State:
    """The weights by the network's own names.

    Raises:
        ImportedModelError: with what is missing, left over, or of another shape.
    """
    own = network.state_dict()
    state = _without_prefix(state, own)
    missing = [name for name in own if name not in state]
    more = [name for name in state if name not in own]
    other = [
        f"{name} is {tuple(state[name].shape)}, not {tuple(tensor.shape)}"
        for name, tensor in own.items()
        if name in state and state[name].shape != tensor.shape
    ]
    problems = []
    if missing or more:
        lists = [f"lacks {some_of(missing)}"] if missing else []
        lists += [f"has {some_of(more)}"] if more else []
        advice = "name the architecture that it was trained as with --backbone"
        problems.append(f"holds no {backbone}: it {' and '.join(lists)}; {advice}")
    elif other and all(name.split(" ")[0] in [*own][-2:] for name in other):
        n_known = state[[*own][-1]].shape[0]
        advice = "write a line for each output, in their order"
        problems.append(f"knows {n_known} classes; {len(classes)} are named: {advice}")
    elif other:
        problems.append(f"holds a {backbone} of another size: {some_of(other)}")
    if problems:
        raise ImportedModelError(str(path), problems)
    return state


def _without_prefix(state: State, own: Mapping[str, Tensor]) -> State:
    """Names without what wrappers put before them, such as `module.`."""
    while not state.keys() & own.keys():
        firsts = {name.partition(".")[0] for name in state if "." in name}
        if len(firsts) != 1 or any("." not in name for name in state):
            return state
        [first] = firsts
        state = {name.removeprefix(f"{first}."): tensor for name, tensor in state.items()}
    return state
