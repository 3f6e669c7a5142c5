"""Extremal perturbation (Fong, Patrick and Vedaldi 2019): the part of an image that says most.

Of all smooth masks that cover a share of the image, the one is sought that, with the rest of the
image blurred, gives the label the highest logit.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from explainers.blurring import blur_pyramid, gaussian_blur, preserved
from explainers.classifier import Classifier
from explainers.folding import folded
from explainers.smooth_masks import area_errors, smooth_masks

# The study paper's areas, as shares of the image, and its smoothing, of the shorter side.
AREAS = (0.025, 0.05, 0.1, 0.2)
SMOOTHING = 0.09
N_STEPS = 420
# Rounding errors grow along a path, and two fits that start so little apart end in different
# places; the sum of both is nearer to where a third would end.
N_FITS = 2
APART = 1e-3
# TorchRay's iterations: the length of a step for 32 x 32 seeds, of which each has its share of the
# slopes, what is left of a slope after one, the weight of the area error at first and its growth.
RATE = 0.01 / 32**2
MOMENTUM = 0.9
AREA_WEIGHT = 300
GROWTH = 1.0035
# By the share of the steps: how far they go, in lengths of TorchRay's, and as after how many of its
# iterations the area weighs. The first 300, one by one, decide where a mask lies; its other 500 are
# done in fewer and longer steps, which go farther before the area weighs as much.
SHARES = (0, 1 / 2, 1)
LENGTHS = (0, 300, 900)
ITERATIONS = (0, 300, 800)


@dataclass(frozen=True, kw_only=True)
class MaskSettings:
    """How masks are made and fitted; the defaults are the study paper's, which are TorchRay's.

    Attributes:
        step_px: distance of the mask's seeds.
        sigma_px: radius of the blob around a seed, and how far beyond the seeds a mask's area
            counts. No seed lies there: a mask reaches it with what it has at the border, and
            covers more of the image than its share.
        levels: of the pyramid of blurred images.
        max_blur_px: standard deviation of the blur where the mask is 0.
    """

    step_px: int = 7
    sigma_px: int = 21
    levels: int = 8
    max_blur_px: float = 20


@dataclass(frozen=True, kw_only=True)
class ExtremalMasks:
    """The masks of a batch of images, and what the classifier says of what they preserve.

    Attributes:
        masks: (batch, fits, areas, height, width) in [0, 1].
        logits: (batch, fits, areas), the label's: mean of the image where only the mask is sharp
            and of its mirror image.
    """

    masks: Tensor
    logits: Tensor

    @property
    def best(self) -> Tensor:
        """(batch, areas, height, width): of the fits for an area, the mask of the highest logit."""
        chosen = self.logits.argmax(1, keepdim=True)[..., None, None]
        return self.masks.take_along_dim(chosen, 1)[:, 0]


def extremal_perturbation(
    classifier: Classifier,
    images: Tensor,
    labels: Tensor,
    *,
    areas: Sequence[float] = AREAS,
    n_steps: int = N_STEPS,
    settings: MaskSettings = MaskSettings(),
) -> Tensor:
    """Heat maps of the places that preserve the label's logit at any of several areas.

    The masks of `extremal_masks`, summed and smoothed by a Gaussian of 9 % of the shorter side,
    over their maximum, as in the study paper.

    Args:
        images: (batch, 3, height, width), RGB in [0, 1].
        labels: (batch,) class indices.
        areas: shares of the image, 0 to 1.
        n_steps: of each of two fits; one costs `batch` times `areas` images forwards and backwards.

    Returns:
        (batch, height, width) in [0, 1].
    """
    fits = extremal_masks(
        classifier,
        images,
        labels,
        areas=areas,
        n_steps=n_steps,
        settings=settings,
    )
    return heat_maps(fits.masks)


def heat_maps(masks: Tensor) -> Tensor:
    """Masks (batch, fits, areas, height, width) as maps, (batch, height, width) in [0, 1]."""
    maps = gaussian_blur(masks.sum((1, 2)), SMOOTHING * min(masks.shape[-2:]))
    return maps / maps.amax(dim=(1, 2), keepdim=True).clamp_min(torch.finfo(maps.dtype).tiny)


def extremal_masks(
    classifier: Classifier,
    images: Tensor,
    labels: Tensor,
    *,
    areas: Sequence[float] = AREAS,
    n_steps: int = N_STEPS,
    settings: MaskSettings = MaskSettings(),
) -> ExtremalMasks:
    """For each area, masks with the highest logit of the label: argmax Phi(m x) - w R_a(m).

    Equation 4, in the preservation game: Phi is the label's logit, m x the image with all but the
    mask blurred, R_a the area error. All images and areas are fitted at once.

    As in TorchRay, all of the image is sharp at first; the area weight grows; every second step
    sees the mirror image, mask and all; outside of the image the blur sees black. Deviations: two
    fits, of fewer and longer steps than TorchRay's 800 iterations along the same path; those of
    the masks are stated in `smooth_masks`.

    Args and errors are those of `extremal_perturbation`.
    """
    game = _Game(
        network=folded(classifier),
        pyramid=blur_pyramid(
            images, levels=settings.levels, max_sigma=settings.max_blur_px, black_outside=True
        ),
        labels=labels,
        areas=tuple(areas),
        settings=settings,
    )
    starts = [1 - APART * fit for fit in range(N_FITS)]
    fits = [game.of_image(game.masks(_fitted_seeds(game, n_steps, start))) for start in starts]
    logits = [game.mean_logits(masks) for masks in fits]
    return ExtremalMasks(masks=torch.stack(fits, 1), logits=torch.stack(logits, 1))


@dataclass(frozen=True, kw_only=True)
class _Game:
    """What is preserved of some images, pyramid (batch, levels, 3, height, width)."""

    network: nn.Module
    pyramid: Tensor
    labels: Tensor
    areas: tuple[float, ...]
    settings: MaskSettings

    def first_seeds(self, value: float) -> Tensor:
        """(batch * areas, rows, columns), the first at the top left pixel, all of one value."""
        grid = [math.ceil(side / self.settings.step_px) for side in self.pyramid.shape[-2:]]
        shape = len(self.pyramid) * len(self.areas), *grid
        return torch.full(shape, value, device=self.pyramid.device)

    def masks(self, seeds: Tensor) -> Tensor:
        """(batch, areas, height, width) in [0, 1], with a margin of sigma around the seeds."""
        masks = smooth_masks(seeds, step_px=self.settings.step_px, sigma_px=self.settings.sigma_px)
        return masks.view(-1, len(self.areas), *masks.shape[1:])

    def of_image(self, masks: Tensor) -> Tensor:
        """(batch, areas, height, width) without the margin."""
        margin, (height, width) = self.settings.sigma_px, self.pyramid.shape[-2:]
        return masks[..., margin : margin + height, margin : margin + width]

    def logits(self, masks: Tensor, *, mirrored: bool = False) -> Tensor:
        """(batch, areas), of the images or of their mirror images, masks and all."""
        inputs = preserved(self.pyramid, masks).flatten(0, 1)
        logits: Tensor = self.network(inputs.flip(3) if mirrored else inputs)
        labels = self.labels.repeat_interleave(len(self.areas))
        return logits.gather(1, labels[:, None]).view(masks.shape[:2])

    @torch.no_grad()
    def mean_logits(self, masks: Tensor) -> Tensor:
        """(batch, areas): the mean of the image's and of its mirror image's."""
        return (self.logits(masks) + self.logits(masks, mirrored=True)) / 2


def _fitted_seeds(game: _Game, n_steps: int, start: float) -> Tensor:
    """From all of the image to the areas, every second step on the mirror image."""
    seeds = game.first_seeds(start).requires_grad_()
    rate, velocity = RATE * seeds[0].numel(), None
    for step, (length, weight) in enumerate(_path(n_steps)):
        masks = game.masks(seeds)
        logits = game.logits(game.of_image(masks), mirrored=step % 2 == 0)
        loss = (weight * area_errors(masks, game.areas) - logits).sum()
        (slopes,) = torch.autograd.grad(loss, [seeds])
        with torch.no_grad():
            before = slopes if velocity is None else velocity
            velocity = slopes.lerp(before, MOMENTUM**length)
            seeds.sub_(velocity, alpha=rate * length).clamp_(0, 1)
    return seeds.detach()


def _path(n_steps: int) -> Iterator[tuple[float, float]]:
    """How many of TorchRay's steps each is as long as, and what the area error then weighs."""
    shares = np.linspace(0, 1, n_steps + 1)
    lengths = np.diff(np.interp(shares, SHARES, LENGTHS))
    weights = AREA_WEIGHT * GROWTH ** np.interp(shares[:-1], SHARES, ITERATIONS)
    return zip(lengths.tolist(), weights.tolist(), strict=True)
