"""Extremal perturbation (Fong, Patrick and Vedaldi 2019): the part of an image that says most.

Of all smooth masks that cover a share of the image, the one is sought that, with the rest of the
image blurred, gives the label the highest logit.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from explainers.blurring import blur_pyramid, gaussian_blur, preserved
from explainers.classifier import Classifier
from explainers.folding import folded
from explainers.smooth_masks import area_errors, enlarged, smooth_masks

# The study paper's areas, as shares of the image, and its smoothing, of the shorter side.
AREAS = (0.025, 0.05, 0.1, 0.2)
SMOOTHING = 0.09
N_STEPS = 400
MOMENTUM = 0.9
TYPICAL_AREA = 0.05
# At 1 the mask would be cut off there and have no slope.
FIRST_SEED = 0.99


@dataclass(frozen=True, kw_only=True)
class MaskSettings:
    """How masks are made and fitted; the defaults are the study paper's, but for the steps.

    Attributes:
        step_px: distance of the mask's seeds.
        sigma_px: radius of the blob around a seed.
        margin_px: how far around the view a mask's area counts. No seed lies there: a mask reaches
            it with what it has at the border, and covers more of the view than its share.
        levels: of the pyramid of blurred images.
        max_blur_px: standard deviation of the blur where the mask is 0.
        area_weight: of the area error against the logit for a share of TYPICAL_AREA, at first and
            at last, growing by a constant factor; TorchRay's end at 4900, after more steps.
        travel: the step size times the number of steps, over that of seeds, of which each has its
            share of the slopes; TorchRay's 800 steps of 0.01 for 32 x 32 seeds.
        nudge: the largest difference of two places whose ranks are left to chance, at first; it
            shrinks to 0.
    """

    step_px: int = 7
    sigma_px: float = 21
    margin_px: int = 14
    levels: int = 8
    max_blur_px: float = 20
    area_weight: tuple[float, float] = (300, 7000)
    travel: float = 1 / 128
    nudge: float = 0.05


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
        generator: on the CPU; draws the ranks of nearly equal places, alike for every image.

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

    Deviations from the paper: fewer and longer steps of SGD than its 800, slower at the end; the
    area error weighs more for smaller areas, as much as their edges are shorter; ranks of nearly
    equal places are left to chance; the masks' own deviations are stated in `smooth_masks`. As in
    TorchRay, a mask's area counts in a margin around the view too; seeds begin at 1 and all of the
    image is sharp; the area weight grows; every second step sees the mirror image, mask and all.

    Args and errors are those of `extremal_perturbation`.
    """
    game = _Game(
        network=folded(classifier),
        pyramid=blur_pyramid(images, levels=settings.levels, max_sigma=settings.max_blur_px),
        labels=labels,
        areas=tuple(areas),
        settings=settings,
    )
    seeds = _fitted_seeds(game, n_steps, generator)
    with torch.no_grad():
        masks = game.fine(game.masks(seeds))
        return Preserved(masks=masks, logits=game.logits(masks))


@dataclass(frozen=True, kw_only=True)
class _Game:
    """What is preserved of some images, pyramid (batch, levels, 3, height, width)."""

    network: nn.Module
    pyramid: Tensor
    labels: Tensor
    areas: tuple[float, ...]
    settings: MaskSettings

    def first_seeds(self) -> Tensor:
        """(batch * areas, rows, columns), at least one row and column."""
        grid = [max(1, round(side / self.settings.step_px)) for side in self.pyramid.shape[-2:]]
        n = len(self.pyramid) * len(self.areas)
        return torch.full((n, *grid), FIRST_SEED, device=self.pyramid.device)

    @property
    def margin(self) -> int:
        """In rows and columns of seeds."""
        return round(self.settings.margin_px / self.settings.step_px)

    def masks(self, seeds: Tensor) -> Tensor:
        """(batch, areas, rows, columns) in [0, 1], the margin around the view too."""
        sigma = self.settings.sigma_px / self.settings.step_px
        masks = smooth_masks(functional.pad(seeds, [self.margin] * 4), sigma=sigma)
        return masks.view(-1, len(self.areas), *masks.shape[1:])

    def fine(self, masks: Tensor) -> Tensor:
        """(batch, areas, height, width) in [0, 1]: of the view, without the margin."""
        size, places = self.pyramid.shape[-2:], masks.shape[-2:]
        steps = [side / (n - 2 * self.margin) for side, n in zip(size, places, strict=True)]
        whole = [round(n * step) for n, step in zip(places, steps, strict=True)]
        top, left = (round(self.margin * step) for step in steps)
        fine = enlarged(masks.flatten(0, 1), (whole[0], whole[1])).view(*masks.shape[:2], *whole)
        return fine[..., top : top + size[0], left : left + size[1]]

    def logits(self, masks: Tensor, *, mirrored: bool = False) -> Tensor:
        """(batch, areas), of the images or of their mirror images, masks and all."""
        shown = preserved(self.pyramid, masks).flatten(0, 1)
        logits: Tensor = self.network(shown.flip(3) if mirrored else shown)
        labels = self.labels.repeat_interleave(len(self.areas))
        return logits.gather(1, labels[:, None]).view(masks.shape[:2])


def _fitted_seeds(game: _Game, n_steps: int, generator: torch.Generator) -> Tensor:
    """From all of the image to the areas, every second step on the mirror image."""
    settings, seeds = game.settings, game.first_seeds().requires_grad_()
    rate = settings.travel * seeds[0].numel() / n_steps
    optimiser = torch.optim.SGD([seeds], lr=rate, momentum=MOMENTUM, dampening=MOMENTUM)
    slowing = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _speed(step / n_steps))
    for step in range(n_steps):
        masks, share = game.masks(seeds), step / n_steps
        nudges = settings.nudge * (1 - share) * torch.rand(masks.shape[2:], generator=generator)
        errors = area_errors(masks, game.areas, nudges.to(masks))
        logits = game.logits(game.fine(masks), mirrored=step % 2 == 0)
        weights = _area_weights(share, settings.area_weight, game.areas).to(seeds)
        loss = (weights * errors - logits).sum()
        (seeds.grad,) = torch.autograd.grad(loss, [seeds])
        optimiser.step()
        slowing.step()
        with torch.no_grad():
            seeds.clamp_(0, 1)
    return seeds.detach()


def _area_weights(share: float, weights: tuple[float, float], areas: Sequence[float]) -> Tensor:
    """(areas,): grow by a constant factor with the share of the steps that is over.

    What errs is a mask's soft edge, as long as the root of its area: over that, no area is fitted
    less strictly than another.
    """
    first, last = weights
    edges = (torch.tensor(areas) / TYPICAL_AREA).sqrt()
    return float(first * (last / first) ** share) / edges


def _speed(share: float) -> float:
    """1 for half of the steps, then half a cosine down to 0."""
    return 0.5 + 0.5 * math.cos(math.pi * max(0, 2 * share - 1))
