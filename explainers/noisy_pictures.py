"""Robustness: how much does a heat map change where its picture hardly does?

Two scores of the same maps: those of noisy copies of a picture, for the same label. Each copy costs
a map. Small is good, and a map that is always the same is the best of all (Yeh et al. 2019):
robustness alone commends nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

Explain = Callable[[Tensor], Tensor]
"""(1, 3, height, width), RGB in [0, 1], to the map of the label, (1, height, width)."""

# Captum's defaults: copies of a picture, and how far a channel may differ, on the scale of [0, 1].
COPIES = 10
RADIUS = 0.02


@dataclass(frozen=True, kw_only=True)
class Changes:
    """How far noisy copies lie from a picture, and their maps from its map.

    Attributes:
        pictures: (copies,) Euclidean distances over all channels of all pixels.
        maps: (copies,) Euclidean distances over all pixels.
        heat: Euclidean norm of the picture's own map.
    """

    pictures: np.ndarray
    maps: np.ndarray
    heat: float


def changes(explain: Explain, image: Tensor, heatmap: Tensor, *, seed: int) -> Changes:
    """Explain noisy copies of a picture, one at a time.

    The noise is uniform within `RADIUS`, the same for each picture of a size; what would leave
    [0, 1] is cut off, since there is no such picture.

    Args:
        image: (3, height, width), RGB in [0, 1].
        heatmap: (height, width), what `explain` makes of it.
        seed: of the noise.
    """
    generator = torch.Generator().manual_seed(seed)
    moved, changed = [], []
    for _ in range(COPIES):
        noise = torch.rand(image.shape, generator=generator).mul_(2).sub_(1).mul_(RADIUS)
        copy = (image + noise.to(image.device)).clamp_(0, 1)
        moved.append(float((copy - image).norm()))
        changed.append(float((explain(copy[None])[0] - heatmap).norm()))
    return Changes(pictures=np.array(moved), maps=np.array(changed), heat=float(heatmap.norm()))


def max_sensitivity(changes: Changes) -> float | None:
    """The largest change of a map, over the norm of the map (Yeh et al. 2019).

    max ||Phi(x') - Phi(x)|| / ||Phi(x)|| with |x' - x| <= r in each channel. The paper's is not
    divided; captum's is.

    Returns:
        0 or more; None for a map that is zero everywhere.
    """
    return float(changes.maps.max() / changes.heat) if changes.heat else None


def lipschitz(changes: Changes) -> float | None:
    """The largest change of a map over that of its picture (Alvarez-Melis and Jaakkola 2018).

    max ||Phi(x') - Phi(x)|| / ||x' - x||. The paper seeks the maximum by Bayesian optimisation;
    here it is that of the copies, and so a lower bound.

    Returns:
        0 or more; None for a map that is zero everywhere, or where a copy is the picture itself.
    """
    if not (changes.heat and changes.pictures.all()):
        return None
    return float((changes.maps / changes.pictures).max())
