"""A sheet of masks that a segmenter drew, from the worst to the best, for a look at them."""

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from PIL import Image

from stimuli.datasets.base import Dataset, Picture, Split, object_of
from stimuli.datasets.mask_reader import MaskRule, read_mask
from stimuli.sal.data.file_masks import mask_path

SHEET = "masks.jpg"
ROWS, COLUMNS = 4, 6
CELL_INCHES, KEY_INCHES, CELL_PX = 1.9, 0.4, 240
# Okabe and Ito (2008), told apart with any colour vision.
DRAWN, OWN = "#D55E00", "#56B4E9"
# What is left of a photo's brightness outside the mask.
OUTSIDE = 0.45


def mask_sheet(dataset: Dataset, folder: Path, table: pd.DataFrame) -> Figure:
    """Photos with their masks, evenly from the order of Dice; without that, of covered share.

    Args:
        folder: of the masks.
        table: as `stimuli.sal.segmenting.mask_files.write_masks` returns it.
    """
    has_dice = table["dice"].notna().any()
    order = table.sort_values("dice" if has_dice else "covered_share", kind="stable")
    n = min(ROWS * COLUMNS, len(order))
    chosen = order.iloc[np.linspace(0, len(order) - 1, n).round().astype(int)]
    n_rows = -(-n // COLUMNS)
    size = (CELL_INCHES * COLUMNS, CELL_INCHES * n_rows + KEY_INCHES)
    figure = Figure(figsize=size, layout="constrained")
    cells = figure.subplots(n_rows, COLUMNS, squeeze=False).flat
    examples = {example.source: example for example in dataset.split(Split.TRAIN)}
    for cell in cells:
        cell.set_axis_off()
    for cell, row in zip(figure.axes, chosen.to_dict("records"), strict=False):
        _draw(cell, dataset.load(examples[row["image"]]), mask_path(folder, row["image"]))
        score = "" if np.isnan(row["dice"]) else f"Dice {row['dice']:.2f}, "
        cell.set_title(f"{score}covers {row['covered_share']:.0%}", fontsize=8)
    keys = [Line2D([], [], color=DRAWN, label="the segmenter's mask")]
    if has_dice:
        keys.append(Line2D([], [], color=OWN, ls="--", label="the data set's own"))
    figure.legend(handles=keys, loc="outside upper left", ncols=2, frameon=False, fontsize=9)
    return figure


def _draw(cell: Axes, picture: Picture, mask_file: Path) -> None:
    """A photo, darker outside the mask of the file, with the outlines of both masks."""
    photo = picture.image.convert("RGB")
    photo.thumbnail((CELL_PX, CELL_PX))
    drawn = shrunk(read_mask(mask_file, MaskRule()), photo.size)
    pixels = np.asarray(photo) / 255
    cell.imshow(np.where(drawn[..., None], pixels, pixels * OUTSIDE))
    outlines = [(drawn, DRAWN, "-")]
    if picture.mask is not None:
        outlines.append((shrunk(object_of(picture.mask), photo.size), OWN, "--"))
    for mask, colour, dash in outlines:
        if mask.any() and not mask.all():
            cell.contour(mask, [0.5], colors=colour, linestyles=dash, linewidths=1.3)


def shrunk(mask: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """(height, width) bool of another size, width and height."""
    image = Image.fromarray(mask.astype(np.uint8) * 255)
    return np.asarray(image.resize(size)) >= 128
