"""Scores of one heat map against the object's boxes or its mask.

A heat map is (height, width) in [0, 1]; 0 is no support, and what is below speaks against. Boxes
are left, top, right, bottom in pixels of its frame; right and bottom lie just outside, and a pixel
belongs to a box that holds its centre. A score is None where it is not defined: a map without
support, no box or mask with a pixel in the frame.
"""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from scipy import ndimage

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels; right and bottom lie just outside."""

TOLERANCE_PX = 15
"""How far the peak may lie from the object; TorchRay's default, which the study paper uses."""

WSL_IOU = 0.5
"""Boxes that overlap by more than this agree (Zhou et al. 2016, after ILSVRC)."""

THRESHOLDS = tuple(k / 20 for k in range(1, 20))
"""Where a heat map may be binarised: 0.05, 0.10, ..., 0.95 (study paper, section 2.5)."""

# Pixels that touch at a corner hang together.
EIGHT_NEIGHBOURS = np.ones((3, 3), dtype=bool)


def pointing(
    heatmap: np.ndarray, boxes: Sequence[Box], *, tolerance_px: float = TOLERANCE_PX
) -> float | None:
    """Pointing game (Zhang et al. 2016): 1 if the peak hits an object, else 0.

    A hit is a peak with a pixel of a box less than `tolerance_px` away, from centre to centre, as
    in TorchRay. Of several equal peaks the first counts, row by row.
    """
    inside = _inside(heatmap, boxes)
    if inside is None:
        return None
    peak = np.unravel_index(heatmap.argmax(), heatmap.shape)
    squared = ((np.argwhere(inside) - peak) ** 2).sum(axis=1)
    return float(squared.min() < tolerance_px**2)


def energy(heatmap: np.ndarray, boxes: Sequence[Box]) -> float | None:
    """Energy-based pointing game (Wang et al. 2020): the share of heat in the boxes.

    The paper has one box; here it is their union. What speaks against the label is no heat.
    """
    heatmap = heatmap.clip(min=0)
    inside = _inside(heatmap, boxes)
    if inside is None:
        return None
    hit, missed = (heatmap[part].sum(dtype=np.float64) for part in (inside, ~inside))
    return float(hit / (hit + missed))


def iou(heatmap: np.ndarray, boxes: Sequence[Box], threshold: float) -> float | None:
    """Intersection over union of the pixels at or above the threshold and the union of boxes."""
    inside = _inside(heatmap, boxes)
    if inside is None:
        return None
    hot = heatmap >= threshold
    return float(np.count_nonzero(hot & inside) / np.count_nonzero(hot | inside))


def wsl(heatmap: np.ndarray, boxes: Sequence[Box], threshold: float) -> float | None:
    """Weakly supervised localisation (Zhou et al. 2016): 1 if the object was found.

    The box of the largest component of the pixels at or above the threshold must have an IoU
    above `WSL_IOU` with one of the boxes. Pixels that touch at a corner hang together; of equal
    components the one that starts first counts, row by row. No such pixel is a miss.
    """
    if _inside(heatmap, boxes) is None:
        return None
    largest = largest_box(heatmap >= threshold)
    return float(largest is not None and max(box_iou(largest, box) for box in boxes) > WSL_IOU)


def dice(heatmap: np.ndarray, mask: np.ndarray) -> float | None:
    """Dice of the mask and the map's hottest pixels, as many as the mask has (0 to 1).

    Of pixels that are equally hot at the edge, each counts by its chance to be chosen: this is
    the expected Dice over random choices among them, without randomness.

    Args:
        mask: (height, width) bool, true on the object.
    """
    size = np.count_nonzero(mask)
    if not (size and heatmap.any()):
        return None
    edge = np.partition(heatmap, -size, axis=None)[-size]
    hotter, tied = heatmap > edge, heatmap == edge
    chance = (size - np.count_nonzero(hotter)) / np.count_nonzero(tied)
    return float((np.count_nonzero(mask & hotter) + chance * np.count_nonzero(mask & tied)) / size)


def at_thresholds(
    score: Callable[[np.ndarray, Sequence[Box], float], float | None],
    heatmap: np.ndarray,
    boxes: Sequence[Box],
) -> np.ndarray:
    """`iou` or `wsl` at each of `THRESHOLDS`, of shape (19,); NaN where it is not defined."""
    return np.array([score(heatmap, boxes, t) for t in THRESHOLDS], dtype=np.float64)


def best_threshold(found: Iterable[np.ndarray]) -> float | None:
    """The one of `THRESHOLDS` at which most heat maps find their object.

    Of several the smallest. None where nothing can be scored.

    Args:
        found: of each heat map, `wsl` as `at_thresholds` returns it.
    """
    known = [hits for hits in found if np.isfinite(hits).all()]
    return THRESHOLDS[int(np.argmax(np.sum(known, axis=0)))] if known else None


def box_mask(boxes: Iterable[Box], shape: tuple[int, ...]) -> np.ndarray:
    """(height, width) bool, true on the pixels whose centre lies in a box."""
    mask = np.zeros(shape, dtype=bool)
    for box in boxes:
        left, top, right, bottom = (max(0, int(np.ceil(edge - 0.5))) for edge in box)
        mask[top:bottom, left:right] = True
    return mask


def mask_box(mask: np.ndarray) -> Box | None:
    """The box around all that is true of (height, width); None where nothing is."""
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return None
    return float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1)


def largest_box(mask: np.ndarray) -> Box | None:
    """The box around the largest component of (height, width); None where nothing is true."""
    components, _ = ndimage.label(mask, structure=EIGHT_NEIGHBOURS)
    sizes = np.bincount(components.ravel())[1:]
    return mask_box(components == sizes.argmax() + 1) if len(sizes) else None


def box_iou(one: Box, other: Box) -> float:
    """Intersection over union of two boxes that are not empty, 0 to 1."""
    width, height = (min(one[k + 2], other[k + 2]) - max(one[k], other[k]) for k in (0, 1))
    shared = max(width, 0.0) * max(height, 0.0)
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return shared / (areas - shared)


def _inside(heatmap: np.ndarray, boxes: Sequence[Box]) -> np.ndarray | None:
    inside = box_mask(boxes, heatmap.shape)
    return inside if (heatmap > 0).any() and inside.any() else None
