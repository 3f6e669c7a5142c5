"""The growing habitats: a flowering meadow and the mossy floor of a wood."""

from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from stimuli.datasets.species.noise import apply_ramp, fractal, lighting, to_image

Colour = tuple[int, int, int]

_SOIL_RAMP = ((14, 22, 10), (30, 46, 18), (48, 66, 28))
_GRASSES = (
    (92, 132, 46),
    (116, 150, 58),
    (74, 116, 48),
    (138, 158, 72),
    (104, 140, 70),
    (150, 150, 84),
)


class _Flower(NamedTuple):
    petal: Colour
    heart: Colour
    petals: int
    radius: float


_FLOWERS = (
    _Flower((246, 246, 240), (236, 186, 52), 13, 15.0),
    _Flower((242, 204, 54), (206, 140, 30), 5, 11.0),
    _Flower((172, 120, 196), (240, 220, 130), 6, 12.0),
    _Flower((226, 120, 150), (250, 226, 190), 5, 11.0),
)
_MOSS_RAMP = ((20, 28, 12), (46, 62, 24), (84, 104, 42), (128, 144, 66))
_LEAVES = (
    (142, 94, 52),
    (168, 114, 58),
    (116, 76, 48),
    (184, 138, 74),
    (128, 62, 42),
    (96, 72, 52),
    (150, 128, 70),
)


def draw_meadow(rng: np.random.Generator, side: int) -> Image.Image:
    """Grass in layers, the lowest in the dark, with clover leaves and flowers."""
    image = to_image(apply_ramp(fractal(rng, side, (12, 12), 4), _SOIL_RAMP))
    for depth, count in ((0.42, 2600), (0.62, 2200), (0.84, 1500)):
        _grass(rng, image, depth, count)
        image.paste(image.filter(ImageFilter.BoxBlur(1)))
    draw = ImageDraw.Draw(image)
    for x, y, turn, tone in rng.random((170, 4)):
        leaf = (int(58 + 40 * tone), int(104 + 44 * tone), int(46 + 26 * tone))
        for third in range(3):
            angle, radius = 2 * np.pi * (turn + third / 3), 7 + 3 * tone
            px, py = x * side + 8 * np.cos(angle), y * side + 8 * np.sin(angle)
            box = (px - radius, py - radius, px + radius, py + radius)
            draw.ellipse(box, fill=leaf, outline=(40, 74, 34))
    _grass(rng, image, 1.02, 700)
    for which, x, y in zip(rng.integers(len(_FLOWERS), size=64), *rng.random((2, 64)), strict=True):
        _draw_flower(rng, image, (x * side, y * side), _FLOWERS[which])
    _grass(rng, image, 1.12, 160)
    return image


def _grass(rng: np.random.Generator, image: Image.Image, depth: float, count: int) -> None:
    """Tapered, bending blades; depth is their brightness."""
    draw, side = ImageDraw.Draw(image), image.width
    for x, y, length, lean, bend, tone in rng.random((count, 6)):
        red, green, blue = _GRASSES[int(tone * len(_GRASSES))]
        bright = depth * (0.82 + 0.36 * bend)
        px, py, reach = x * side, y * 1.1 * side, 60 + 110 * length
        angle, width = -np.pi / 2 + 2.4 * (lean - 0.5), 2.2 + 2.4 * bend
        middle = px + 0.55 * reach * np.cos(angle - bend + 0.5)
        height = py + 0.55 * reach * np.sin(angle)
        ring = [
            (px - width, py),
            (middle - width * 0.8, height),
            (px + reach * np.cos(angle), py + reach * np.sin(angle)),
            (middle + width * 0.8, height),
            (px + width, py),
        ]
        draw.polygon(ring, fill=(int(red * bright), int(green * bright), int(blue * bright)))


def _draw_flower(
    rng: np.random.Generator, image: Image.Image, centre: tuple[float, float], flower: _Flower
) -> None:
    """A flower seen from above, slightly tilted, over its shadow."""
    draw, (x, y) = ImageDraw.Draw(image), centre
    radius = flower.radius * rng.uniform(0.8, 1.35)
    turn, squash = rng.uniform(0, 6), rng.uniform(0.7, 1)
    draw.ellipse(
        (x - radius + 5, y - radius * squash + 7, x + radius + 6, y + radius * squash + 8),
        fill=(24, 38, 16),
    )
    wide = radius * min(0.55, np.tan(np.pi / flower.petals * 0.85))
    side = ((0.45 * radius, 0.75 * wide), (0.8 * radius, 0.9 * wide), (radius, 0.3 * wide))
    outline = [(0, 0), *((px, -py) for px, py in side), *side[::-1]]
    for i in range(flower.petals):
        angle = turn + 2 * np.pi * i / flower.petals
        shade = 0.84 + 0.16 * rng.random()
        ring = [
            (
                x + px * np.cos(angle) - py * np.sin(angle),
                y + squash * (px * np.sin(angle) + py * np.cos(angle)),
            )
            for px, py in outline
        ]
        draw.polygon(
            ring,
            fill=tuple(int(shade * channel) for channel in flower.petal),
            outline=tuple(int(0.78 * channel) for channel in flower.petal),
        )
    core = radius * 0.3
    draw.ellipse((x - core, y - core * squash, x + core, y + core * squash), fill=flower.heart)


def draw_moss(rng: np.random.Generator, side: int) -> Image.Image:
    """Cushions of moss strewn with fallen leaves and twigs."""
    cushions = fractal(rng, side, (8, 8), 3)
    tufts = fractal(rng, side, (60, 60), 3, 0.8)
    level = 0.75 * cushions + 0.62 * tufts - 0.22
    image = to_image(
        apply_ramp(level, _MOSS_RAMP) * lighting(60 * cushions + 9 * tufts, 0.16)[..., None]
    )
    draw = ImageDraw.Draw(image)
    for x, y in rng.random((26, 2)):
        headings = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, 0.16, 8))
        across = x * side + np.cumsum(22 * np.cos(headings))
        down = y * side + np.cumsum(22 * np.sin(headings))
        twig = list(zip(across.tolist(), down.tolist(), strict=True))
        draw.line([(px + 5, py + 6) for px, py in twig], fill=(20, 24, 12), width=7)
        draw.line(twig, fill=(74, 56, 42), width=6)
        draw.line([(px - 1, py - 1) for px, py in twig], fill=(118, 96, 76), width=2)
    for x, y, size in rng.random((105, 3)):
        _leaf(rng, image, (x * side, y * side), 34 + 52 * size)
    return image


def _leaf(
    rng: np.random.Generator, image: Image.Image, centre: tuple[float, float], length: float
) -> None:
    """A fallen leaf with a midrib and side veins, over its soft shadow."""
    half = int(length * 1.3)
    angle, wide = rng.uniform(0, 2 * np.pi), length * rng.uniform(0.34, 0.52)
    mask = Image.new("L", (2 * half, 2 * half))
    t = np.linspace(0, 1, 17)
    profile = wide * np.sin(np.pi * t**0.8) * (1 + 0.07 * np.sin(40 * t + rng.uniform(0, 6)))
    along = length * (2 * t - 1)
    rim = np.vstack([np.stack([along, profile], -1), np.stack([along, -profile], -1)[::-1]])
    ImageDraw.Draw(mask).polygon(_turned(rim, angle, half), fill=255)
    corner = round(centre[0]) - half, round(centre[1]) - half
    shadow = mask.filter(ImageFilter.BoxBlur(5)).point(lambda level: level * 0.7)
    image.paste((14, 16, 8), (corner[0] + 6, corner[1] + 7), shadow)
    image.paste(
        _leaf_surface(rng, length, wide, angle, half), corner, mask.filter(ImageFilter.BoxBlur(1))
    )


def _leaf_surface(
    rng: np.random.Generator, length: float, wide: float, angle: float, half: int
) -> Image.Image:
    base = np.array(_LEAVES[rng.integers(len(_LEAVES))]) * rng.uniform(0.7, 1.15)
    blotches = fractal(rng, 2 * half, (5, 5), 3, 0.7)
    fold = np.mgrid[: 2 * half, : 2 * half] - half
    side = np.sign(-np.sin(angle) * fold[1] + np.cos(angle) * fold[0])
    tone = (0.72 + 0.5 * blotches) * (1 + 0.09 * side * np.sign(np.cos(angle + 0.8)))
    surface = to_image(base * tone[..., None])
    draw = ImageDraw.Draw(surface)
    rib = tuple(int(min(255, 1.28 * channel)) for channel in base)
    veins = [[(-1.2 * length, 0.0), (0.95 * length, 0.0)]]
    for t in np.linspace(-0.7, 0.6, 7).tolist():
        veins += [[(t * length, 0.0), ((t + 0.26) * length, s * 0.9 * wide)] for s in (-1, 1)]
    for vein in veins:
        draw.line(_turned(np.array(vein), angle, half), fill=rib, width=2)
    return surface


def _turned(points: np.ndarray, angle: float, half: int) -> list[tuple[float, float]]:
    cos, sin = np.cos(angle), np.sin(angle)
    return [(float(half + x * cos - y * sin), float(half + x * sin + y * cos)) for x, y in points]
