"""What masks come to in the view of the pictures: told in the log, refused where it is nothing."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stimuli.bundle.records import Kind
from stimuli.datasets.base import DataError, Split
from stimuli.datasets.folder.dataset import Folder
from stimuli.pictures.crops import Crop, crop
from stimuli.pictures.mask_coverage import covered_by_masks, looked_at
from stimuli.study.dataset_settings import FolderSettings
from tests.stimuli.mask_folders import HEIGHT, WIDTH, grey, shapes, write_folder

SETTINGS = FolderSettings(adaptor="folder", min_side=16, fit="squash", crop_px=60)


def by_split(folder: Path, settings: FolderSettings = SETTINGS) -> dict[Split, list[Crop]]:
    """All crops of a folder."""
    dataset = Folder(folder, settings)
    made = [crop(example, dataset, settings) for example in dataset.examples]
    crops = [one for one in made if isinstance(one, Crop)]
    return {split: [c for c in crops if c.example.split is split] for split in Split}


def test_the_log_has_the_line_about_masks_33(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Squares of 11 to 18 pixels: 121 to 324 of 2880."""
    crops = by_split(write_folder(tmp_path / "f", grey(0, 1)))
    with caplog.at_level("INFO"):
        facts = looked_at(crops, "2 values")
    assert caplog.messages == [
        "masks: object covers 4 to 11 %, median 6 %; 0 empty, 0 full; 12 of 12 found; 2 values"
    ]
    assert facts is not None
    median = np.median([shape.mean() for shape in shapes()])
    assert facts.median == pytest.approx(median, abs=0.005)


def test_inverted_masks_are_warned_of_33(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    crops = by_split(write_folder(tmp_path / "f", lambda mask: grey(0, 1)(~mask)))
    with caplog.at_level("WARNING"):
        looked_at(crops, "2 values")
    (warning,) = caplog.messages
    assert warning.startswith("masks: the median mask covers 94 % of the picture, as a background")


@pytest.mark.parametrize(
    ("value", "problem"), [(0, "all 12 masks are empty"), (255, "all 12 masks cover the whole")]
)
def test_masks_that_are_all_the_same_everywhere_are_refused_33(
    value: int, problem: str, tmp_path: Path
) -> None:
    folder = write_folder(tmp_path / "f", lambda mask: Image.new("L", (WIDTH, HEIGHT), value))
    with pytest.raises(DataError, match=problem):
        looked_at(by_split(folder), "1 value")


def test_objects_that_all_lie_outside_of_the_view_are_refused_33(tmp_path: Path) -> None:
    def in_the_margin(mask: np.ndarray) -> Image.Image:
        margin = np.zeros_like(mask)
        margin[:, :4] = True
        return grey(0, 255)(margin)

    settings = SETTINGS.model_copy(update={"fit": "crop", "resize_px": 48, "crop_px": 48})
    folder = write_folder(tmp_path / "f", in_the_margin)
    with pytest.raises(DataError, match="all 12 masks are empty in the view of their picture"):
        looked_at(by_split(folder, settings), "2 values")


def test_attacked_pictures_and_pictures_without_masks_add_no_line_33(tmp_path: Path) -> None:
    crops = by_split(write_folder(tmp_path / "f", grey(0, 1)))[Split.TEST]
    attacked = [replace(one, kind=Kind.ADVERSARIAL) for one in crops]
    facts = covered_by_masks([*crops, *attacked], "")
    assert facts is not None
    assert (facts.pictures, facts.found) == (4, 4)
    assert covered_by_masks([replace(one, mask=None) for one in crops], "") is None
