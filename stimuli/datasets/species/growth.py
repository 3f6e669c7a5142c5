"""The growing habitats: a flowering meadow and the mossy floor of a wood."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from stimuli.datasets.species.noise import coloured, fractal, lit, picture

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
_FLOWERS: tuple[tuple[Colour, Colour, int, float], ...] = (
    ((246, 246, 240), (236, 186, 52), 13, 15.0),
    ((242, 204, 54), (206, 140, 30), 5, 11.0),
    ((172, 120, 196), (240, 220, 130), 6, 12.0),
    ((226, 120, 150), (250, 226, 190), 5, 11.0),
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
    image = picture(coloured(fractal(rng, side, (12, 12), 4), _SOIL_RAMP))
    for depth, count in ((0.42, 2600), (0.62, 2200), (0.84, 1500)):
        _grass(rng, image, depth, count)
        image.paste(image.filter(ImageFilter.BoxBlur(1)))
    _clover(rng, image)
    _grass(rng, image, 1.02, 700)
    for kind, x, y in zip(rng.integers(len(_FLOWERS), size=64), *rng.random((2, 64)), strict=True):
        _flower(rng, image, (x * side, y * side), *_FLOWERS[kind])
    _grass(rng, image, 1.12, 160)
    return image


def _grass(rng: np.random.Generator, image: Image.Image, depth: float, count: int) -> None:
    """Tapered, bending blades; depth is their brightness."""
    draw, side = ImageDraw.Draw(image), image.width
    for x, y, length, lean, bend, tone in rng.random((count, 6)):
        red, green, blue = _GRASSES[int(tone * len(_GRASSES))]
        bright = depth * (0.82 + 0.36 * bend)
        ring = _blade_ring(x * side, y * 1.1 * side, 60 + 110 * length, lean, bend)
        draw.polygon(ring, fill=(int(red * bright), int(green * bright), int(blue * bright)))


def _blade_ring(
    x: float, y: float, length: float, lean: float, bend: float
) -> list[tuple[float, float]]:
    angle = -np.pi / 2 + 2.4 * (lean - 0.5)
    tip = x + length * np.cos(angle), y + length * np.sin(angle)
    middle = x + 0.55 * length * np.cos(angle - bend + 0.5), y + 0.55 * length * np.sin(angle)
    width = 2.2 + 2.4 * bend
    return [
        (x - width, y),
        (middle[0] - width * 0.8, middle[1]),
        tip,
        (middle[0] + width * 0.8, middle[1]),
        (x + width, y),
    ]


def _clover(rng: np.random.Generator, image: Image.Image) -> None:
    draw, side = ImageDraw.Draw(image), image.width
    for x, y, turn, tone in rng.random((170, 4)):
        colour = (int(58 + 40 * tone), int(104 + 44 * tone), int(46 + 26 * tone))
        for third in range(3):
            angle = 2 * np.pi * (turn + third / 3)
            px, py, radius = (
                x * side + 8 * np.cos(angle),
                y * side + 8 * np.sin(angle),
                7 + 3 * tone,
            )
            draw.ellipse(
                (px - radius, py - radius, px + radius, py + radius),
                fill=colour,
                outline=(40, 74, 34),
            )


def _flower(
    rng: np.random.Generator,
    image: Image.Image,
    centre: tuple[float, float],
    petal: Colour,
    heart: Colour,
    petals: int,
    radius: float,
) -> None:
    """A flower seen from above, slightly tilted, over its shadow."""
    draw, (x, y) = ImageDraw.Draw(image), centre
    radius, turn, squash = radius * rng.uniform(0.8, 1.35), rng.uniform(0, 6), rng.uniform(0.7, 1)
    draw.ellipse(
        (x - radius + 5, y - radius * squash + 7, x + radius + 6, y + radius * squash + 8),
        fill=(24, 38, 16),
    )
    for i in range(petals):
        angle = turn + 2 * np.pi * i / petals
        shade = 0.84 + 0.16 * rng.random()
        ring = _petal_ring(radius, np.pi / petals * 0.85)
        turned = [
            (
                x + px * np.cos(angle) - py * np.sin(angle),
                y + squash * (px * np.sin(angle) + py * np.cos(angle)),
            )
            for px, py in ring
        ]
        draw.polygon(
            turned,
            fill=tuple(int(shade * channel) for channel in petal),
            outline=tuple(int(0.78 * channel) for channel in petal),
        )
    core = radius * 0.3
    draw.ellipse((x - core, y - core * squash, x + core, y + core * squash), fill=heart)


def _petal_ring(radius: float, half_angle: float) -> list[tuple[float, float]]:
    wide = radius * min(0.55, np.tan(half_angle))
    return [
        (0, 0),
        (0.45 * radius, -0.75 * wide),
        (0.8 * radius, -0.9 * wide),
        (radius, -0.3 * wide),
        (radius, 0.3 * wide),
        (0.8 * radius, 0.9 * wide),
        (0.45 * radius, 0.75 * wide),
    ]


def draw_moss(rng: np.random.Generator, side: int) -> Image.Image:
    """Cushions of moss strewn with fallen leaves and twigs."""
    cushions = fractal(rng, side, (8, 8), 3)
    tufts = fractal(rng, side, (60, 60), 3, 0.8)
    level = 0.75 * cushions + 0.62 * tufts - 0.22
    image = picture(coloured(level, _MOSS_RAMP) * lit(60 * cushions + 9 * tufts, 0.16)[..., None])
    for x, y in rng.random((26, 2)):
        _twig(rng, image, (x * side, y * side))
    for x, y, size in rng.random((105, 3)):
        _leaf(rng, image, (x * side, y * side), 34 + 52 * size)
    return image


def _twig(rng: np.random.Generator, image: Image.Image, start: tuple[float, float]) -> None:
    draw, angle = ImageDraw.Draw(image), rng.uniform(0, 2 * np.pi)
    headings = angle + np.cumsum(rng.normal(0, 0.16, 8))
    xs, ys = (
        start[0] + np.cumsum(22 * np.cos(headings)),
        start[1] + np.cumsum(22 * np.sin(headings)),
    )
    path = list(zip(xs.tolist(), ys.tolist(), strict=True))
    draw.line([(x + 5, y + 6) for x, y in path], fill=(20, 24, 12), width=7)
    draw.line(path, fill=(74, 56, 42), width=6)
    draw.line([(x - 1, y - 1) for x, y in path], fill=(118, 96, 76), width=2)


def _leaf(
    rng: np.random.Generator, image: Image.Image, centre: tuple[float, float], length: float
) -> None:
    """A fallen leaf with a midrib and side veins, over its soft shadow."""
    half = int(length * 1.3)
    angle, wide = rng.uniform(0, 2 * np.pi), length * rng.uniform(0.34, 0.52)
    mask = Image.new("L", (2 * half, 2 * half))
    ring = _turned(_leaf_ring(rng, length, wide), angle, half)
    ImageDraw.Draw(mask).polygon(ring, fill=255)
    corner = round(centre[0]) - half, round(centre[1]) - half
    shadow = mask.filter(ImageFilter.BoxBlur(5)).point(lambda level: level * 0.7)
    image.paste((14, 16, 8), (corner[0] + 6, corner[1] + 7), shadow)
    image.paste(
        _leaf_surface(rng, length, wide, angle, half), corner, mask.filter(ImageFilter.BoxBlur(1))
    )


def _leaf_ring(rng: np.random.Generator, length: float, wide: float) -> np.ndarray:
    t = np.linspace(0, 1, 17)
    profile = wide * np.sin(np.pi * t**0.8) * (1 + 0.07 * np.sin(40 * t + rng.uniform(0, 6)))
    x = length * (2 * t - 1)
    return np.vstack([np.stack([x, profile], -1), np.stack([x, -profile], -1)[::-1]])


def _leaf_surface(
    rng: np.random.Generator, length: float, wide: float, angle: float, half: int
) -> Image.Image:
    base = np.array(_LEAVES[rng.integers(len(_LEAVES))]) * rng.uniform(0.7, 1.15)
    blotches = fractal(rng, 2 * half, (5, 5), 3, 0.7)
    fold = np.mgrid[: 2 * half, : 2 * half] - half
    side = np.sign(-np.sin(angle) * fold[1] + np.cos(angle) * fold[0])
    tone = (0.72 + 0.5 * blotches) * (1 + 0.09 * side * np.sign(np.cos(angle + 0.8)))
    surface = picture(base * tone[..., None])
    draw = ImageDraw.Draw(surface)
    rib = tuple(int(min(255, 1.28 * channel)) for channel in base)
    for line in _leaf_veins(length, wide):
        draw.line(_turned(line, angle, half), fill=rib, width=2)
    return surface


def _leaf_veins(length: float, wide: float) -> list[np.ndarray]:
    lines = [np.array([[-1.2 * length, 0], [0.95 * length, 0]])]
    for t in np.linspace(-0.7, 0.6, 7):
        lines += [
            np.array([[t * length, 0], [(t + 0.26) * length, s * 0.9 * wide]]) for s in (-1, 1)
        ]
    return lines


def _turned(points: np.ndarray, angle: float, half: int) -> list[tuple[float, float]]:
    cos, sin = np.cos(angle), np.sin(angle)
    return [(float(half + x * cos - y * sin), float(half + x * sin + y * cos)) for x, y in points]
