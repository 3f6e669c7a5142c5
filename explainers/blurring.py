"""Gaussian blur, and images that are blurred more in some places than in others."""

import math

import torch
from torch import Tensor


def gaussian_blur(images: Tensor, sigma: float, *, black_outside: bool = False) -> Tensor:
    """Blur with a standard deviation in pixels.

    Args:
        images: (..., height, width).
        black_outside: whether what lies outside counts as 0, which darkens the border; otherwise
            it does not count.
    """
    if sigma == 0:
        return images
    # Of all places that there could be; those farther than 8 sigma weigh nothing.
    reach = math.ceil(8 * sigma)
    total = _gaussian(torch.arange(-reach, reach + 1, dtype=torch.float64), sigma).sum()
    matrices = []
    for side in images.shape[-2:]:
        # Exact for any sigma, with no window to choose.
        places = torch.arange(side, dtype=torch.float64)
        weights = _gaussian(places[:, None] - places, sigma)
        weights /= total if black_outside else weights.sum(1, keepdim=True)
        matrices.append(weights.to(images))
    down, across = matrices
    return down @ images @ across.T


def _gaussian(distances: Tensor, sigma: float) -> Tensor:
    """Weights of places at these distances, 1 at distance 0."""
    return torch.exp(-(distances**2) / (2 * sigma**2))


def blur_pyramid(
    images: Tensor, *, levels: int, max_sigma: float, black_outside: bool = False
) -> Tensor:
    """(batch, levels, 3, height, width): from sharp to `max_sigma` px, in equal steps of sigma.

    Channels are last in memory, so that a place has its colours side by side.

    Args:
        images: (batch, 3, height, width).
        levels: 2 or more.
        black_outside: as in `gaussian_blur`.
    """
    sigmas = torch.linspace(0, max_sigma, levels).tolist()
    blurred = [gaussian_blur(images, sigma, black_outside=black_outside) for sigma in sigmas]
    return torch.stack([level.permute(0, 2, 3, 1) for level in blurred], 1).permute(0, 1, 4, 2, 3)


def preserved(pyramid: Tensor, masks: Tensor) -> Tensor:
    """What a mask of 1 keeps sharp, and blurred the more, the less the mask is.

    The blur of sigma (1 - m(u)) px at u, interpolated between the two nearest levels (Fong et al.
    2019, section 3.2).

    Args:
        pyramid: (batch, levels, 3, height, width).
        masks: (batch, areas, height, width) in [0, 1].

    Returns:
        (batch, areas, 3, height, width), channels last in memory.
    """
    batch, levels, _, height, width = pyramid.shape
    depths = (1 - masks) * (levels - 1)
    sharper = depths.detach().floor().clamp(max=levels - 2)
    places = torch.arange(height * width, device=masks.device).view(height, width)
    images = torch.arange(batch, device=masks.device).view(batch, 1, 1, 1)
    rows = (images * levels + sharper.long()) * (height * width) + places
    colours = pyramid.permute(0, 1, 3, 4, 2).reshape(-1, pyramid.shape[2])
    near, far = (colours[r.flatten()].view(*masks.shape, -1) for r in (rows, rows + height * width))
    return torch.lerp(near, far, (depths - sharper)[..., None]).permute(0, 1, 4, 2, 3)
