"""How much each square of a photo adds to the answer: Shapley values, estimated by KernelSHAP."""

import torch
from captum.attr import KernelShap
from torch import Tensor

from explainers.classifier import Classifier


def grid_shap(
    classifier: Classifier, images: Tensor, labels: Tensor, *, cells: int = 7, n_samples: int = 200
) -> Tensor:
    """Maps (batch, height, width) in [-1, 1] of images (batch, 3, height, width), RGB in [0, 1]."""
    height, width = images.shape[2:]
    rows, columns = torch.arange(height) * cells // height, torch.arange(width) * cells // width
    squares = (rows[:, None] * cells + columns).to(images.device)
    maps = []
    for image, label in zip(images.split(1), labels, strict=True):
        values = KernelShap(classifier).attribute(
            image,
            baselines=classifier.mean.expand_as(image),  # a square that is left out turns grey
            target=label,
            feature_mask=squares.expand(1, 3, height, width),
            n_samples=n_samples,
        )
        maps.append(values[:, 0])
    strongest = torch.stack([m.abs().max() for m in maps]).clamp(min=1e-12)
    return torch.cat(maps) / strongest[:, None, None]


EXPLAINERS = {"grid_shap": grid_shap}
