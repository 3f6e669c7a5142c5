"""Masks in three forms: eight pixels in a byte, pixels, and shares at the size of a map.

Soft maps, of how much people look at a pixel, have a float16 for each in place of the bytes. Where
a mask is needed they are cut at half of their maximum (`stimuli.datasets.base.object_of`).
"""

import math

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from explainers.metrics import dice
from stimuli.datasets.base import object_of

CPU = torch.device("cpu")
# Pixels of so many masks are in memory at once, 50 MB of 224 px.
PART = 256
# A flatter map is stretched by no more than this: its gradients would explode.
MIN_RANGE = 1e-3
SOFT = np.float16


def stretched(maps: Tensor) -> Tensor:
    """Each map's minimum to 0 and maximum to 1; one that is flatter than MIN_RANGE less far.

    Args:
        maps: (batch, rows, columns).
    """
    low, high = maps.amin((1, 2), keepdim=True), maps.amax((1, 2), keepdim=True)
    return (maps - low) / (high - low).clamp_min(MIN_RANGE)


def packed(pixels: np.ndarray) -> np.ndarray:
    """(n, side, side) bool to (n, bytes)."""
    return np.packbits(pixels.reshape(len(pixels), -1), axis=1)


def soft_maps(levels: np.ndarray) -> np.ndarray:
    """(n, pixels) uint8, in shares of 255, to SOFT in [0, 1]."""
    return (levels / np.float32(255)).astype(SOFT)


def as_soft(masks: np.ndarray) -> np.ndarray:
    """Masks of either form as soft maps, (n, pixels): 1 on the object of packed bits."""
    return masks if masks.dtype == SOFT else unpacked(masks).reshape(len(masks), -1).astype(SOFT)


def unpacked(masks: np.ndarray) -> np.ndarray:
    """(n, bytes), or (n, pixels) of soft maps, to (n, side, side) bool, of sides of 4 and more.

    Up to seven bits are too many, which is less than another row.
    """
    if masks.dtype == SOFT:
        return object_of(_square(masks))
    side = math.isqrt(8 * masks.shape[1])
    bits = np.unpackbits(masks, axis=1, count=side * side)
    return bits.reshape(len(masks), side, side).astype(bool)


def target_maps(masks: np.ndarray, shape: tuple[int, int], device: torch.device = CPU) -> Tensor:
    """(n, rows, columns) in [0, 1]: the object's share of each place, over the largest share.

    Shares, so that an object smaller than a place does not vanish; CYBORG shrinks its maps with
    Pillow's bilinear filter, which differs by up to .12. It also shifts the minimum to 0, which
    is the same unless the object reaches every place. Of soft maps, which mostly do, the minimum is
    shifted here too: each place is its mean, stretched to [0, 1].

    Args:
        masks: (n, bytes), packed bits, or (n, pixels), soft maps.
        device: where they are reduced and stay.
    """
    parts = np.split(masks, range(PART, len(masks), PART))
    is_soft = masks.dtype == SOFT
    squares = (_square(part) if is_soft else unpacked(part) for part in parts)
    pixels = (torch.from_numpy(square).to(device).float() for square in squares)
    shares = torch.cat([functional.adaptive_avg_pool2d(part, shape) for part in pixels])
    if is_soft:
        shares = shares - shares.amin((1, 2), keepdim=True)
    return shares / shares.amax((1, 2), keepdim=True).clamp_min(torch.finfo(torch.float32).tiny)


def _square(maps: np.ndarray) -> np.ndarray:
    """(n, pixels) to (n, side, side)."""
    side = math.isqrt(maps.shape[1])
    return maps.reshape(len(maps), side, side)


def enlarged(maps: Tensor, side: int, mode: str = "bilinear") -> Tensor:
    """(n, rows, columns) to (n, side, side); each place a square with "nearest-exact"."""
    return functional.interpolate(maps[:, None], (side, side), mode=mode)[:, 0]


def binarised(
    maps: Tensor, side: int, *, threshold: float, resolution: str = "image"
) -> np.ndarray:
    """The masks that a model draws: stretched and cut, at the size of the image.

    Args:
        maps: (n, rows, columns), signed.
        threshold: of a map stretched to [0, 1]; one half in SAL, section 5.
        resolution: what is cut: the map enlarged to the "image", or each place of the "map", which
            is then a square of the image.

    Returns:
        (n, side, side) bool.
    """
    mode = "bilinear" if resolution == "image" else "nearest-exact"
    return (enlarged(stretched(maps), side, mode) >= threshold).cpu().numpy()


def map_dice(maps: Tensor, masks: np.ndarray) -> np.ndarray:
    """(n,) Dice of each mask and as many of the map's highest pixels; NaN for an empty mask.

    Ranked with their sign, and equal pixels by their chance (`explainers.metrics.dice`).

    Args:
        maps: (n, rows, columns), signed.
        masks: (n, bytes), packed bits, or (n, pixels), soft maps.
    """
    truths = unpacked(masks)
    fine = enlarged(maps, truths.shape[1]).cpu().numpy()
    dices = [dice(map_, truth) for map_, truth in zip(fine, truths, strict=True)]
    return np.array([np.nan if value is None else value for value in dices])


def mask_dice(masks: np.ndarray, truths: np.ndarray) -> np.ndarray:
    """(n,) Dice of two masks, 2 |A and B| / (|A| + |B|); NaN where both are empty.

    Args:
        masks, truths: (n, side, side) bool.
    """
    shared, total = (masks & truths).sum((1, 2)), masks.sum((1, 2)) + truths.sum((1, 2))
    return np.where(total > 0, 2 * shared / np.maximum(total, 1), np.nan)
