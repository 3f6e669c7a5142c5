"""Masks of every encoding: one rule, and a message where the values could mean several things."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter
from pydantic import ValidationError

from stimuli.cache import digest
from stimuli.datasets.base import DataError
from stimuli.datasets.folder.dataset import Folder
from stimuli.datasets.mask_reader import MaskRule, mask_rule, read_mask
from stimuli.datasets.mask_values import MaskError
from stimuli.pictures.crops import Crop, crop
from stimuli.sal.data.images import images_of
from stimuli.study.dataset_settings import FolderSettings, MaskFormat
from tests.stimuli.mask_folders import (
    ENCODINGS,
    HEIGHT,
    WIDTH,
    Encode,
    alpha,
    bordered,
    grey,
    opaque,
    rgb,
    shapes,
    write_folder,
)


def settings(**facts: object) -> FolderSettings:
    """Views of 32 px."""
    sizes = {"adaptor": "folder", "min_side": 32, "resize_px": 32, "crop_px": 32}
    return FolderSettings.model_validate(sizes | facts)


def crops(folder: Path, **facts: object) -> list[Crop]:
    """All of a folder."""
    dataset = Folder(folder, settings(**facts))
    made = [crop(example, dataset, settings(**facts)) for example in dataset.examples]
    return [one for one in made if isinstance(one, Crop)]


def study_digest(of: list[Crop]) -> str:
    """Of everything that a build begins with."""
    return digest(*(part for c in of for part in (c.jpeg, c.boxes, c.mask or b"none", c.soft)))


def refusal(folder: Path, **facts: object) -> str:
    """The one problem of a folder."""
    with pytest.raises(DataError) as error:
        Folder(folder, settings(**facts))
    (problem,) = error.value.problems
    return problem


def blurred(mask: np.ndarray) -> Image.Image:
    """A map of where people look, highest inside the shape."""
    image = Image.fromarray(mask.astype(np.uint8) * 255)
    return image.filter(ImageFilter.GaussianBlur(6))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> list[Crop]:
    """With masks of 0 and 255, which both readers of before got right."""
    return crops(write_folder(tmp_path_factory.mktemp("plain") / "f", grey(0, 255)))


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
def test_every_encoding_of_a_shape_has_one_digest_in_study_and_saliency_training_33(
    encode: Encode, plain: list[Crop], tmp_path: Path
) -> None:
    made = crops(write_folder(tmp_path / "f", encode))
    assert study_digest(made) == study_digest(plain)
    assert images_of(made).digest == images_of(plain).digest


def test_floats_in_a_tiff_file_are_two_values_too_33(plain: list[Crop], tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "f", grey(0, 1, np.float32), suffix=".tiff")
    assert study_digest(crops(folder)) == study_digest(plain)


def test_masks_that_were_saved_as_jpeg_are_read_once_a_threshold_is_stated_33(
    plain: list[Crop], tmp_path: Path
) -> None:
    folder = write_folder(tmp_path / "f", grey(0, 255), suffix=".jpg")
    problem = refusal(folder)
    assert "more than two values" in problem
    assert "[dataset] set mask_threshold = 128" in problem
    assert "JPEG" in problem
    assert study_digest(crops(folder, mask_threshold=128)) == study_digest(plain)


def test_a_border_of_255_is_asked_for_and_then_no_object_33(
    plain: list[Crop], tmp_path: Path
) -> None:
    folder = write_folder(tmp_path / "f", bordered)
    assert "set ignore = 255 if that is a border, or mask_threshold = 15 if" in refusal(folder)
    assert study_digest(crops(folder, ignore=255)) == study_digest(plain)


@pytest.mark.parametrize(
    ("values", "asked"),
    [
        ((2, 1), "masks = 'trimap' if 1 is object"),
        ((0, 255), None),
        ((0, 128), None),
    ],
)
def test_a_trimap_is_asked_for_and_its_border_belongs_to_the_object_33(
    values: tuple[int, int], asked: str | None, plain: list[Crop], tmp_path: Path
) -> None:
    """Oxford's counts 1, 2, 3; that of image matting 255, 0 and 128."""
    folder = write_folder(tmp_path / "f", grey(*values))
    if asked:
        assert asked in refusal(folder)
    assert study_digest(crops(folder, masks="trimap")) == study_digest(plain)


def test_a_file_that_is_no_trimap_is_refused_where_they_are_stated_33(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "f", grey(0, 7))
    assert "are no trimaps of 1, 2, 3 or 255, 0, 128" in refusal(folder, masks="trimap")


def test_two_values_that_might_be_a_trimap_can_be_stated_to_be_two_values_33(
    plain: list[Crop], tmp_path: Path
) -> None:
    folder = write_folder(tmp_path / "f", grey(1, 2))
    assert study_digest(crops(folder, masks="binary")) == study_digest(plain)


def test_shades_of_grey_are_refused_until_they_are_said_to_be_soft_33(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "f", blurred)
    problem = refusal(folder)
    assert problem.startswith("12 of 12 masks have more than two values")
    assert "masks = 'soft' if they are maps of where people look" in problem
    example = Folder(folder, settings(masks="soft")).examples[3]
    mask = Folder(folder, settings(masks="soft")).load(example).mask
    assert mask is not None
    expected = np.asarray(blurred(shapes()[3])).astype(np.float64)
    np.testing.assert_allclose(mask, expected / expected.max(), atol=1e-6)


def test_a_heat_map_in_colours_is_no_soft_map_33(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "f", rgb)
    assert "are coloured, and a colour is no amount" in refusal(folder, masks="soft")


def test_several_objects_are_told_as_labels_not_as_shades_33(tmp_path: Path) -> None:
    def labels(mask: np.ndarray) -> Image.Image:
        pixels = mask.astype(np.uint8) * 8
        pixels[-6:, -6:] = 15
        return Image.fromarray(pixels)

    folder = write_folder(tmp_path / "f", labels)
    assert "set mask_threshold = 8 if all from there on is object" in refusal(folder)


def test_a_value_that_is_background_here_and_object_there_is_refused_33(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "f", grey(0, 8))
    grey(8, 15)(shapes()[2]).save(folder / "masks/02.png")
    problem = refusal(folder)
    assert problem.startswith("the value 8 is background in 02.png (8, 15) and object in ")


def test_a_mask_of_one_value_is_full_or_empty_by_what_the_others_have_33(tmp_path: Path) -> None:
    """Classes 8 and 15 of 3: one picture is all of it, one shows none, one is 0 all over."""
    folder = write_folder(tmp_path / "f", grey(3, 15))
    for number, value in enumerate((3, 15, 0)):
        Image.new("L", (WIDTH, HEIGHT), value).save(folder / f"masks/{number:02d}.png")
    dataset = Folder(folder, settings())
    masks = [dataset.load(example).mask for example in dataset.examples[:3]]
    assert [m is not None and bool(m.all()) for m in masks] == [False, True, False]
    assert [m is not None and bool(m.any()) for m in masks] == [False, True, False]


def test_an_alpha_channel_that_contradicts_two_colours_is_asked_about_33(tmp_path: Path) -> None:
    def both(mask: np.ndarray) -> Image.Image:
        image = opaque(mask)
        image.putalpha(Image.fromarray(np.where(mask[:, ::-1], 255, 128).astype(np.uint8)))
        return image

    folder = write_folder(tmp_path / "f", both)
    assert "two colours and an alpha channel that differs" in refusal(folder)
    mirrored = Folder(folder, settings(masks="alpha"))
    as_colours = Folder(folder, settings(masks="binary"))
    for example, shape in zip(mirrored.examples, shapes(), strict=True):
        assert np.array_equal(mirrored.load(example).mask, shape[:, ::-1])
        assert np.array_equal(as_colours.load(example).mask, shape)


def test_an_alpha_channel_that_is_not_there_is_told_33(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "f", grey(0, 255))
    assert "12 of 12 masks have no alpha channel" in refusal(folder, masks="alpha")


def test_soft_alpha_is_cut_where_it_is_stated_33(tmp_path: Path) -> None:
    """As a drawing program smooths edges: 255 inside, 90 in the first row of the shape."""

    def smooth(mask: np.ndarray) -> Image.Image:
        image, level = alpha(mask), mask.astype(np.uint8) * 255
        level[np.flatnonzero(mask.any(axis=1))[0]] //= 3
        image.putalpha(Image.fromarray(level))
        return image

    folder = write_folder(tmp_path / "f", smooth)
    assert "more than two values" in refusal(folder)
    dataset = Folder(folder, settings(mask_threshold=128))
    expected = shapes()[0].copy()
    expected[np.flatnonzero(expected.any(axis=1))[0]] = False
    assert np.array_equal(dataset.load(dataset.examples[0]).mask, expected)


def test_an_inverted_mask_is_read_as_it_is_and_said_to_be_one_33(
    tmp_path: Path, plain: list[Crop]
) -> None:
    """Nothing can tell: the line about masks and its warning do."""
    made = crops(write_folder(tmp_path / "f", lambda mask: grey(0, 255)(~mask)))
    assert study_digest(made) != study_digest(plain)


@given(st.integers(0, 254), st.integers(1, 255), st.integers(0, 99))
def test_of_any_two_values_the_higher_is_the_object_33(
    tmp_path_factory: pytest.TempPathFactory, low: int, step: int, seed: int
) -> None:
    high = min(low + step, 255)
    mask = np.random.default_rng(seed).random((5, 7)) < 0.4
    mask[0, :2] = (True, False)
    path = tmp_path_factory.getbasetemp() / "two.png"
    grey(low, high)(mask).save(path)
    assert np.array_equal(read_mask(path, MaskRule()), mask)


def test_a_mask_that_changed_after_it_was_looked_at_is_no_silent_mistake_33(
    tmp_path: Path,
) -> None:
    path, problems = tmp_path / "a.png", []
    grey(0, 1)(shapes()[0]).save(path)
    rule = mask_rule([path], MaskFormat(), problems)
    assert (problems, rule.meaning) == ([], "2 values")
    blurred(shapes()[0]).save(path)
    with pytest.raises(MaskError, match="its mask has"):
        read_mask(path, rule)


@pytest.mark.parametrize(
    "facts",
    [
        {"masks": "soft", "mask_threshold": 3},
        {"masks": "trimap", "mask_threshold": 3},
        {"masks": "trimap", "ignore": 255},
        {"mask_threshold": 0},
        {"masks": "hard"},
    ],
)
def test_settings_of_masks_that_contradict_each_other_are_refused_33(
    facts: dict[str, object],
) -> None:
    with pytest.raises(ValidationError):
        settings(**facts)


def test_a_file_whose_transparent_value_is_its_object_is_asked_about_33(tmp_path: Path) -> None:
    """A tool that marks the colour to hide: alpha says the very opposite of the values."""
    folder = write_folder(tmp_path / "f", grey(0, 255))
    for path in (folder / "masks").iterdir():
        Image.open(path).save(path, transparency=255)
    assert "two colours and an alpha channel that differs" in refusal(folder)


def test_pixels_that_are_no_number_are_refused_33(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "f", grey(0, 1, np.float32), suffix=".tiff")
    values = np.where(shapes()[0], np.nan, 0).astype(np.float32)
    Image.fromarray(values).save(folder / "masks/00.tiff")
    assert "1 of 12 masks have pixels that are no number" in refusal(folder)
