"""How alike the photo and the training photos on the screen are (docs/ceiling.md)."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

SHADES = 4  # of each channel: 64 colours, coarse enough for light and noise not to matter
COARSE = 4  # cells of a block: edges need not lie in the same place to the pixel


def of_neighbours(
    photo: np.ndarray, neighbours: Sequence[np.ndarray], distances: Sequence[float]
) -> dict[str, float]:
    """What the nearest training photos tell.

    Args:
        photo: (side, side, 3) in [0, 1].
        neighbours: the same, in the order in which they are shown; at least one.
        distances: of the neighbours, as the classifier measures them; none in bundles of before.

    Returns:
        like_colours and like_edges, the means over the neighbours; like_colours_most, the greatest;
        like_each_other, the mean over pairs of neighbours, 1 where there is one only; distance of
        the nearest, and distance_rise, how much farther the last is in proportion.
    """
    by_colours = [colour_likeness(photo, neighbour) for neighbour in neighbours]
    pairs = [colour_likeness(a, b) for a, b in combinations(neighbours, 2)]
    numbers = {
        "like_colours": float(np.mean(by_colours)),
        "like_colours_most": max(by_colours),
        "like_edges": float(np.mean([edge_likeness(photo, other) for other in neighbours])),
        "like_each_other": float(np.mean(pairs)) if pairs else 1.0,
    }
    if distances:
        rise = distances[-1] / max(distances[0], 1e-6) - 1
        numbers |= {"distance": distances[0], "distance_rise": rise}
    return numbers


def of_card(photo: np.ndarray, examples: Sequence[np.ndarray]) -> dict[str, float]:
    """How alike the photo and the examples on the card of the answer are; nothing without any."""
    if not examples:
        return {}
    return {
        "card_colours": float(np.mean([colour_likeness(photo, other) for other in examples])),
        "card_edges": float(np.mean([edge_likeness(photo, other) for other in examples])),
    }


def colour_likeness(a: np.ndarray, b: np.ndarray) -> float:
    """Intersection of two histograms of colours, 0 to 1 (Swain and Ballard 1991)."""
    counts = []
    for picture in (a, b):
        shades = (picture.reshape(-1, 3) * SHADES).astype(int).clip(max=SHADES - 1)
        colours = np.ravel_multi_index(tuple(shades.T), (SHADES,) * 3)
        counts.append(np.bincount(colours, minlength=SHADES**3))
    return float(np.minimum(*counts).sum() / len(colours))


def edge_likeness(a: np.ndarray, b: np.ndarray) -> float:
    """Correlation of the strengths of edges in coarse blocks, -1 to 1; 0 where one has none."""
    planes = []
    for picture in (a, b):
        strength = np.hypot(*np.gradient(picture.mean(2)))
        n = len(strength) // COARSE
        blocks = strength[: n * COARSE, : n * COARSE].reshape(n, COARSE, n, COARSE).mean((1, 3))
        planes.append(blocks - blocks.mean())
    size = np.linalg.norm(planes[0]) * np.linalg.norm(planes[1])
    return float((planes[0] * planes[1]).sum() / size) if size > 1e-9 else 0.0
