"""Noise and light, the raw material of the habitats. All arrays are float32, (side, side)."""

from collections.abc import Sequence

import numpy as np
from PIL import Image


def noise(rng: np.random.Generator, side: int, cells: tuple[int, int]) -> np.ndarray:
    """Smooth noise from 0 to 1 with so many cells down and across."""
    grid = Image.fromarray(rng.random((cells[0] + 1, cells[1] + 1), dtype=np.float32))
    return np.asarray(grid.resize((side, side), Image.Resampling.BICUBIC))


def fractal(
    rng: np.random.Generator, side: int, cells: tuple[int, int], octaves: int, falloff: float = 0.5
) -> np.ndarray:
    """Noise summed over octaves, about 0 to 1."""
    weights = falloff ** np.arange(octaves)
    layers = [
        weight * noise(rng, side, (cells[0] << i, cells[1] << i))
        for i, weight in enumerate(weights)
    ]
    return np.asarray(sum(layers) / weights.sum())


def lighting(height: np.ndarray, strength: float) -> np.ndarray:
    """Brightness factors, about 1, of a surface lit from the left top; height is in pixels."""
    down, across = np.gradient(height)
    return np.asarray(np.clip(1 + strength * (down + across), 0.35, 1.6))


def apply_ramp(level: np.ndarray, ramp: Sequence[tuple[int, int, int]]) -> np.ndarray:
    """Colours (side, side, 3) along a ramp, for levels from 0 to 1."""
    table = np.stack(
        [
            np.interp(np.linspace(0, 1, 256), np.linspace(0, 1, len(ramp)), channel)
            for channel in zip(*ramp, strict=True)
        ],
        axis=-1,
    ).astype(np.float32)
    return np.asarray(table[np.clip(level * 255, 0, 255).astype(np.uint8)])


def to_image(colours: np.ndarray) -> Image.Image:
    """An RGB image from (side, side, 3) colours from 0 to 255."""
    return Image.fromarray(np.clip(colours, 0, 255).astype(np.uint8))


def blend(first: np.ndarray, second: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Two (side, side, 3) arrays mixed by the second's share, (side, side)."""
    return np.asarray(first + (second - first) * share[..., None])
