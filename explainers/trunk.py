"""A classifier cut in two: a trunk that stays as it is, and a tail that learns."""

import torch
from torch import nn

from explainers.backbones import Backbone, build_backbone
from explainers.classifier import Classifier


def n_modules(backbone: str) -> int:
    """How many modules the features have, one after the other; no weights are made."""
    with torch.device("meta"):
        return len(build_backbone(backbone, "none").features)


def split(classifier: Classifier, n: int) -> tuple[Classifier, Classifier]:
    """Trunk and tail of a classifier, whose modules they share: what the tail learns, it knows.

    The trunk, in evaluation mode, has no head: of RGB in [0, 1] it gives the maps of the n-th
    module of the features, (batch, channels, rows, columns). The tail takes these as they are.
    In evaluation mode, tail(trunk(images)) is classifier(images) bit for bit.
    """
    modules = list(classifier.features)
    mean, std = (tuple(v.flatten().tolist()) for v in (classifier.mean, classifier.std))
    lower = Backbone(features=nn.Sequential(*modules[:n]), head=nn.Sequential(), mean=mean, std=std)
    upper = Backbone(
        features=nn.Sequential(*modules[n:]), head=classifier.head, mean=(0.0,), std=(1.0,)
    )
    tail = _part(classifier, upper).train(classifier.training)
    return _part(classifier, lower).eval(), tail


def _part(classifier: Classifier, parts: Backbone) -> Classifier:
    part = Classifier(backbone=classifier.backbone, parts=parts, classes=classifier.classes)
    return part.to(classifier.mean.device)
