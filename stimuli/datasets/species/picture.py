"""Putting a picture together: habitat, shadow, butterfly and light, with the exact mask and box."""

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from stimuli.datasets.base import Picture, mask_boxes
from stimuli.datasets.species.butterfly import cut_out
from stimuli.datasets.species.habitats import crop
from stimuli.datasets.species.paint import apply_table
from stimuli.datasets.species.pattern import ButterflySpecies
from stimuli.datasets.species.scene import Scene

_SHADOW_TINT = (16, 18, 24)
_HALF = 128  # eight-bit coverage from which a pixel counts as butterfly


def draw_picture(
    species: ButterflySpecies, habitat: str, scene: Scene, *, seed: int, size: int
) -> Picture:
    """Draw a scene with a butterfly of this species in this habitat at (size, size) pixels."""
    image = crop(habitat, scene.ground, seed, size)
    cutout = cut_out(species, scene, size)
    coverage = Image.new("L", (size, size))
    coverage.paste(cutout.coverage, (cutout.left, cutout.top))
    # The shadow is soft, and falls away from the light of the habitat.
    height = scene.light.height * scene.pose.extent * size
    angle = np.pi / 4 - scene.ground.turn
    across = height * np.cos(angle) * (-1 if scene.ground.mirrored else 1)
    shadow = ImageChops.offset(coverage, round(across), round(height * np.sin(angle)))
    soft = shadow.reduce(2).filter(ImageFilter.BoxBlur(0.25 * height)).resize(image.size)
    opacity = apply_table(np.asarray(soft), np.arange(256) * scene.light.shadow)
    image.paste(_SHADOW_TINT, mask=opacity)
    # The cutout is premultiplied: what it covers is darkened first and then added to.
    right, bottom = cutout.left + cutout.image.width, cutout.top + cutout.image.height
    box = (cutout.left, cutout.top, right, bottom)
    below = image.crop(box)
    below.paste((0, 0, 0), mask=cutout.coverage)
    image.paste(ImageChops.add(below, cutout.image), box)
    # The light tints the whole and darkens it in soft patches.
    light = scene.light
    tables = [np.minimum(255, np.arange(256) * gain).astype(int).tolist() for gain in light.gains]
    patches = Image.fromarray((255 * (1 - light.depth * light.patches)).astype(np.uint8))
    shade = patches.resize(image.size, Image.Resampling.BICUBIC)
    image = ImageChops.multiply(image.point(sum(tables, [])), Image.merge("RGB", (shade,) * 3))
    mask = np.asarray(coverage) >= _HALF
    return Picture(image=image, mask=mask, boxes=mask_boxes(mask))
