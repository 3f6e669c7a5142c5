"""The mineral and wooden habitats: bark, river pebbles and dune sand."""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from stimuli.datasets.species.noise import apply_ramp, blend, fractal, lighting, noise, to_image

_BARK_RAMP = ((34, 26, 22), (74, 58, 48), (112, 94, 80), (150, 134, 116))
_LICHEN_RAMP = ((112, 124, 96), (158, 170, 134), (190, 198, 168))
_SAND_RAMP = ((168, 138, 98), (206, 178, 134), (232, 210, 170))
_SHELLS_AND_STONES = (
    (236, 226, 210),
    (120, 98, 76),
    (196, 150, 120),
    (90, 82, 76),
    (246, 240, 230),
)
_STONES = np.array(
    [
        (128, 122, 116),
        (156, 148, 138),
        (104, 104, 108),
        (176, 160, 138),
        (142, 122, 106),
        (118, 126, 132),
        (196, 190, 180),
        (134, 108, 94),
    ],
    dtype=float,
)


def draw_bark(rng: np.random.Generator, side: int) -> Image.Image:
    """Furrowed bark with plates, cracks and patches of lichen."""
    rows, columns = np.mgrid[:side, :side].astype(np.float32) / side
    sway = 0.10 * fractal(rng, side, (4, 3), 3)
    phase = (columns + sway) * 13 + 1.4 * fractal(rng, side, (3, 6), 3)
    ridge = np.abs(np.sin(np.pi * phase)) ** 0.6
    plates = np.abs(2 * fractal(rng, side, (12, 26), 3) - 1) ** 0.5
    rough = fractal(rng, side, (20, 90), 4, 0.7)
    height = 0.55 * ridge * (0.5 + 0.5 * plates) + 0.25 * plates + 0.35 * rough
    colours = apply_ramp(height * 0.95 - 0.08, _BARK_RAMP) * lighting(height * 16, 0.22)[..., None]
    patches = fractal(rng, side, (7, 7), 5, 0.62)
    share = np.clip((patches - 0.57) * 14, 0, 0.85) * np.clip(height * 2.2 - 0.5, 0, 1)
    crust = fractal(rng, side, (70, 70), 3, 0.8)
    lichen = apply_ramp(crust, _LICHEN_RAMP) * lighting(crust * 7, 0.2)[..., None]
    return to_image(blend(colours, lichen, share))


def draw_pebbles(rng: np.random.Generator, side: int) -> Image.Image:
    """A river bank: rounded stones of several sizes on wet gravel."""
    gravel = fractal(rng, side, (120, 120), 3, 0.7)
    image = to_image(apply_ramp(gravel, ((44, 42, 40), (96, 90, 82), (140, 130, 116))))
    grain = to_image(apply_ramp(fractal(rng, side, (60, 60), 4, 0.8), ((70,) * 3, (190,) * 3)))
    for radius, count in ((0.012, 1500), (0.021, 700), (0.036, 300), (0.052, 70)):
        stones = [_stone(rng, grain, radius * side * rng.uniform(0.7, 1.3)) for _ in range(30)]
        for x, y, which in rng.random((count, 3)).tolist():
            surface, mask, shadow = stones[int(which * len(stones))]
            left, top = round(x * side) - mask.width // 2, round(y * side) - mask.height // 2
            aside = 2 + mask.width // 22
            image.paste((18, 16, 16), (left + aside, top + aside), shadow)
            image.paste(surface, (left, top), mask)
    return image


def _stone(
    rng: np.random.Generator, grain: Image.Image, radius: float
) -> tuple[Image.Image, Image.Image, Image.Image]:
    """A rounded stone with a soft light on it, its mask, and the mask of its shadow."""
    half = int(radius * 1.8) + 3
    mask = Image.new("L", (2 * half, 2 * half))
    angles = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    wobble = sum(rng.normal(0, 0.055) * np.cos(k * angles + rng.uniform(0, 6)) for k in (2, 3, 4))
    long, turn = rng.uniform(1, 1.45), rng.uniform(0, np.pi)
    x, y = np.cos(angles) * (1 + wobble) * long, np.sin(angles) * (1 + wobble) / long
    across = radius * (x * np.cos(turn) - y * np.sin(turn))
    down = radius * (x * np.sin(turn) + y * np.cos(turn))
    ring = [(px + half, py + half) for px, py in zip(across.tolist(), down.tolist(), strict=True)]
    ImageDraw.Draw(mask).polygon(ring, fill=255)
    soft = mask.filter(ImageFilter.GaussianBlur(radius * 0.34))
    dome = np.asarray(soft, dtype=np.float32) / 255
    left, top = rng.integers(0, grain.width - 2 * half, 2).tolist()
    part = grain.crop((left, top, left + 2 * half, top + 2 * half))
    texture = np.asarray(part, dtype=np.float32) / 130
    colour = _STONES[rng.integers(len(_STONES))] * rng.uniform(0.75, 1.12)
    light = lighting(dome * radius * 1.1, 0.34) * (0.62 + 0.42 * dome)
    stone = to_image(colour * (0.55 + 0.45 * texture) * light[..., None])
    return stone, mask.filter(ImageFilter.BoxBlur(1)), soft.point(lambda level: level * 0.7)


def draw_dune(rng: np.random.Generator, side: int) -> Image.Image:
    """Wind-rippled sand with shells, small stones and a little marram grass."""
    rows, columns = np.mgrid[:side, :side].astype(np.float32) / side
    bend = 0.34 * fractal(rng, side, (3, 3), 3) + 0.03 * noise(rng, side, (14, 14))
    phase = 2 * np.pi * 26 * (rows + 0.25 * columns + bend)
    strength = 0.35 + 0.9 * noise(rng, side, (5, 5))
    ripples = strength * (np.sin(phase) + 0.35 * np.sin(2 * phase + 0.8))
    grain = rng.random((side, side), dtype=np.float32)
    level = 0.52 + 0.16 * (fractal(rng, side, (5, 5), 4) - 0.5) + 0.24 * (grain - 0.5)
    relief = lighting(ripples * 4.2 + grain * 0.5 + 14 * fractal(rng, side, (5, 5), 3), 0.16)
    image = to_image(apply_ramp(level + 0.07 * ripples, _SAND_RAMP) * relief[..., None])
    draw = ImageDraw.Draw(image)
    for x, y, size, tone in rng.random((150, 4)):
        radius, px, py = 2 + 7 * size**3, x * image.width, y * image.height
        flat = radius * rng.uniform(0.55, 1)
        shadow = (px - radius + 2, py - flat + 3, px + radius + 3, py + flat + 3)
        draw.ellipse(shadow, fill=(126, 98, 68))
        litter = _SHELLS_AND_STONES[int(tone * len(_SHELLS_AND_STONES))]
        draw.ellipse((px - radius, py - flat, px + radius, py + flat), fill=litter)
    _marram(rng, image)
    return image


def _marram(rng: np.random.Generator, image: Image.Image) -> None:
    """Tufts of thin blades, each with a shadow on the sand."""
    shadow, blades = Image.new("L", image.size), []
    for x, y in rng.uniform(0, image.width, (9, 2)):
        for _ in range(int(rng.integers(10, 26))):
            length = rng.uniform(60, 190)
            heading = rng.normal(-1.4, 0.75) + rng.normal(0, 0.8) * np.linspace(0, 1, 9)
            foot = rng.normal(0, 8, 2)
            across = x + foot[0] + np.cumsum(np.cos(heading)) * length / 9
            down = y + foot[1] + np.cumsum(np.sin(heading)) * length / 9
            blades.append(list(zip(across.tolist(), down.tolist(), strict=True)))
    draw = ImageDraw.Draw(shadow)
    for blade in blades:
        draw.line([(x + 7, y + 8) for x, y in blade], fill=120, width=4)
    image.paste((96, 72, 50), mask=shadow.filter(ImageFilter.GaussianBlur(2.5)))
    draw = ImageDraw.Draw(image)
    for blade in blades:
        tone = rng.uniform(0.7, 1.15)
        colour = tuple(int(channel * tone) for channel in (146, 152, 92))
        draw.line(blade, fill=colour, width=int(rng.integers(2, 5)))
