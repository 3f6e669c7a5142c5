"""Masks of another program: how they are found, and what is refused."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stimuli.sal.data.file_masks import read_file_masks
from stimuli.sal.data.masks import unpacked
from stimuli.sal.experiment import ExperimentError
from stimuli.study.dataset_settings import PictureSettings


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
