"""The options of a command that a study has no use for, lacks, or cannot use: tried before work."""

import torch

from explainers.classifier import CheckpointError, load_checkpoint
from explainers.networks.backbones import IMAGENET_CLASSES, build_backbone
from explainers.salient import SalientNetworkError, onnx_network, u2netp_path
from stimuli.datasets.base import Dataset
from stimuli.models.classifiers import ClassifierError, Machine
from stimuli.study import Study


def option_problems(study: Study, machine: Machine) -> list[str]:
    """What is wrong with `--checkpoint`, `--salient` and `--device`, each of which is tried.

    Of `--explanations` only the names: what is given is read once the data set is open.
    """
    return [
        *backbone_problems(study),
        *checkpoint_problems(study, machine),
        *explanation_problems(study, machine),
        *salient_problems(study, machine),
        *device_problems(machine),
    ]


def backbone_problems(study: Study) -> list[str]:
    """Networks of libraries that are not there, cannot be used, or take other pictures."""
    problems, side = [], study.dataset.crop_px
    for settings in study.classifiers:
        if "/" not in settings.backbone:
            continue
        subject = f"classifier {settings.name}"
        try:
            parts = build_backbone(settings.backbone, "none")
        except ValueError as error:
            problems.append(f"{subject}: {error}")
            continue
        try:
            parts.features.eval()(torch.zeros(1, 3, side, side))
        except (RuntimeError, AssertionError):
            advice = f"say crop_px = {parts.side} in [dataset]"
            said = f"{settings.backbone} takes no pictures of {side} px"
            problems.append(f"{subject}: {said}; {advice}")
    return problems


def checkpoint_problems(study: Study, machine: Machine) -> list[str]:
    weights = {classifier.name: classifier.weights for classifier in study.classifiers}
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
                load_checkpoint(path)
            except CheckpointError as error:
                problems.append(f"--checkpoint {name}: {error}")
    return problems + [
        f"classifier {name}: no checkpoint is given; add --checkpoint {name}=PATH"
        for name, kind in weights.items()
        if kind == "checkpoint" and name not in machine.checkpoints
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


def require_classes(study: Study, dataset: Dataset, machine: Machine) -> None:
    """Refuse classifiers that know other classes than the data set.

    Raises:
        ClassifierError: with every problem.
    """
    classes, problems = tuple(info.name for info in dataset.classes), []
    for settings in study.classifiers:
        subject = f"classifier {settings.name}"
        if settings.weights == "imagenet" and not settings.training:
            if len(classes) != IMAGENET_CLASSES:
                message = f"the data set has {len(classes)} classes, not 1000"
                problems.append(f"{subject}: {message}; add [classifiers.training]")
        elif settings.weights == "checkpoint" and settings.name in machine.checkpoints:
            path = machine.checkpoints[settings.name]
            if load_checkpoint(path).classifier.classes != classes:
                problems.append(
                    f"{subject}: {path} knows other classes than the data set; train one on this "
                    "data set"
                )
    if problems:
        raise ClassifierError("classifiers", problems)
