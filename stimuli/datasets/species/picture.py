"""Putting a picture together: habitat, shadow, butterfly and light, with the exact mask and box."""

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from stimuli.datasets.base import Picture
from stimuli.datasets.species.butterfly import Cutout, cut_out
from stimuli.datasets.species.habitats import crop
from stimuli.datasets.species.pattern import Kind
from stimuli.datasets.species.scene import Light, Scene

_SHADOW_TINT = (16, 18, 24)
_HALF = 128  # eight-bit coverage from which a pixel counts as butterfly


def draw_picture(kind: Kind, habitat: str, scene: Scene, *, seed: int, size: int) -> Picture:
    """Draw a scene with a butterfly of this kind in this habitat at (size, size) pixels."""
    image = crop(habitat, scene.ground, seed, size)
    cutout = cut_out(kind, scene, size)
    coverage = Image.new("L", (size, size))
    coverage.paste(cutout.coverage, (cutout.left, cutout.top))
    _cast_shadow(image, coverage, scene, size)
    _lay_down(image, cutout)
    mask = np.asarray(coverage) >= _HALF
    return Picture(image=_lighted(image, scene.light), mask=mask, boxes=(_box(mask),))


def _cast_shadow(image: Image.Image, coverage: Image.Image, scene: Scene, size: int) -> None:
    """A soft shadow, away from the light of the habitat."""
    height = scene.light.height * scene.pose.extent * size
    angle = np.pi / 4 - scene.ground.turn
    across = height * np.cos(angle) * (-1 if scene.ground.mirrored else 1)
    moved = ImageChops.offset(coverage, round(across), round(height * np.sin(angle)))
    soft = moved.reduce(2).filter(ImageFilter.BoxBlur(0.25 * height)).resize(image.size)
    table = (np.arange(256) * scene.light.shadow).astype(np.uint8).tobytes()
    opacity = Image.frombytes("L", soft.size, soft.tobytes().translate(table))
    image.paste(_SHADOW_TINT, mask=opacity)


def _lay_down(image: Image.Image, cutout: Cutout) -> None:
    """The cutout is premultiplied: what it covers is darkened first and then added to."""
    box = (
        cutout.left,
        cutout.top,
        cutout.left + cutout.image.width,
        cutout.top + cutout.image.height,
    )
    below = image.crop(box)
    below.paste((0, 0, 0), mask=cutout.coverage)
    image.paste(ImageChops.add(below, cutout.image), box)


def _lighted(image: Image.Image, light: Light) -> Image.Image:
    """Tint the whole and darken it in soft patches."""
    tables = [np.minimum(255, np.arange(256) * gain).astype(int).tolist() for gain in light.gains]
    patches = Image.fromarray((255 * (1 - light.depth * light.patches)).astype(np.uint8))
    shade = patches.resize(image.size, Image.Resampling.BICUBIC)
    return ImageChops.multiply(image.point(sum(tables, [])), Image.merge("RGB", (shade,) * 3))


def _box(mask: np.ndarray) -> tuple[float, float, float, float]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1)
