"""Fine-tuning: what limits it, what stops it, and how pictures are varied."""

from pathlib import Path

import numpy as np
import torch

from explainers.classifier import new_classifier
from stimuli.datasets.base import Example, Split
from stimuli.datasets.folder import Folder
from stimuli.models.training import few_per_class, train
from stimuli.pictures.crops import Crop, crop
from stimuli.study.dataset_settings import FolderSettings
from stimuli.study.offline import TrainingSettings

SETTINGS = FolderSettings(adaptor="folder", min_side=40, resize_px=40, crop_px=32)


def crops_of(folder: Path, split: Split) -> list[Crop]:
    """The crops of a split of the coloured pictures."""
    dataset = Folder(folder, SETTINGS)
    made = (crop(example, dataset, SETTINGS) for example in dataset.split(split))
    return [v for v in made if v]


def test_training_learns_stops_at_the_target_and_is_repeatable(colour_folder: Path) -> None:
    learn, val = crops_of(colour_folder, Split.TRAIN), crops_of(colour_folder, Split.VAL)
    settings = TrainingSettings(
        epochs=20, patience=20, batch_size=16, learning_rate=0.02, target_accuracy=0.7
    )
    weights = []
    for _ in range(2):
        classifier = new_classifier("tiny", weights="none", classes=("a", "b", "c"), seed=1)
        metrics = train(classifier, {Split.TRAIN: learn, Split.VAL: val}, settings, seed=4)
        assert metrics["val_accuracy"] >= 0.7
        assert metrics["epochs"] < 20
        assert not classifier.training
        weights.append(classifier.head[-1].weight.detach())
    assert torch.equal(*weights)


def test_what_a_network_drops_depends_on_the_seed_alone(colour_folder: Path) -> None:
    learn, val = crops_of(colour_folder, Split.TRAIN), crops_of(colour_folder, Split.VAL)
    settings, weights = TrainingSettings(epochs=1, patience=1), []
    for before in (1, 2):
        classifier = new_classifier(
            "efficientnet_lite0", weights="none", classes=("a", "b", "c"), seed=1
        )
        torch.manual_seed(before)
        train(classifier, {Split.TRAIN: learn[:20], Split.VAL: val[:5]}, settings, seed=4)
        weights.append(classifier.head[-1].weight.detach())
    assert torch.equal(*weights)


def test_training_stops_when_it_no_longer_gets_better(colour_folder: Path) -> None:
    learn, val = crops_of(colour_folder, Split.TRAIN), crops_of(colour_folder, Split.VAL)
    classifier = new_classifier("tiny", weights="none", classes=("a", "b", "c"), seed=1)
    settings = TrainingSettings(epochs=20, patience=2, learning_rate=1e-9)
    few = {Split.TRAIN: learn[:20], Split.VAL: val[:20]}
    assert train(classifier, few, settings, seed=4)["epochs"] == 3


def test_few_images_per_class_are_drawn_by_seed() -> None:
    crops = [
        Crop(example=Example(source=str(n), label=n % 3, split=Split.TRAIN), jpeg=b"", boxes=())
        for n in range(30)
    ]
    few = few_per_class(crops, 4, np.random.default_rng(1))
    assert sorted(v.example.label for v in few) == [0] * 4 + [1] * 4 + [2] * 4
    assert few == few_per_class(crops, 4, np.random.default_rng(1))
    assert few != few_per_class(crops, 4, np.random.default_rng(2))
    assert few_per_class(crops, None, np.random.default_rng(1)) == crops
