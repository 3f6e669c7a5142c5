"""What a run says of its data before it begins."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stimuli.cache import Cache
from stimuli.sal.data.masks import SOFT
from stimuli.sal.experiment import Experiment, ExperimentError
from stimuli.sal.runs.preparation import new_context
from tests.stimuli.mask_folders import SPLITS, grey, rgb, shapes, write_folder

SIZES = {"adaptor": "folder", "min_side": 32, "fit": "squash", "crop_px": 32}


def experiment(scenario: str, **tables: object) -> Experiment:
    """Tables of an experiment on a folder."""
    return Experiment.model_validate(
        {
            "dataset": SIZES,
            "model": {"backbone": "tiny", "weights": "none"},
            "rounds": {"points": [0.5, 1.0], "change_point": 0.5},
            "run": {"scenario": scenario},
        }
        | tables
    )


def test_the_masks_of_data_set_and_files_are_told_at_the_start_33(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Red masks, and 0/1 masks of another program: squares of 11, 12, 17 and 18 px to train on."""
    folder = write_folder(tmp_path / "f", rgb)
    (tmp_path / "m").mkdir()
    train = [n for n in range(12) if SPLITS[n // 2 % 3] == "train"]
    for number in train:
        grey(0, 1)(shapes()[number]).save(tmp_path / f"m/{number:02d}.png")
    with caplog.at_level("INFO"):
        context = new_context(
            experiment("files"), data=folder, masks=tmp_path / "m", cache=Cache(folder=tmp_path)
        )
    assert np.array_equal(context.file_masks, context.data.train.masks)
    assert [message for message in caplog.messages if "object covers" in message] == [
        "masks: object covers 4 to 11 %, median 6 %; 0 empty, 0 full; 12 of 12 found; 2 values",
        "--masks: object covers 4 to 11 %, median 8 %; 0 empty, 0 full; 4 of 4 found; 2 values",
    ]
    soft = new_context(
        experiment("files", files={"masks": "soft"}),
        data=folder,
        masks=tmp_path / "m",
        cache=Cache(folder=tmp_path),
    )
    assert soft.file_masks.dtype == SOFT
    Image.new("L", (30, 24), 1).save(tmp_path / "m/00.png")
    with pytest.raises(ExperimentError, match=r"00\.png: is 30 x 24, but its image 60 x 48"):
        new_context(
            experiment("files", files={"masks": "binary"}),
            data=folder,
            masks=tmp_path / "m",
            cache=Cache(folder=tmp_path),
        )
