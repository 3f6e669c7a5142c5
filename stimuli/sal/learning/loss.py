"""The CYBORG loss: cross-entropy, and how far the model's map is from where people look.

Boyd et al. 2023, as in equation 1 of *Increasing Interpretability of Neural Networks By
Approximating Human Visual Saliency*.
"""

from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor
from torch.nn import functional

from stimuli.sal.data.masks import stretched

# Wang et al. 2004, section III.B, for values in [0, 1].
SIGMA = 1.5
C1, C2 = 0.01**2, 0.03**2


def cyborg_loss(
    logits: Tensor,
    model_maps: Tensor,
    labels: Tensor,
    human_maps: Tensor,
    has_map: Tensor,
    *,
    alpha: float,
    label_smoothing: float = 0.0,
    saliency: str = "ssim_l1",
    without_mask: str = "full",
) -> Tensor:
    """Mean over the batch of alpha CE + (1 - alpha) L_s, and of CE alone where nobody drew a map.

    The divisor is the whole batch, maps or not, which is K in equation 1. The paper says "only
    classification loss" of images without a map: they weigh 1, as in B1. Float32, differentiable.

    Args:
        logits: (batch, classes).
        model_maps: (batch, rows, columns), signed, of the class whose map is compared.
        labels: (batch,) class indices.
        human_maps: (batch, rows, columns) in [0, 1]; anything where there is none.
        has_map: (batch,) bool.
        alpha: 1 is cross-entropy alone and 0 saliency alone.
        label_smoothing: of the cross-entropy, 0 in the paper.
        saliency: L_s, a name in SALIENCY_LOSSES.
        without_mask: what CE alone weighs, "full" for 1 or "alpha".
    """
    entropies = functional.cross_entropy(
        logits, labels, reduction="none", label_smoothing=label_smoothing
    )
    unguided = alpha * entropies if without_mask == "alpha" else entropies
    # A GPU would have to be waited for.
    if alpha == 1 or (has_map.device.type == "cpu" and not has_map.any()):
        return unguided.mean()
    distances = saliency_loss(model_maps, human_maps, saliency)
    guided = alpha * entropies + (1 - alpha) * distances
    return torch.where(has_map, guided, unguided).mean()


def saliency_loss(model_maps: Tensor, human_maps: Tensor, saliency: str = "ssim_l1") -> Tensor:
    """(batch,) L_s of each map, 0 for equal maps.

    In float32 also under autocast: bfloat16 knows an SSIM near 1 to steps of .004 only.

    Args:
        model_maps: (batch, rows, columns), signed; stretched to [0, 1] here.
        human_maps: (batch, rows, columns) in [0, 1].
        saliency: a name in SALIENCY_LOSSES.
    """
    with torch.autocast(model_maps.device.type, enabled=False):
        return SALIENCY_LOSSES[saliency](stretched(model_maps.float()), human_maps.float())


def _ssim_l1(model_maps: Tensor, human_maps: Tensor) -> Tensor:
    """SAL: "the sum of SSIM and L1", which must mean 1 - SSIM: it falls as maps agree."""
    return 1 - ssim(model_maps, human_maps) + (model_maps - human_maps).abs().mean((1, 2))


def _mse(model_maps: Tensor, human_maps: Tensor) -> Tensor:
    """CYBORG, as its public code has it."""
    return (model_maps - human_maps).square().mean((1, 2))


SALIENCY_LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {"ssim_l1": _ssim_l1, "mse": _mse}
"""By name: from maps in [0, 1], (batch, rows, columns) each, to (batch,)."""


def ssim(first: Tensor, second: Tensor) -> Tensor:
    """(batch,) structural similarity in one Gaussian window as large as the map.

    Wang et al. 2004, equation 13, at the centre of the map: a window of the usual 11 pixels does
    not fit into maps of 7.

    Args:
        first, second: (batch, rows, columns) in [0, 1].
    """
    window = _window(first.shape[1:], first.device)

    def mean(values: Tensor) -> Tensor:
        return (values * window).sum((1, 2))

    mean1, mean2 = mean(first), mean(second)
    variance1, variance2 = mean(first**2) - mean1**2, mean(second**2) - mean2**2
    covariance = mean(first * second) - mean1 * mean2
    luminance = (2 * mean1 * mean2 + C1) / (mean1**2 + mean2**2 + C1)
    return luminance * (2 * covariance + C2) / (variance1 + variance2 + C2)


@cache
@torch.inference_mode(False)  # where it is first asked for does not matter later
def _window(shape: torch.Size, device: torch.device) -> Tensor:
    """(rows, columns), a Gaussian around the centre with sum 1."""
    sides = (torch.exp(-((torch.arange(n) - (n - 1) / 2) ** 2) / (2 * SIGMA**2)) for n in shape)
    window = torch.outer(*sides)
    return (window / window.sum()).to(device)
