"""Masks of another program: how they are found, and what is refused."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stimuli.sal.data.file_masks import read_file_masks
from stimuli.sal.data.masks import SOFT, unpacked
from stimuli.sal.experiment import ExperimentError
from stimuli.study.dataset_settings import MaskFormat, PictureSettings


def test_masks_of_another_program_are_read_in_the_frame_of_the_view(tmp_path: Path) -> None:
    """One beside the name of its image, one by its path; one image has none."""
    pixels = np.zeros((8, 12), dtype=np.uint8)
    pixels[:, 6:] = 255
    (tmp_path / "photos").mkdir()
    Image.fromarray(pixels).save(tmp_path / "photos/a.png")
    Image.fromarray(255 - pixels).save(tmp_path / "b.png")
    settings = PictureSettings(resize_px=16, crop_px=16)
    masks = unpacked(
        read_file_masks(tmp_path, ["photos/a.jpg", "photos/b.jpg", "photos/c.jpg"], settings)
    )
    assert masks[0, :, :8].sum() == 0
    assert masks[0, :, 8:].all()
    assert np.array_equal(masks[1], ~masks[0])
    assert not masks[2].any()


def test_a_folder_without_a_mask_and_a_broken_mask_are_named(tmp_path: Path) -> None:
    settings = PictureSettings(resize_px=16, crop_px=16)
    with pytest.raises(ExperimentError, match="has no mask of any training image"):
        read_file_masks(tmp_path, ["a.jpg"], settings)
    (tmp_path / "a.png").write_bytes(b"no picture")
    with pytest.raises(ExperimentError, match=r"a\.png: cannot be decoded"):
        read_file_masks(tmp_path, ["a.jpg"], settings)


SETTINGS = PictureSettings(fit="squash", crop_px=16)


def halves(folder: Path, *, low: int = 0, high: int = 255, n: int = 3) -> list[str]:
    """Masks of 16 x 16 whose right half is the object, and the pictures that they belong to."""
    pixels = np.full((16, 16), low, dtype=np.uint8)
    pixels[:, 8:] = high
    for number in range(n):
        Image.fromarray(pixels).save(folder / f"{number}.png")
    return [f"{number}.jpg" for number in range(n)]


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0, 255), (0, 114), (5, 6)])
def test_of_two_values_in_files_the_higher_is_the_object_33(
    low: int, high: int, tmp_path: Path
) -> None:
    masks = unpacked(read_file_masks(tmp_path, halves(tmp_path, low=low, high=high), SETTINGS))
    assert masks[:, :, 8:].all()
    assert not masks[:, :, :8].any()


def test_shades_in_files_are_refused_until_files_says_what_they_mean_33(tmp_path: Path) -> None:
    sources = halves(tmp_path)
    ramp = np.tile(np.arange(0, 160, 10, dtype=np.uint8), (16, 1))
    Image.fromarray(ramp).save(tmp_path / "1.png")
    with pytest.raises(ExperimentError, match=r"1 of 3 masks have more than two.*in \[files\] set"):
        read_file_masks(tmp_path, sources, SETTINGS)
    cut = read_file_masks(tmp_path, sources, SETTINGS, MaskFormat(mask_threshold=100))
    assert unpacked(cut)[1].all(axis=0).tolist() == [False] * 10 + [True] * 6
    soft = read_file_masks(tmp_path, sources, SETTINGS, MaskFormat(masks="soft"))
    assert soft.dtype == SOFT
    np.testing.assert_allclose(soft[1].reshape(16, 16)[0], ramp[0] / 150, atol=0.003)


def test_a_mask_of_another_size_than_its_picture_is_refused_33(tmp_path: Path) -> None:
    sources = halves(tmp_path)
    sizes = dict.fromkeys(sources, (16, 16)) | {"2.jpg": (32, 24)}
    with pytest.raises(ExperimentError, match=r"2\.png: is 16 x 16, but its image 32 x 24"):
        read_file_masks(tmp_path, sources, SETTINGS, sizes=sizes)


def test_masks_that_mostly_are_not_there_are_refused_33(tmp_path: Path) -> None:
    sources = [*halves(tmp_path), "a.jpg", "b.jpg", "c.jpg", "d.jpg"]
    with pytest.raises(ExperimentError, match="has a mask of 3 of 7 training images, and none of"):
        read_file_masks(tmp_path, sources, SETTINGS)


@pytest.mark.parametrize(
    ("values", "problem"), [((0, 0), "are empty"), ((7, 7), "cover the whole")]
)
def test_files_that_all_show_nothing_are_refused_33(
    values: tuple[int, int], problem: str, tmp_path: Path
) -> None:
    with pytest.raises(ExperimentError, match=f"all 3 masks {problem}"):
        read_file_masks(tmp_path, halves(tmp_path, low=values[0], high=values[1]), SETTINGS)


def test_the_log_says_what_the_files_come_to_33(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        read_file_masks(tmp_path, halves(tmp_path), SETTINGS)
    assert caplog.messages == [
        "--masks: object covers 50 %, median 50 %; 0 empty, 0 full; 3 of 3 found; 2 values"
    ]
