"""A photo folder of one drawn shape in each picture, with its masks stored in any way."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

WIDTH, HEIGHT = 60, 48
SPLITS = ("train", "val", "test")

Encode = Callable[[np.ndarray], Image.Image]


def shapes(n: int = 12) -> list[np.ndarray]:
    """(height, width) bool: a rectangle each, of 4 to 12 % of the picture."""
    masks = []
    for number in range(n):
        mask = np.zeros((HEIGHT, WIDTH), dtype=bool)
        left, top, side = 10 + 2 * number % 20, 8 + number % 12, 11 + number % 8
        mask[top : top + side, left : left + side] = True
        masks.append(mask)
    return masks


def write_folder(
    folder: Path, encode: Encode, *, masks: list[np.ndarray] | None = None, suffix: str = ".png"
) -> Path:
    """Photos of the shapes in two colours, and their masks as `encode` makes them."""
    rows = []
    for name in ("images", "masks"):
        (folder / name).mkdir(parents=True)
    for number, (shape, mask) in enumerate(zip(shapes(), masks or shapes(), strict=True)):
        colour = (220, 40, 40) if number % 2 else (40, 60, 220)
        pixels = np.where(shape[..., None], colour, (90, 100, 80)).astype(np.uint8)
        Image.fromarray(pixels).save(folder / f"images/{number:02d}.png")
        encode(mask).save(folder / f"masks/{number:02d}{suffix}")
        rows.append(
            {
                "image": f"{number:02d}.png",
                "label": ("blue", "red")[number % 2],
                "mask": f"{number:02d}{suffix}",
                "split": SPLITS[number // 2 % 3],
            }
        )
    with (folder / "labels.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return folder


def grey(low: int, high: int, kind: type[np.generic] = np.uint8) -> Encode:
    """Two values, the higher on the object."""
    return lambda mask: Image.fromarray(np.where(mask, high, low).astype(kind))


def palette(colours: dict[int, tuple[int, int, int]], *, object_index: int, other: int) -> Encode:
    """Indices of a palette that is black but for some colours."""

    def encode(mask: np.ndarray) -> Image.Image:
        image = Image.fromarray(np.where(mask, object_index, other).astype(np.uint8), "L")
        image = image.copy()
        table = [0] * 768
        for index, colour in colours.items():
            table[3 * index : 3 * index + 3] = colour
        image.putpalette(table)
        return image

    return encode


def rgb(mask: np.ndarray) -> Image.Image:
    """Red on black."""
    pixels = np.zeros((*mask.shape, 3), dtype=np.uint8)
    pixels[mask] = (255, 0, 0)
    return Image.fromarray(pixels)


def alpha(mask: np.ndarray) -> Image.Image:
    """All black, and opaque where the object is."""
    image = Image.new("RGBA", mask.shape[::-1], (0, 0, 0, 0))
    image.putalpha(Image.fromarray(mask.astype(np.uint8) * 255))
    return image


def cut_out(mask: np.ndarray) -> Image.Image:
    """A photo with nothing around the object."""
    noise = np.random.default_rng(0).integers(0, 256, size=(*mask.shape, 3), dtype=np.uint8)
    image = Image.fromarray(noise).convert("RGBA")
    image.putalpha(Image.fromarray(mask.astype(np.uint8) * 255))
    return image


def opaque(mask: np.ndarray) -> Image.Image:
    """White on black with an alpha channel that says nothing."""
    return Image.fromarray(mask.astype(np.uint8) * 255).convert("RGBA")


def bordered(mask: np.ndarray) -> Image.Image:
    """Pascal VOC's: class 15, and 255 in the first row, for a border."""
    colours = {15: (192, 128, 128), 255: (224, 224, 192)}
    image = palette(colours, object_index=15, other=0)(mask)
    image.paste(255, (0, 0, mask.shape[1], 1))
    return image


ENCODINGS: dict[str, Encode] = {
    "0 and 1": grey(0, 1),
    "0 and 255": grey(0, 255),
    "0 and 114": grey(0, 114),
    "3 and 200": grey(3, 200),
    "one bit": lambda mask: Image.fromarray(mask),
    "sixteen bits": grey(0, 65535, np.uint16),
    "palette": palette({1: (128, 0, 0)}, object_index=1, other=0),
    "palette with the background last": palette({0: (255, 255, 255)}, object_index=0, other=1),
    "palette with black last": palette({0: (200, 30, 0)}, object_index=0, other=1),
    "palette without black": palette({0: (120, 120, 120), 1: (4, 200, 4)}, object_index=1, other=0),
    "RGB": rgb,
    "alpha": alpha,
    "cut-out": cut_out,
    "opaque": opaque,
}
"""One shape, written in ways that say the same."""
