"""Smooth masks of a chosen area (Fong, Patrick and Vedaldi 2019, sections 3.1 and 3.3).

A mask grows out of a coarse grid of seeds: each seed paints a round blob, and where blobs meet
the strongest counts, so that no mask has details finer than a blob.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

# Of the smooth maximum, as in the paper.
TEMPERATURE = 1 / 20


def smooth_masks(seeds: Tensor, *, sigma: float) -> Tensor:
    """Masks at the places of their seeds, by a smooth max-convolution.

    m(u) = smax_i k(|u - u_i|) s_i / Z, smax_i f_i = sum_i f_i exp(f_i / T) / sum_i exp(f_i / T),
    T = 1/20, and Z makes a mask of 1 from seeds of 1 (section 3.3). Deviations: the blob is
    TorchRay's, k(d) = exp(-2 max(0, d / sigma - 1/2)^2), broader at its top and steeper than the
    paper's exp(-max(0, d - 1)^2 / 4), and cut off outside a square of sigma and a step to each
    side; the maximum is taken at the seeds only, to be enlarged by `enlarged`, where the paper
    takes it at every pixel (49 times as many with a step of 7 px; a blob is far wider than that).

    Args:
        seeds: (n, rows, columns) in [0, 1].
        sigma: in steps of the grid; a blob has half its height at 1.09 sigma.

    Returns:
        (n, rows, columns) in [0, 1].
    """
    kernel = _kernel(sigma).to(seeds)
    full = _smooth_maxima(torch.ones_like(seeds[:1]), kernel)
    return (_smooth_maxima(seeds, kernel) / full).clamp(0, 1)


def _kernel(sigma: float) -> Tensor:
    """(side, side) with an odd side: what is left of a seed around it."""
    reach = math.ceil(sigma) + 1
    steps = torch.arange(-reach, reach + 1, dtype=torch.float64)
    distances = torch.hypot(steps[:, None], steps) / sigma
    return torch.exp(-2 * (distances - 0.5).clamp_min(0) ** 2)


def _smooth_maxima(seeds: Tensor, kernel: Tensor) -> Tensor:
    side = kernel.shape[0]
    patches = functional.unfold(seeds[:, None], side, padding=side // 2)
    painted = patches * kernel.flatten()[:, None]
    weights = (painted / TEMPERATURE).softmax(dim=1)
    return (weights * painted).sum(1).view_as(seeds)


def enlarged(masks: Tensor, size: tuple[int, int]) -> Tensor:
    """(n, rows, columns) masks, bilinear to (n, *size) pixels."""
    fine = functional.interpolate(masks[:, None], size, mode="bilinear", align_corners=False)
    return fine[:, 0]


def area_errors(masks: Tensor, areas: Sequence[float], nudges: Tensor | float = 0.0) -> Tensor:
    """How far each mask is from being 1 on its share of the places and 0 elsewhere.

    R_a(m) = |vecsort(m) - r_a|^2 / |places|, with r_a ascending zeros and then a share a of ones
    (equation 3, over the number of places); the one place that a share cuts has what is left.

    Args:
        masks: (n, areas, rows, columns) in [0, 1].
        areas: the share of each, 0 to 1.
        nudges: (rows, columns), added where places are ranked and nowhere else: chance rather
            than reading order then says which of some nearly equal places ought to be 1.

    Returns:
        (n, areas), mean squared errors.
    """
    values = masks.flatten(2)
    ordered = values.gather(2, (masks.detach() + nudges).flatten(2).argsort(dim=2))
    places = ordered.shape[2]
    descending = torch.arange(places, 0, -1, device=masks.device)
    ones = torch.tensor(areas, device=masks.device)[:, None] * places
    template = (ones - descending + 1).clamp(0, 1).to(masks)
    return (ordered - template).square().mean(2)
