"""The pictures that other tools explain: each image as the AI sees it, by its name."""

import csv
from pathlib import Path

from PIL import Image

from stimuli.bundle.classifier_input import seen_pixels
from stimuli.datasets.base import Dataset, Split
from stimuli.pictures.crops import Crops

TABLE = "crops.csv"
COLUMNS = ("file", "image", "split", "class")


def write_crops(crops: Crops, dataset: Dataset, out: Path) -> int:
    """Write what can be shown, of val and test, as PNG files, and a table of them.

    A file has the image's name with `.png` after it, so that an explanation of the same name with
    another ending is found again.

    Returns:
        How many there are.
    """
    rows = []
    for split in (Split.VAL, Split.TEST):
        for crop in crops[split]:
            source, name = crop.example.source, f"{crop.example.source}.png"
            path = out / name
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(seen_pixels(crop.jpeg, crop.input_px)).save(path)
            rows.append((name, source, split.value, dataset.classes[crop.example.label].name))
    with (out / TABLE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return len(rows)
