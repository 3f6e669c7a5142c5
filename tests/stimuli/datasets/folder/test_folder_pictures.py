"""Photos, masks and boxes of a folder that are not what they seem: told in one message or line."""

import csv
import json
import logging
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stimuli.datasets.base import DataError
from stimuli.datasets.folder.dataset import Folder
from stimuli.pictures.crops import Crop, crop
from stimuli.pictures.jpeg import decode
from stimuli.study.dataset_settings import FolderSettings
from tests.lab import ROOT

SETTINGS = FolderSettings(adaptor="folder", min_side=16, resize_px=16, crop_px=16)
SIZE = (24, 16)


def drawn(number: int) -> np.ndarray:
    """A photo of (height, width) = (16, 24), unlike the others."""
    return np.random.default_rng(number).integers(0, 256, (16, 24, 3), dtype=np.uint8)


def write(folder: Path, rows: list[Mapping[str, str]]) -> None:
    """The rows of photos, of two classes by turns."""
    with (folder / "labels.csv").open("w", newline="") as file:
        columns = ["image", "label", "mask", "boxes", "split"]
        writer = csv.DictWriter(file, fieldnames=columns)
        writer.writeheader()
        for number, row in enumerate(rows):
            writer.writerow({**row, "label": ("hen", "hay")[number % 2], "split": "train"})


def problems_of(folder: Path, settings: FolderSettings = SETTINGS) -> tuple[str, ...]:
    with pytest.raises(DataError) as error:
        Folder(folder, settings)
    return error.value.problems


def write_turned(folder: Path, orientation: int, *, mask_is_turned: bool) -> None:
    """Six photos, three of them stored as a camera does that was held otherwise, with masks."""
    rows = []
    for number in range(6):
        image, mask = Image.fromarray(drawn(number)), Image.new("L", SIZE, 0)
        mask.paste(255, (2, 3, 9, 8))
        exif = Image.Exif()
        if number % 2:
            exif[0x0112] = orientation
            method = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90}[orientation]
            image = image.transpose(method)
            mask = mask.transpose(method) if mask_is_turned else mask
        image.save(folder / f"{number}.jpg", quality=95, exif=exif)
        mask.save(folder / f"{number}.png")
        rows.append({"image": f"{number}.jpg", "mask": f"{number}.png"})
    write(folder, rows)


@pytest.mark.parametrize("orientation", [3, 6])
def test_photos_that_exif_turns_are_upright_and_masks_and_boxes_are_asked_to_be_33(
    orientation: int, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_turned(tmp_path, orientation, mask_is_turned=False)
    with caplog.at_level(logging.INFO):
        data = Folder(tmp_path, SETTINGS)
    assert "3 of 6 pictures were turned upright, as their EXIF data say; masks" in caplog.text
    assert {data.load(example).image.size for example in data.examples} == {SIZE}


def test_masks_that_lie_as_their_photo_is_stored_are_named_in_one_line_33(tmp_path: Path) -> None:
    write_turned(tmp_path, 6, mask_is_turned=True)
    (problem,) = problems_of(tmp_path)
    assert problem.startswith("3 masks have the size of their image as it is stored")
    assert "line 3 1.jpg" in problem
    assert "turn the masks, too" in problem


def test_masks_that_were_turned_by_half_cannot_be_told_and_are_warned_of_33(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_turned(tmp_path, 3, mask_is_turned=True)
    with caplog.at_level(logging.WARNING):
        Folder(tmp_path, SETTINGS)
    assert "3 of 6 pictures were turned upright" in caplog.text
    assert "masks and boxes must be, too: 1.jpg, 3.jpg, 5.jpg" in caplog.text


def test_photos_of_fractions_and_of_one_colour_are_all_named_in_one_message_33(
    tmp_path: Path,
) -> None:
    rows = []
    for number in range(12):
        name = f"{number}.tiff"
        image = Image.fromarray(drawn(number))
        if number < 6:
            image = Image.fromarray(drawn(number)[..., 0].astype(np.float32) / 255)
        elif number < 11:
            image = Image.new("RGB", SIZE, (number, 0, 0))
        image.save(tmp_path / name)
        rows.append({"image": name})
    write(tmp_path, rows)
    fractions, plain = problems_of(tmp_path)
    assert fractions.startswith("6 images have brightness in fractions (floating point): 0.tiff, 1")
    assert all(f" {n}.tiff" in fractions for n in range(6))
    assert plain.startswith("5 images have one colour and nothing else: 6.tiff, 7.tiff, 8.tiff, 9.")
    assert "11.tiff" not in fractions + plain


def test_what_was_done_to_photos_of_other_modes_is_logged_33(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    grey = drawn(0)[..., 0].astype(np.uint16)
    alpha = drawn(2)[..., :1] // 2
    Image.fromarray(grey * 257).save(tmp_path / "16.png")
    Image.fromarray(grey * 16).save(tmp_path / "12.png")
    Image.fromarray(np.concatenate([drawn(1), alpha], axis=2)).save(tmp_path / "clear.png")
    write(tmp_path, [{"image": f"{n}.png"} for n in ("16", "12", "clear")])
    with caplog.at_level(logging.INFO):
        data = Folder(tmp_path, SETTINGS)
    assert "1 pictures are greys of 12 bits; they were scaled to 8" in caplog.text
    assert "1 pictures are greys of 16 bits; they were scaled to 8" in caplog.text
    assert "1 pictures are transparent somewhere; they lie on white" in caplog.text
    for example in data.examples[:2]:
        seen = np.asarray(data.load(example).image)[..., 0].astype(int)
        assert np.abs(seen - drawn(0)[..., 0]).max() <= 1


def test_people_and_the_network_see_one_reading_of_a_photo_33(tmp_path: Path) -> None:
    """What is shown is made of what the data set reads: white where the photo is transparent."""
    pixels = np.concatenate([drawn(3), np.zeros((16, 24, 1), dtype=np.uint8)], axis=2)
    pixels[:, :12, 3] = 255
    Image.fromarray(pixels).save(tmp_path / "half.png")
    Image.fromarray(drawn(4)).save(tmp_path / "other.png")
    write(tmp_path, [{"image": "half.png"}, {"image": "other.png"}])
    data = Folder(tmp_path, SETTINGS)
    made = crop(data.examples[0], data, SETTINGS)
    assert isinstance(made, Crop)
    assert decode(made.jpeg)[:, 9:].min() > 200


def write_boxed(folder: Path, cells: list[str]) -> None:
    rows = []
    for number, cell in enumerate(cells):
        Image.fromarray(drawn(number)).save(folder / f"{number}.png")
        rows.append({"image": f"{number}.png", "boxes": cell})
    write(folder, rows)


@pytest.mark.parametrize(
    ("form", "cell"),
    [
        ("corners", [12, 4, 20, 12]),
        ("xywh", [12, 4, 8, 8]),
        ("normalised", [0.5, 0.25, 20 / 24, 0.75]),
        ("yolo", [16 / 24, 0.5, 8 / 24, 0.5]),
    ],
)
def test_boxes_of_a_folder_are_read_in_the_form_that_the_study_names_33(
    form: str, cell: list[float], tmp_path: Path
) -> None:
    write_boxed(tmp_path, [json.dumps([cell])] * 3)
    data = Folder(tmp_path, SETTINGS.model_copy(update={"boxes": form}))
    assert data.load(data.examples[0]).boxes == (pytest.approx((12, 4, 20, 12)),)


def test_boxes_of_another_form_are_one_problem_whatever_their_number_33(tmp_path: Path) -> None:
    write_boxed(tmp_path, ["[[12, 4, 8, 8]]"] * 20)
    (problem,) = problems_of(tmp_path)
    assert problem.startswith("20 of 20 boxes cannot be [x0, y0, x1, y1] in pixels")
    assert 'boxes = "xywh"' in problem


def test_corners_that_may_be_widths_and_heights_are_warned_of_33(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_boxed(tmp_path, ["[[2, 2, 20, 12]]"] * 20)
    with caplog.at_level(logging.WARNING):
        Folder(tmp_path, SETTINGS)
    assert 'write boxes = "xywh" in [dataset]' in caplog.text


def test_photos_at_hand_are_neither_refused_nor_warned_of_33(
    caplog: pytest.LogCaptureFixture,
) -> None:
    folder = ROOT.parent / "shared/data/imagenet_val"
    if not folder.is_dir():
        pytest.skip("imagenet_val is not at ../shared/data")
    with caplog.at_level(logging.WARNING):
        Folder(folder, SETTINGS)
    assert not caplog.text
