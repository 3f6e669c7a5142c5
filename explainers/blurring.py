"""Gaussian blur, and images that are blurred more in some places than in others."""

import torch
from torch import Tensor


def gaussian_blur(images: Tensor, sigma: float) -> Tensor:
    """Blur with a standard deviation in pixels; at the border the weights of what is there count.

    Args:
        images: (..., height, width).
    """
    if sigma == 0:
        return images
    down, across = (_weights(side, sigma).to(images) for side in images.shape[-2:])
    return down @ images @ across.T


def _weights(side: int, sigma: float) -> Tensor:
    """(side, side), rows sum to 1: exact for any sigma, with no window to choose."""
    places = torch.arange(side, dtype=torch.float64)
    weights = torch.exp(-((places[:, None] - places) ** 2) / (2 * sigma**2))
    return weights / weights.sum(1, keepdim=True)


def blur_pyramid(images: Tensor, *, levels: int, max_sigma: float) -> Tensor:
    """(batch, levels, 3, height, width): from sharp to `max_sigma` px, in equal steps of sigma.

    Args:
        images: (batch, 3, height, width).
    """
    sigmas = torch.linspace(0, max_sigma, levels).tolist()
    return torch.stack([gaussian_blur(images, sigma) for sigma in sigmas], dim=1)


def preserved(pyramid: Tensor, masks: Tensor) -> Tensor:
    """What a mask of 1 keeps sharp, and blurred the more, the less the mask is.

    The blur of sigma (1 - m(u)) px at u, interpolated between the two nearest levels (Fong et al.
    2019, section 3.2).

    Args:
        pyramid: (batch, levels, 3, height, width).
        masks: (batch, areas, height, width) in [0, 1].

    Returns:
        (batch, areas, 3, height, width).
    """
    levels = torch.arange(pyramid.shape[1], device=masks.device)
    wanted = (1 - masks) * (len(levels) - 1)
    shares = (1 - (wanted[..., None] - levels).abs()).clamp_min(0)
    return torch.einsum("bahwl,blchw->bachw", shares, pyramid)
