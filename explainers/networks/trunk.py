"""A classifier cut in two: a trunk, which may stay as it is, and a tail, which may learn."""

from itertools import pairwise

import torch
from torch import nn

from explainers.classifier import Classifier
from explainers.networks.backbones import Backbone, build_backbone


def n_modules(backbone: str) -> int:
    """How many modules the features have, one after the other; no weights of ours are made."""
    with torch.device("cpu" if "/" in backbone else "meta"):  # a trace needs numbers
        return len(build_backbone(backbone, "none").features)


# Any would do: what counts is where maps get smaller.
SIDE_PX = 224


@torch.inference_mode()
def stage_ends(classifier: Classifier) -> list[int]:
    """After how many modules of its features each of the last four stages ends.

    A stage is what makes maps of one size, such as layer1 to layer4 of a ResNet. The last one ends
    with the features.
    """
    if classifier.layout.order == "tokens":  # whose number never changes
        return [len(classifier.features)]
    maps, sides = classifier.mean.expand(1, 3, SIDE_PX, SIDE_PX), []
    for module in classifier.features:
        maps = module(maps)
        sides.append(maps.shape[2])  # rows, or columns where channels come last
    changes = enumerate(pairwise([*sides, 0]), start=1)
    return [n for n, (here, there) in changes if here != there][-4:]


def split(classifier: Classifier, n: int) -> tuple[Classifier, Classifier]:
    """Trunk and tail of a classifier, whose modules they share: what the tail learns, it knows.

    The trunk, in evaluation mode, has no head: of RGB in [0, 1] it gives the maps of the n-th
    module of the features, (batch, channels, rows, columns). The tail takes these as they are.
    In evaluation mode, tail(trunk(images)) is classifier(images) bit for bit.
    """
    modules = list(classifier.features)
    mean, std = (tuple(v.flatten().tolist()) for v in (classifier.mean, classifier.std))
    lower = Backbone(
        features=nn.Sequential(*modules[:n]),
        head=nn.Sequential(),
        mean=mean,
        std=std,
        layout=classifier.layout,
    )
    upper = Backbone(
        features=nn.Sequential(*modules[n:]),
        head=classifier.head,
        mean=(0.0,),
        std=(1.0,),
        layout=classifier.layout,
        averages=classifier.averages,
    )
    tail = _part(classifier, upper).train(classifier.training)
    return _part(classifier, lower).eval(), tail


def _part(classifier: Classifier, parts: Backbone) -> Classifier:
    part = Classifier(backbone=classifier.backbone, parts=parts, classes=classifier.classes)
    return part.to(classifier.mean.device)
