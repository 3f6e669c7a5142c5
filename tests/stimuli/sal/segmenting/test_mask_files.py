"""Masks of an off-the-shelf segmenter: as a command, cut off and begun again, read by a run."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from PIL import Image

from stimuli.datasets.adaptors import open_dataset
from stimuli.datasets.base import DataError, Dataset, Example, Picture, Split
from stimuli.sal.cli import main
from stimuli.sal.data.file_masks import read_file_masks
from stimuli.sal.data.masks import packed
from stimuli.sal.segmenting.mask_files import summary, write_masks
from stimuli.sal.segmenting.segmenter import Segmenter, SegmenterError
from stimuli.study.dataset_settings import FolderSettings, PictureSettings
from tests.stimuli.sal.segmenting.test_segment_anything import DECODER, ENCODER, RED, painted

CONFIG = """
[dataset]
adaptor = "folder"
min_side = 16
resize_px = 48
crop_px = 48
val_share = 0.0
test_share = 0.0
"""


class Painted(Dataset):
    """Red patches on green, of which every second has a mask."""

    def __init__(self, *sources: str) -> None:
        self.classes, self.loaded = [], []
        self.examples = [Example(source=s, label=0, split=Split.TRAIN) for s in sources]

    def state(self, example: Example) -> object:
        """Nothing else decides it."""

    def load(self, example: Example) -> Picture:
        """A patch of 20 x 10 in 40 x 30, of which the mask has one half too much."""
        if example.source.startswith("broken"):
            raise OSError("cannot be read")
        mask = np.zeros((30, 40), dtype=bool)
        mask[10:20, 10:40] = True
        has_mask = self.examples.index(example) % 2 == 0
        return Picture(
            image=painted((40, 30), (RED, (10, 10, 30, 20))), mask=mask if has_mask else None
        )


def of_red(picture: Image.Image) -> np.ndarray:
    """Exactly the patch."""
    return np.asarray(picture)[..., 0] > 128


def segmenter(segment: object = of_red, name: str = "red") -> Segmenter:
    """A segmenter of a colour."""
    return Segmenter(name=name, sha256=(name,), segment=segment)


def test_masks_are_counted_and_compared_with_those_of_the_data_set(tmp_path: Path) -> None:
    """200 of 1200 pixels; with the 300 of the data set's mask Dice is 400 / 500."""
    table = write_masks(Painted("a.jpg", "photos/b.jpg"), segmenter(), tmp_path)
    assert table["covered_share"].tolist() == pytest.approx([1 / 6, 1 / 6])
    assert table["dice"][0] == pytest.approx(0.8)
    assert np.isnan(table["dice"][1])
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "masks.csv"), table)
    assert summary(table) == (
        "2 masks, of which 0 are empty; they cover 16.7% of a picture on the average; Dice with "
        "the data set's own is 0.800 on the average of 1, 0.800 in the middle"
    )
    assert "has no masks to compare" in summary(table[1:])
    settings = PictureSettings(fit="squash", crop_px=40)
    masks = read_file_masks(tmp_path, ["a.jpg", "photos/b.jpg"], settings)
    expected = np.zeros((1, 40, 40), dtype=bool)
    expected[0, 13:27, 10:30] = True
    assert (masks == packed(expected)).all()


def test_what_is_there_is_not_drawn_again_and_ends_in_the_same_files(tmp_path: Path) -> None:
    """Cut off in the middle; another time with nothing left to do."""
    sources, drawn = ("a.jpg", "b.jpg", "c.jpg"), []

    def cut_off(picture: Image.Image) -> np.ndarray:
        if len(drawn) == 2:
            raise KeyboardInterrupt
        drawn.append(picture)
        return of_red(picture)

    with pytest.raises(KeyboardInterrupt):
        write_masks(Painted(*sources), segmenter(cut_off), tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        *("a.png", "b.png", "masks.json"),
    ]
    drawn.clear()
    for n_drawn in (1, 1):
        write_masks(Painted(*sources), segmenter(cut_off), tmp_path / "out")
        assert len(drawn) == n_drawn
    write_masks(Painted(*sources), segmenter(), tmp_path / "whole")
    files = [
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("out", "whole")
    ]
    assert files[0] == files[1]


def test_a_folder_of_another_segmenter_and_pictures_of_one_mask_are_refused(tmp_path: Path) -> None:
    write_masks(Painted("a.jpg"), segmenter(), tmp_path)
    with pytest.raises(SegmenterError) as caught:
        write_masks(Painted("a.jpg", "a.png"), segmenter(name="blue"), tmp_path)
    other, shared = caught.value.problems
    assert other.startswith("holds masks of red, from other files than these; give them, or choose")
    assert shared.startswith("a.png would be the mask of several pictures")
    with pytest.raises(SegmenterError, match="the data set has no training picture"):
        write_masks(Painted(), segmenter(), tmp_path)


def test_pictures_that_cannot_be_read_are_named_after_all_others_are_drawn(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"broken\.jpg: cannot be decoded"):
        write_masks(Painted("broken.jpg", "b.jpg"), segmenter(), tmp_path)
    assert (tmp_path / "b.png").is_file()


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder of three photos of two classes."""
    folder = tmp_path / "photos"
    (folder / "images").mkdir(parents=True)
    lines = ["image,label"]
    for number in range(3):
        patch = (6 + 4 * number, 12, 30, 36)
        painted((48, 48), (RED, patch)).save(folder / f"images/{number}.png")
        lines.append(f"{number}.png,{('red', 'scarlet')[number % 2]}")
    (folder / "labels.csv").write_text("\n".join(lines) + "\n")
    return folder


def test_segment_anything_draws_masks_that_scenario_files_reads(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("config.toml").write_text(CONFIG)
    arguments = ["masks", "config.toml", "--data", str(photos), "--out", "out"]
    half = CliRunner().invoke(main, [*arguments, "--encoder", str(ENCODER)])
    assert half.exit_code == 1
    assert "Segment Anything needs two files; give --encoder and --decoder, or" in half.stderr
    pair = ["--encoder", str(ENCODER), "--decoder", str(DECODER)]
    result = CliRunner().invoke(main, [*arguments, *pair])
    assert result.exit_code == 0, result.output
    assert "out: 3 masks, of which 0 are empty; they cover 20" in result.stdout
    with Image.open("out/masks.jpg") as sheet:
        assert sheet.width > 1000
    settings = FolderSettings(adaptor="folder", val_share=0, test_share=0, resize_px=48, crop_px=48)
    sources = [example.source for example in open_dataset(settings, photos).examples]
    masks = np.unpackbits(read_file_masks(Path("out"), sources, settings), axis=1)
    expected = [(24 - 4 * number) * 24 for number in range(3)]
    assert masks.sum(axis=1) == pytest.approx(expected, rel=0.1)
