"""Extremal perturbation (Fong, Patrick and Vedaldi 2019): the part of an image that says most.

Of all smooth masks that cover a share of the image, the one is sought that, with the rest of the
image blurred, gives the label the highest logit.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

from explainers.blurring import blur_pyramid, gaussian_blur, preserved
from explainers.classifier import Classifier
from explainers.smooth_masks import area_errors, enlarged, smooth_masks

# The study paper's areas, as shares of the image, and its smoothing, of the shorter side.
AREAS = (0.025, 0.05, 0.1, 0.2)
SMOOTHING = 0.09
N_STEPS = 100
# How far the seed with the steepest slope is moved from 0.5 before the first step.
FIRST_STEP = 0.3
# The share of the steps after which the weight of the area no longer grows.
GROWING = 0.7


@dataclass(frozen=True, kw_only=True)
class MaskSettings:
    """How masks are made and fitted; the defaults are the study paper's, but for the optimiser.

    Attributes:
        step_px: distance of the mask's seeds.
        sigma_px: radius of the blob around a seed.
        levels: of the pyramid of blurred images.
        max_blur_px: standard deviation of the blur where the mask is 0.
        area_weight: of the area error against the logit, at first and at last.
        learning_rate: of Adam, at first; it falls to 0.
        jitter_px: the farthest that the perturbed images are shifted, anew at each step.
    """

    step_px: int = 7
    sigma_px: float = 21
    levels: int = 8
    max_blur_px: float = 20
    area_weight: tuple[float, float] = (30, 3000)
    learning_rate: float = 0.05
    jitter_px: int = 4


@dataclass(frozen=True, kw_only=True)
class Preserved:
    """The masks of a batch of images, and what the classifier says of what they preserve.

    Attributes:
        masks: (batch, areas, height, width) in [0, 1].
        logits: (batch, areas), the label's, of the image where only the mask is sharp.
    """

    masks: Tensor
    logits: Tensor


def extremal_perturbation(
    classifier: Classifier,
    images: Tensor,
    labels: Tensor,
    *,
    areas: Sequence[float] = AREAS,
    n_steps: int = N_STEPS,
    settings: MaskSettings = MaskSettings(),
    generator: torch.Generator,
) -> Tensor:
    """Heat maps of the places that preserve the label's logit at any of several areas.

    The masks of `extremal_masks`, summed and smoothed by a Gaussian of 9 % of the shorter side,
    over their maximum, as in the study paper.

    Args:
        images: (batch, 3, height, width), RGB in [0, 1].
        labels: (batch,) class indices.
        areas: shares of the image, 0 to 1.
        n_steps: of the optimiser; each costs `batch` times `areas` images forwards and backwards.
        generator: on the CPU; draws the shifts, the same ones for every image.

    Returns:
        (batch, height, width) in [0, 1].
    """
    found = extremal_masks(
        classifier,
        images,
        labels,
        areas=areas,
        n_steps=n_steps,
        settings=settings,
        generator=generator,
    )
    return heat_maps(found.masks)


def heat_maps(masks: Tensor) -> Tensor:
    """Masks (batch, areas, height, width) as one map each, (batch, height, width) in [0, 1]."""
    maps = gaussian_blur(masks.sum(1), SMOOTHING * min(masks.shape[-2:]))
    return maps / maps.amax(dim=(1, 2), keepdim=True).clamp_min(torch.finfo(maps.dtype).tiny)


def extremal_masks(
    classifier: Classifier,
    images: Tensor,
    labels: Tensor,
    *,
    areas: Sequence[float] = AREAS,
    n_steps: int = N_STEPS,
    settings: MaskSettings = MaskSettings(),
    generator: torch.Generator,
) -> Preserved:
    """For each area, the mask with the highest logit of the label: argmax Phi(m x) - w R_a(m).

    Equation 4, in the preservation game: Phi is the label's logit, m x the image with all but the
    mask blurred, R_a the area error. All images and areas are fitted at once.

    Deviations from the paper: Adam with a falling rate in place of 800 steps of SGD; seeds begin
    at the slope of the logit; the masks' own deviations are stated in `smooth_masks`.

    Args and errors are those of `extremal_perturbation`.
    """
    game = _Game(
        classifier=classifier,
        pyramid=blur_pyramid(images, levels=settings.levels, max_sigma=settings.max_blur_px),
        labels=labels,
        areas=tuple(areas),
        settings=settings,
    )
    with _evaluating(classifier):
        seeds = _fitted_seeds(game, n_steps, generator)
        with torch.no_grad():
            masks = game.fine(game.masks(seeds))
            return Preserved(masks=masks, logits=game.logits(masks))


@dataclass(frozen=True, kw_only=True)
class _Game:
    """What is preserved of some images, pyramid (batch, levels, 3, height, width)."""

    classifier: Classifier
    pyramid: Tensor
    labels: Tensor
    areas: tuple[float, ...]
    settings: MaskSettings

    def equal_seeds(self) -> Tensor:
        """(batch * areas, rows, columns), 0.5 each, at least one row and column."""
        grid = [max(1, round(side / self.settings.step_px)) for side in self.pyramid.shape[-2:]]
        n = len(self.pyramid) * len(self.areas)
        return torch.full((n, *grid), 0.5, device=self.pyramid.device)

    def masks(self, seeds: Tensor) -> Tensor:
        """(batch, areas, rows, columns) in [0, 1]."""
        sigma = self.settings.sigma_px / self.settings.step_px
        masks = smooth_masks(seeds, sigma=sigma)
        return masks.view(-1, len(self.areas), *masks.shape[1:])

    def fine(self, masks: Tensor) -> Tensor:
        """(batch, areas, height, width) in [0, 1]."""
        height, width = self.pyramid.shape[-2:]
        return enlarged(masks.flatten(0, 1), (height, width)).view(*masks.shape[:2], height, width)

    def logits(self, masks: Tensor, shift: tuple[int, int] = (0, 0)) -> Tensor:
        """(batch, areas), of images shifted by some pixels down and across, around the edges."""
        shown = preserved(self.pyramid, masks).flatten(0, 1).roll(shift, (2, 3))
        logits: Tensor = self.classifier(shown.contiguous(memory_format=torch.channels_last))
        labels = self.labels.repeat_interleave(len(self.areas))
        return logits.gather(1, labels[:, None]).view(masks.shape[:2])


def _fitted_seeds(game: _Game, n_steps: int, generator: torch.Generator) -> Tensor:
    settings, seeds = game.settings, _first_seeds(game).requires_grad_()
    optimiser = torch.optim.Adam([seeds], lr=settings.learning_rate)
    slowing = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _speed(step / n_steps))
    for step in range(n_steps):
        masks = game.masks(seeds)
        weight = _area_weight(step / n_steps, settings.area_weight)
        logits = game.logits(game.fine(masks), _shift(settings.jitter_px, generator))
        loss = (weight * area_errors(masks, game.areas) - logits).sum()
        (seeds.grad,) = torch.autograd.grad(loss, [seeds])
        optimiser.step()
        slowing.step()
        with torch.no_grad():
            seeds.clamp_(0, 1)
    return seeds.detach()


def _first_seeds(game: _Game) -> Tensor:
    """Halfway, and somewhat more where the logit asks for more.

    Equal seeds would be ties in the sorted mask, which the area error would break by their order.
    """
    seeds = game.equal_seeds().requires_grad_()
    (slope,) = torch.autograd.grad(game.logits(game.fine(game.masks(seeds))).sum(), [seeds])
    steepest = slope.abs().amax(dim=(1, 2), keepdim=True).clamp_min(torch.finfo(slope.dtype).tiny)
    return seeds.detach() + FIRST_STEP * slope / steepest


def _area_weight(share: float, weights: tuple[float, float]) -> float:
    """Grows by a constant factor until a share GROWING of the steps is over."""
    first, last = weights
    return float(first * (last / first) ** min(1, share / GROWING))


def _speed(share: float) -> float:
    """1 for half of the steps, then half a cosine down to 0."""
    return 0.5 + 0.5 * math.cos(math.pi * max(0, 2 * share - 1))


def _shift(jitter_px: int, generator: torch.Generator) -> tuple[int, int]:
    down, across = torch.randint(-jitter_px, jitter_px + 1, (2,), generator=generator).tolist()
    return down, across


@contextmanager
def _evaluating(classifier: Classifier) -> Iterator[None]:
    """In evaluation mode, where images do not affect each other; then as it was."""
    training = {module: module.training for module in classifier.modules()}
    classifier.eval()
    try:
        yield
    finally:
        for module, mode in training.items():
            module.training = mode
