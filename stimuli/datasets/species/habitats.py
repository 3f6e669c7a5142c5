"""Five places to meet a butterfly, drawn from noise and shapes: one large tile each, seen in part.

A tile is drawn once at a fixed resolution and then scaled, so a scene looks the same at any size.
The light always comes from the left top.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from PIL import Image

from stimuli.datasets.species.affine import rotation, scaling, translation
from stimuli.datasets.species.ground import draw_bark, draw_dune, draw_pebbles
from stimuli.datasets.species.growth import draw_meadow, draw_moss
from stimuli.datasets.species.scene import Ground

MEADOW, BARK, PEBBLES, DUNE, MOSS = "meadow", "bark", "pebbles", "dune", "moss"
HABITATS = (MEADOW, BARK, PEBBLES, DUNE, MOSS)

TILE_SIDE = 1000
TILE_PICTURES = 2.5
"""Side of a tile in pictures, before zoom."""

VARIANTS = 2

_DRAW: dict[str, Callable[[np.random.Generator, int], Image.Image]] = {
    MEADOW: draw_meadow,
    BARK: draw_bark,
    PEBBLES: draw_pebbles,
    DUNE: draw_dune,
    MOSS: draw_moss,
}


def crop(habitat: str, ground: Ground, seed: int, size: int) -> Image.Image:
    """The part of a habitat that the scene shows, RGB (size, size)."""
    variant = min(int(ground.variant * VARIANTS), VARIANTS - 1)
    tile = _tile(habitat, variant, seed, size)
    reach = abs(np.cos(ground.turn)) + abs(np.sin(ground.turn))
    half = 0.5 * reach * ground.zoom / TILE_PICTURES
    x, y = (tile.width * (half + place * (1 - 2 * half)) for place in ground.centre)
    mirror = np.diag([-1.0 if ground.mirrored else 1.0, 1.0, 1.0])
    step = ground.zoom * tile.width / (TILE_PICTURES * size)
    onto = translation(x, y) @ rotation(ground.turn) @ mirror @ scaling(step)
    to_tile = tuple((onto @ translation(-size / 2, -size / 2))[:2].ravel().tolist())
    how = Image.Transform.AFFINE, to_tile, Image.Resampling.BILINEAR
    return tile.transform((size, size), *how)


@lru_cache(maxsize=2 * VARIANTS * len(HABITATS))
def _tile(habitat: str, variant: int, seed: int, size: int) -> Image.Image:
    side = round(size * TILE_PICTURES)
    return _large_tile(habitat, variant, seed).resize((side, side), Image.Resampling.LANCZOS)


@lru_cache(maxsize=VARIANTS * len(HABITATS))
def _large_tile(habitat: str, variant: int, seed: int) -> Image.Image:
    rng = np.random.default_rng([seed, HABITATS.index(habitat), variant])
    return _DRAW[habitat](rng, TILE_SIDE)
