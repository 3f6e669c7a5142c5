"""The photographs of the benchmarks, `../shared/data/imagenet_val`, and the network for them."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas
import torch
from PIL import Image
from torch import Tensor

from explainers.classifier import Classifier, new_classifier
from explainers.metrics import Box
from explainers.networks.backbones import Weights
from stimuli.pictures.frame import framed
from stimuli.study.dataset_settings import PictureSettings

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT.parent / "shared/data/imagenet_val"
# The classifier's input, and the frame that the boxes are given in: the photographs were squashed.
SIDE = 224
STORED_SIDE = 227


@dataclass(frozen=True, kw_only=True)
class Photograph:
    """One row of labels.csv; boxes in pixels of the file."""

    name: str
    label: int
    boxes: tuple[Box, ...]


def photographs(folder: Path = FOLDER) -> list[Photograph]:
    """All of them, in the order of their names."""
    rows = pandas.read_csv(folder / "labels.csv").sort_values("image")
    return [
        Photograph(name=name, label=int(label), boxes=tuple(map(tuple, json.loads(boxes))))
        for name, label, boxes in rows[["image", "class_index", "boxes"]].itertuples(index=False)
    ]


def squashed(name: str, folder: Path = FOLDER) -> Image.Image:
    """All of a photograph at SIDE x SIDE, bilinear."""
    with Image.open(folder / "images" / name) as file:
        return file.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR)


def whole(name: str, folder: Path = FOLDER) -> Tensor:
    """(1, 3, SIDE, SIDE), RGB in [0, 1]: all of a photograph."""
    return _image(squashed(name, folder))


def central(photograph: Photograph, folder: Path = FOLDER) -> tuple[Tensor, list[Box]]:
    """The study's view, pixel by pixel as stored: its image (1, 3, SIDE, SIDE) and boxes."""
    settings = PictureSettings(resize_px=STORED_SIDE, crop_px=SIDE)
    with Image.open(folder / "images" / photograph.name) as file:
        crop, frame = framed(file.convert("RGB"), settings)
    boxes = (frame.box(box, SIDE) for box in photograph.boxes)
    return _image(crop), [box for box in boxes if box]


def _image(picture: Image.Image) -> Tensor:
    return torch.from_numpy(np.asarray(picture).copy()).permute(2, 0, 1)[None] / 255


def lite0(weights: Weights = "imagenet") -> Classifier:
    """EfficientNet-Lite0 in evaluation mode."""
    names = tuple(map(str, range(1000)))
    return new_classifier("efficientnet_lite0", weights=weights, classes=names, seed=0).eval()
