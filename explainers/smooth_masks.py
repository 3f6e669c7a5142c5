"""Smooth masks of a chosen area (Fong, Patrick and Vedaldi 2019, sections 3.1 and 3.3).

A mask grows out of a coarse grid of seeds: each seed paints a round blob, and where blobs meet
the strongest counts, so that no mask has details finer than a blob.
"""

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

# Of the smooth maximum, as in the paper.
TEMPERATURE = 1 / 20
# To a power of two: torch takes a third of the time that it takes for one of e.
OF_TWO = math.log2(math.e) / TEMPERATURE


def smooth_masks(seeds: Tensor, *, step_px: int, sigma_px: int) -> Tensor:
    """Masks at every pixel, by a smooth max-convolution.

    m(u) = smax_i k(|u - u_i|) s_i, smax_i f_i = sum_i f_i exp(f_i / T) / sum_i exp(f_i / T),
    T = 1/20 (section 3.3), over the seeds of a square of sigma and a step to each side.
    Deviations, TorchRay's: the blob is k(d) = exp(-2 max(0, d / sigma - 1/2)^2), broader at its
    top and steeper than the paper's exp(-max(0, d - 1)^2 / 4), and m is not divided by its value
    for seeds of 1, which differs a little from pixel to pixel.

    Args:
        seeds: (n, rows, columns) in [0, 1].
        step_px: from seed to seed.
        sigma_px: a blob has half its height at 1.09 sigma.

    Returns:
        (n, height, width) in [0, 1], from `sigma_px` before the first seed to as much after the
        last, both included: ((rows - 1) * step_px + 2 * sigma_px + 1, ...).
    """
    margin = math.ceil(sigma_px / step_px)
    kernels = _kernels(step_px, sigma_px).to(seeds)
    side = 2 * (margin + 1) + 1
    around = functional.unfold(seeds[:, None], side, padding=2 * margin + 1)
    maxima: Tensor = _SmoothMaxima.apply(around, kernels)
    cells = [n + 2 * margin for n in seeds.shape[1:]]
    whole = functional.pixel_shuffle(maxima.view(*maxima.shape[:2], *cells), step_px)[:, 0]
    cut = margin * step_px - sigma_px
    height, width = ((n - 1) * step_px + 2 * sigma_px + 1 for n in seeds.shape[1:])
    return whole[:, cut : cut + height, cut : cut + width]


def _kernels(step_px: int, sigma_px: int) -> Tensor:
    """(seeds, pixels): what is left of each seed around a cell's first at each pixel of the cell.

    A cell is the square of `step_px` whose top left pixel has a seed.
    """
    reach = math.ceil(sigma_px / step_px) + 1
    seeds = torch.arange(-reach, reach + 1, dtype=torch.float64) * step_px
    away = torch.arange(step_px, dtype=torch.float64) - seeds[:, None]
    distances = torch.hypot(away[:, None, :, None], away[None, :, None, :]) / sigma_px
    return torch.exp(-2 * (distances - 0.5).clamp_min(0) ** 2).flatten(2).flatten(0, 1)


class _SmoothMaxima(torch.autograd.Function):
    """Of seeds around each cell (n, seeds, cells), at each of its pixels: (n, pixels, cells).

    One pixel of all cells at a time, forwards and backwards, which keeps what is computed in the
    processor's cache: a fifth of the time of all at once.
    """

    @staticmethod
    def forward(ctx: Any, around: Tensor, kernels: Tensor) -> Tensor:
        cold = around.new_empty(len(around), kernels.shape[1], around.shape[2])
        totals = torch.empty_like(cold)
        painted, weights = torch.empty_like(around), torch.empty_like(around)
        for pixel, kernel in enumerate(kernels.T[..., None]):
            torch.exp2(torch.mul(around, kernel * OF_TWO, out=painted), out=weights)
            torch.sum(weights, 1, out=totals[:, pixel])
            torch.sum(weights.mul_(painted), 1, out=cold[:, pixel])
        cold /= totals
        ctx.save_for_backward(around, kernels, cold, totals)
        return cold / OF_TWO

    @staticmethod
    def backward(ctx: Any, *slopes: Tensor) -> tuple[Tensor, None]:
        """d smax / d s_i = k_i p_i (1 + (f_i - smax) / T), where p_i are the weights, of sum 1."""
        around, kernels, cold, totals = ctx.saved_tensors
        one = OF_TWO * TEMPERATURE
        scales, gradients = slopes[0] / (totals * one), torch.zeros_like(around)
        painted, weights = torch.empty_like(around), torch.empty_like(around)
        for pixel, kernel in enumerate(kernels.T[..., None]):
            torch.exp2(torch.mul(around, kernel * OF_TWO, out=painted), out=weights)
            steepness = painted.sub_(cold[:, pixel, None] - one)
            gradients.addcmul_(weights.mul_(steepness).mul_(scales[:, pixel, None]), kernel)
        return gradients, None


def area_errors(masks: Tensor, areas: Sequence[float]) -> Tensor:
    """How far each mask is from being 1 on its share of the places and 0 elsewhere.

    R_a(m) = |vecsort(m) - r_a|^2 / |places|, with r_a ascending zeros and then a share a of ones
    (equation 3, over the number of places); the one place that a share cuts has what is left. Of
    equal places, the later ones in reading order ought to be 1.

    Args:
        masks: (n, areas, rows, columns) in [0, 1].
        areas: the share of each, 0 to 1.

    Returns:
        (n, areas), mean squared errors.
    """
    values, n_places = masks.flatten(2), masks[0, 0].numel()
    ones = torch.tensor(areas, device=masks.device)[:, None] * n_places
    # Nothing need be sorted: which values ought to be 1 follows from the first that is not.
    cuts = []
    for of_area, n_ones in zip(values.detach().unbind(1), ones, strict=True):
        # Where all ought to be 1, the lowest stands for the first that is not.
        place = max(n_places - int(n_ones), 1)
        cuts.append(of_area.kthvalue(place, dim=1, keepdim=True).values)
    cut = torch.stack(cuts, 1)
    above, equal = values > cut, values == cut
    n_left = ones - above.sum(2, keepdim=True)
    from_last = equal.flip(2).cumsum(2).flip(2)
    template = above + equal * (n_left - from_last + 1).clamp(0, 1)
    return (values - template).square().mean(2)
