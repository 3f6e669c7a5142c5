"""The salient-object network of a study: learnt from masks, kept, or read from a file."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from stimuli.datasets.base import Example, Split
from stimuli.models.classifiers import Machine
from stimuli.models.predictions import images_of
from stimuli.models.salient import SalientError, ready_salient
from stimuli.pictures.crops import Crop, mask_of
from stimuli.pictures.jpeg import encode
from stimuli.study.explainer_settings import SalientSettings

SIDE = 48
SETTINGS = SalientSettings(network="masks", images_per_class=24, epochs=12)


def blob(n: int, rng: np.random.Generator, split: Split) -> Crop:
    """A reddish square on noise that is green or blue, with its mask."""
    pixels = rng.integers(0, 200, (SIDE, SIDE, 3))
    pixels[..., 0] //= 4
    row, column = rng.integers(4, SIDE - 24, 2)
    mask = np.zeros((SIDE, SIDE), bool)
    mask[row : row + 20, column : column + 20] = True
    pixels[mask] = pixels[mask] // 4 + (180, 0, 0)
    return Crop(
        example=Example(source=f"{split}{n}.png", label=n % 2, split=split),
        jpeg=encode(Image.fromarray(pixels.astype(np.uint8))),
        boxes=(),
        mask=np.packbits(mask).tobytes(),
    )


@pytest.fixture(scope="module")
def crops() -> dict[Split, list[Crop]]:
    rng = np.random.default_rng(4)
    return {s: [blob(n, rng, s) for n in range(48 if s is Split.TRAIN else 8)] for s in Split}


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    return Machine(store=tmp_path_factory.mktemp("store"))


@pytest.mark.slow
def test_a_network_learns_the_objects_of_unseen_pictures_from_masks(
    crops: dict[Split, list[Crop]], machine: Machine
) -> None:
    ready = ready_salient(SETTINGS, crops, seed=1, machine=machine)
    found = ready.salient(images_of(crops[Split.TEST], machine.device)).numpy() > 0.5
    masks = np.stack([mask_of(crop) for crop in crops[Split.TEST]])
    dice = 2 * (found & masks).sum((1, 2)) / (found.sum((1, 2)) + masks.sum((1, 2)))
    assert dice.mean() > 0.8
    assert ready.digest.startswith(next(machine.store.iterdir()).stem.split("-")[1])


@pytest.mark.slow
def test_a_network_is_trained_once_for_the_same_masks(
    crops: dict[Split, list[Crop]], machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready_salient(SETTINGS, crops, seed=1, machine=machine)
    monkeypatch.setattr(
        "stimuli.models.salient.train_on_masks", lambda *_, **__: pytest.fail("again")
    )
    ready_salient(SETTINGS, crops, seed=1, machine=machine)
    other = [replace(crop, mask=b"\0" * len(crop.mask or b"")) for crop in crops[Split.TRAIN]]
    for changed in (
        {"settings": SETTINGS.model_copy(update={"epochs": 13})},
        {"crops": crops | {Split.TRAIN: other}},
        {"seed": 2},
    ):
        arguments = {"settings": SETTINGS, "crops": crops, "seed": 1, "machine": machine} | changed
        with pytest.raises(pytest.fail.Exception, match="again"):
            ready_salient(**arguments)


def test_what_is_missing_is_asked_for(crops: dict[Split, list[Crop]], machine: Machine) -> None:
    bare = {s: [replace(crop, mask=None) for crop in crops[s]] for s in Split}
    with pytest.raises(SalientError, match="no training picture has a mask; choose network"):
        ready_salient(SETTINGS, bare, seed=1, machine=machine)
    onnx = SalientSettings(network="onnx")
    with pytest.raises(SalientError, match="add --salient PATH"):
        ready_salient(onnx, crops, seed=1, machine=machine)
    elsewhere = replace(machine, salient=Path("nowhere.onnx"))
    with pytest.raises(SalientError, match=r"nowhere\.onnx: there is no such file"):
        ready_salient(onnx, crops, seed=1, machine=elsewhere)


@pytest.mark.slow
def test_a_given_file_is_the_network(crops: dict[Split, list[Crop]], machine: Machine) -> None:
    from explainers.salient import u2netp_path

    given = replace(machine, salient=u2netp_path())
    image = images_of(crops[Split.TEST][:1], torch.device("cpu"))
    packaged = ready_salient(SalientSettings(), crops, seed=1, machine=machine)
    by_path = ready_salient(SalientSettings(network="onnx"), crops, seed=1, machine=given)
    assert packaged.digest == by_path.digest
    assert torch.equal(packaged.salient(image), by_path.salient(image))
