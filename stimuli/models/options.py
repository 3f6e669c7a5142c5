"""The options of a command that a study has no use for, lacks, or cannot use: tried before work."""

import torch

from explainers.attributions import require_guidance
from explainers.classifier import CheckpointError, load_checkpoint
from explainers.networks.backbones import Backbone, build_backbone
from explainers.salient import SalientNetworkError, onnx_network, u2netp_path
from stimuli.models.classifiers import Machine
from stimuli.study import Study


def option_problems(study: Study, machine: Machine) -> list[str]:
    """What is wrong with options that name files, or a device, each of which is tried.

    Of `--explanations` only the names: what is given is read once the data set is open.
    """
    return [
        *backbone_problems(study),
        *checkpoint_problems(study, machine),
        *prediction_problems(study, machine),
        *neighbour_problems(study, machine),
        *explanation_problems(study, machine),
        *salient_problems(study, machine),
        *device_problems(machine),
    ]


def backbone_problems(study: Study) -> list[str]:
    """Networks that are not there, take other pictures, or cannot be explained as is asked."""
    problems = []
    for settings in study.classifiers:
        backbone, is_guided = (
            settings.architecture,
            "guided_gradcam" in study.explainers_of(settings.name),
        )
        try:
            if "/" in backbone:
                parts = library_parts(backbone, study.dataset.crop_px)
            elif is_guided:
                parts = build_backbone(backbone, "none")
            if is_guided:
                require_guidance(parts, backbone)
        except ValueError as error:
            problems.append(f"classifier {settings.name}: {error}")
    return problems


def library_parts(backbone: str, side: int) -> Backbone:
    """A library's network with random weights, tried on a picture of that side.

    Raises:
        ValueError: if it is not there, cannot be used, or takes other pictures.
    """
    parts = build_backbone(backbone, "none")
    try:
        parts.features.eval()(torch.zeros(1, 3, side, side))
    except (RuntimeError, AssertionError):
        advice = f"say crop_px = {parts.side} in [dataset]"
        raise ValueError(f"{backbone} takes no pictures of {side} px; {advice}") from None
    return parts


def checkpoint_problems(study: Study, machine: Machine) -> list[str]:
    """Files that are no checkpoints, that hold other networks, or that the study has no use for."""
    weights = {classifier.name: classifier.weights for classifier in study.classifiers}
    backbones = {classifier.name: classifier.architecture for classifier in study.classifiers}
    problems = []
    for name, path in machine.checkpoints.items():
        if name not in weights:
            problems.append(f"--checkpoint {name}: is none of the classifiers {[*weights]}")
        elif weights[name] != "checkpoint":
            problems.append(
                f"--checkpoint {name}: the study makes its own weights, {weights[name]!r}; remove "
                'it, or say weights = "checkpoint"'
            )
        else:
            try:
                made = load_checkpoint(path).classifier.backbone
            except CheckpointError as error:
                problems.append(f"--checkpoint {name}: {error}")
                continue
            if made != backbones[name]:
                advice = f"say backbone = {made!r}, or make a checkpoint of {backbones[name]}"
                problems.append(
                    f"--checkpoint {name}: {path} has backbone = {made!r}, and the study says "
                    f"{backbones[name]!r}; {advice}"
                )
    return problems + [
        f"classifier {name}: no checkpoint is given; add --checkpoint {name}=PATH"
        for name, kind in weights.items()
        if kind == "checkpoint" and name not in machine.checkpoints
    ]


def prediction_problems(study: Study, machine: Machine) -> list[str]:
    """Files of answers; what is in them is tried once the data set is open."""
    weights = {classifier.name: classifier.weights for classifier in study.classifiers}
    problems = []
    for name, path in machine.predictions.items():
        if name not in weights:
            problems.append(f"--predictions {name}: is none of the classifiers {[*weights]}")
        elif weights[name] != "predictions":
            problems.append(
                f"--predictions {name}: the study has weights = {weights[name]!r}; remove it, or "
                'say weights = "predictions"'
            )
        elif not path.is_file():
            problems.append(f"--predictions {name}: {path}: there is no such file; correct it")
    return problems + [
        f"classifier {name}: no answers are given; add --predictions {name}=FILE.csv"
        for name, kind in weights.items()
        if kind == "predictions" and name not in machine.predictions
    ]


def neighbour_problems(study: Study, machine: Machine) -> list[str]:
    """Neighbours of answers that are given: what is in them is tried once the data set is open."""
    shown = {
        classifier.name
        for classifier in study.classifiers
        if not classifier.has_network and "neighbours" in study.explainers_of(classifier.name)
    }
    problems = []
    for name, path in machine.neighbours.items():
        if name not in shown:
            problems.append(
                f"--neighbours {name}: no condition shows neighbours of answers that are given to "
                f"a classifier {name!r}; remove it, or correct the name"
            )
        elif not path.exists():
            problems.append(f"--neighbours {name}: there is no {path}; correct the path")
    return problems + [
        f"classifier {name}: has no network of ours that neighbours could be found by; add "
        f"--neighbours {name}=PATH with its features or a list, or remove the panel neighbours"
        for name in sorted(shown - machine.neighbours.keys())
    ]


def explanation_problems(study: Study, machine: Machine) -> list[str]:
    explainers, problems = study.explainers, []
    for name, path in machine.explanations.items():
        what = f"--explanations {name}"
        if name not in explainers.names:
            advice = f"add the table with kind = 'imported', or correct the name {name!r}"
            problems.append(f"{what}: the study has no [explainers.{name}]; {advice}")
        elif explainers.imported(name) is None:
            problems.append(f"{what}: the study makes its own explanations of this name; remove it")
        elif not path.exists():
            problems.append(f"{what}: there is no {path}; correct the path")
    return problems


def salient_problems(study: Study, machine: Machine) -> list[str]:
    settings = study.explainers.salient
    network = settings.network if settings else None
    is_shown = any("salient" in condition.panels for condition in study.conditions)
    if machine.salient is not None and network != "onnx":
        advice = "remove it, or say network = 'onnx' in [explainers.salient]"
        return [f"--salient: the study has no use for it; {advice}"]
    try:
        if network == "onnx" and machine.salient is not None:
            onnx_network(machine.salient)
        elif network == "onnx" and is_shown:
            return ["explainers.salient: network = 'onnx' needs a file; add --salient PATH"]
        elif network == "u2netp" and is_shown:
            onnx_network(u2netp_path())
    except SalientNetworkError as error:
        return [f"explainers.salient: {error}"]
    return []


def device_problems(machine: Machine) -> list[str]:
    try:
        torch.zeros(1, device=machine.device)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        return [
            f"--device {machine.device}: cannot be used ({reason}); choose another, such as cpu"
        ]
    return []
