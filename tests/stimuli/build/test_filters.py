"""What is left out on the way to the pool, and that it is counted."""

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stimuli.build.ai_only import best_threshold
from stimuli.build.eligibility import counted_reasons
from stimuli.build.pipeline import all_crops, build
from stimuli.bundle import Bundle
from stimuli.datasets.adaptors import open_dataset
from stimuli.datasets.base import DataError, Example, Split
from stimuli.datasets.folder.dataset import Folder
from stimuli.models.classifiers import Machine
from stimuli.pictures.crops import Crop, LeftOut, crop
from stimuli.pictures.leaks import Leak
from stimuli.study import Study, parse_study
from stimuli.study.dataset_settings import FolderSettings

SETTINGS = FolderSettings(adaptor="folder", min_side=30, colour_only=True)
PICTURES = {
    "colour.jpg": Image.new("RGB", (40, 40), (200, 60, 10)),
    "mode.jpg": Image.new("L", (40, 40), 90),
    "equal.jpg": Image.new("RGB", (40, 40), (90, 90, 90)),
    "small.jpg": Image.new("RGB", (40, 29), (200, 60, 10)),
}


@pytest.fixture
def mixed(tmp_path: Path) -> Folder:
    """Two grey photos, a small one and one that is fit; all of them in the test split."""
    with (tmp_path / "labels.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["image", "label", "split"])
        writer.writerows([name, "thing", "test"] for name in PICTURES)
    for name, picture in PICTURES.items():
        drawn = picture.copy()
        drawn.paste(0, (0, 0, 20, 20))
        drawn.save(tmp_path / name)
    return Folder(tmp_path, SETTINGS)


def test_grey_and_small_pictures_are_left_out_each_for_its_reason(mixed: Folder) -> None:
    def outcome(example: Example) -> object:
        result = crop(example, mixed, SETTINGS)
        return type(result) if isinstance(result, Crop) else result

    assert [outcome(example) for example in mixed.examples] == [
        Crop,
        LeftOut.GREY,
        LeftOut.GREY,
        LeftOut.TOO_SMALL,
    ]


def test_grey_pictures_stay_unless_a_study_asks_for_colour(mixed: Folder) -> None:
    settings = SETTINGS.model_copy(update={"colour_only": False})
    assert isinstance(crop(mixed.examples[1], mixed, settings), Crop)


def test_left_out_pictures_are_counted_by_split_and_reason(
    mixed: Folder, colour_study: Study, colour_machine: Machine
) -> None:
    crops, left_out = all_crops(
        mixed, colour_study.model_copy(update={"dataset": SETTINGS}), colour_machine
    )
    assert [v.example.source for v in crops[Split.TEST]] == ["colour.jpg"]
    no_leaks = dict.fromkeys(Leak, 0)
    assert left_out[Split.TEST] == {"too small": 1, "grey-scale": 2} | no_leaks
    assert left_out[Split.TRAIN] == {"too small": 0, "grey-scale": 0} | no_leaks


def test_a_split_without_pictures_is_named_before_anything_is_trained(
    mixed: Folder, colour_study: Study, tmp_path: Path
) -> None:
    study = colour_study.model_copy(update={"dataset": SETTINGS})
    with pytest.raises(DataError) as error:
        build(study, "", mixed, Machine(), tmp_path / "bundle")
    assert [problem.split()[2] for problem in error.value.problems] == ["train", "val"]


def test_without_a_val_split_the_threshold_is_chosen_on_the_pool(
    colour_bundle: Bundle, colour_folder: Path, colour_machine: Machine, tmp_path: Path
) -> None:
    dataset = open_dataset(colour_bundle.study.dataset, colour_folder)
    dataset.threshold_split = Split.TEST
    study, text = colour_bundle.study, colour_bundle.study_text
    bundle = build(study, text, dataset, colour_machine, tmp_path / "bundle")
    assert {row.split for row in bundle.pool} == {"test"}
    confidences = np.array([row.confidence for row in bundle.pool])
    right = np.array([row.right for row in bundle.pool])
    (facts,) = bundle.manifest.classifiers
    expected = best_threshold(confidences, right, chosen_on="pool")
    assert facts.ai_only.model_copy(update={"tallies": {}}) == expected
    assert bundle.stimuli == colour_bundle.stimuli


@pytest.mark.slow
def test_predictions_of_classes_without_images_are_left_out_and_counted(
    colour_bundle: Bundle, colour_folder: Path, colour_machine: Machine, tmp_path: Path
) -> None:
    """A classifier of three colours on a data set of two of them, like dogs in ImageNet."""
    (checkpoint,) = colour_machine.store.iterdir()
    text = colour_bundle.study_text.replace('weights = "none"', 'weights = "checkpoint"')
    head, _, rest = text.partition("[classifiers.training]")
    text = head + rest[rest.index("[bins]") :]
    study = parse_study(text, subject="study.toml")
    dataset = open_dataset(study.dataset, colour_folder)
    dataset.examples = [example for example in dataset.examples if example.label != 2]
    machine = Machine(checkpoints={"tiny": checkpoint})
    bundle = build(study, text, dataset, machine, tmp_path / "bundle")
    outside = bundle.manifest.excluded["predicted class not in the data set (tiny)"]
    assert outside > 0
    assert {p.label_index for p in bundle.predictions} == {0, 1}
    left_out = sum(bundle.manifest.excluded.values())
    assert bundle.manifest.pool_size + left_out == len(dataset.split(Split.TEST))


def test_what_was_left_out_is_told_in_words() -> None:
    """Only the reasons that some picture met, in the order of the filters."""
    assert (
        counted_reasons({"too small": 2, "grey-scale": 0, "no card": 1}) == "2 too small, 1 no card"
    )
    assert counted_reasons({"too small": 0}) == "none"
