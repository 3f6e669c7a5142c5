"""A small folder of coloured pictures that a tiny classifier learns in seconds, and its bundle."""

import colorsys
import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stimuli.build.pipeline import build
from stimuli.bundle import Bundle
from stimuli.cache import Cache
from stimuli.datasets.adaptors import open_dataset
from stimuli.models.classifiers import Machine
from stimuli.study import Study, parse_study

COLOURS = ("red", "green", "blue")
SIDE = 48
BOX = (14, 12, 44, 40)

STUDY = """
[study]
name = "colours"
title = "Which colour?"
seed = 5

[dataset]
adaptor = "folder"
min_side = 40
resize_px = 40
crop_px = 32
val_share = 0.25
test_share = 0.5

[[classifiers]]
name = "tiny"
backbone = "tiny"
weights = "none"
[classifiers.training]
epochs = 12
batch_size = 16
learning_rate = 0.02
patience = 12

[bins]
per_bin = 3
allow_short = true

[explainers.gradcam]
[explainers.neighbours]

[cards]
min_confidence = 0.5

[practice]
items = 3
[validation]
items = 4

[[conditions]]
name = "confidence"
[[conditions]]
name = "gradcam"
panels = ["gradcam"]
[[conditions]]
name = "neighbours"
panels = ["neighbours"]

[[phases]]
name = "consent"
[[phases]]
name = "instructions"
[[phases]]
name = "practice"
[[phases]]
name = "validation"
[[phases]]
name = "test"
trials = 6
[[phases]]
name = "debrief"

[gate]
min_correct = 3
"""


def draw(hue: float, rng: np.random.Generator) -> Image.Image:
    """A noisy picture of one hue, 0 to 1."""
    base = np.array(colorsys.hsv_to_rgb(hue % 1, 0.8, 0.7)) * 255
    noise = rng.normal(0, 25, (SIDE, SIDE + 8, 3))
    return Image.fromarray((base + noise).clip(0, 255).astype(np.uint8))


@pytest.fixture(scope="session")
def colour_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """270 photos of three colours; a third lie between two colours, and one is too small.

    Of three photos one has an object's box, one its mask, and one neither.
    """
    folder = tmp_path_factory.mktemp("colours")
    mask = np.zeros((SIDE, SIDE + 8), dtype=np.uint8)
    mask[BOX[1] : BOX[3], BOX[0] : BOX[2]] = 255
    Image.fromarray(mask).save(folder / "mask.png")
    rng = np.random.default_rng(3)
    rows = []
    for number in range(270):
        label = number % 3
        spread = 0.16 if number % 9 < 3 else 0.06
        picture = draw(label / 3 + rng.normal(0, spread), rng)
        if number == 268:
            picture = picture.crop((0, 0, 30, 30))
        picture.save(folder / f"{number:03d}.png")
        truth = ({"boxes": json.dumps([BOX])}, {"mask": "mask.png"}, {})[number // 3 % 3]
        rows.append({"image": f"{number:03d}.png", "label": COLOURS[label], **truth})
    with (folder / "labels.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=["image", "label", "mask", "boxes"])
        writer.writeheader()
        writer.writerows(rows)
    descriptions = {name: {"description": f"It is {name}."} for name in COLOURS}
    (folder / "classes.json").write_text(json.dumps(descriptions))
    return folder


@pytest.fixture(scope="session")
def colour_study() -> Study:
    """A study on the coloured pictures."""
    return parse_study(STUDY, subject="study.toml")


def new_machine(folder: Path) -> Machine:
    """A machine that keeps everything in a folder."""
    return Machine(store=folder / "checkpoints", cache=Cache(folder=folder / "kept"))


@pytest.fixture(scope="session")
def colour_machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine on which nothing was made."""
    return new_machine(tmp_path_factory.mktemp("machine"))


@pytest.fixture(scope="session")
def colour_bundle(
    colour_folder: Path,
    colour_study: Study,
    colour_machine: Machine,
    tmp_path_factory: pytest.TempPathFactory,
) -> Bundle:
    """The bundle of the coloured pictures: read it, do not write to it."""
    out = tmp_path_factory.mktemp("bundles") / "colours"
    dataset = open_dataset(colour_study.dataset, colour_folder)
    return build(colour_study, STUDY, dataset, colour_machine, out)
