"""Fine-tuning: what limits it, what stops it, and how pictures are varied."""

from pathlib import Path

import numpy as np
import pytest
import torch

from explainers.classifier import Classifier, new_classifier
from stimuli.datasets.base import Example, Split
from stimuli.datasets.folder.dataset import Folder
from stimuli.models import training
from stimuli.models.predictions import Predictions
from stimuli.models.training import TrainingError, few_per_class, train
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


def answers(truth_probability: float) -> Predictions:
    """To two pictures, of which the first is named rightly."""
    probabilities = np.array([truth_probability, 1 - truth_probability])
    return Predictions(
        labels=np.array([0, 0]),
        confidences=np.array([truth_probability, truth_probability]),
        truths=np.array([0, 1]),
        truth_probabilities=probabilities,
        best=np.array([[0, 1], [0, 1]]),
        best_probabilities=np.array([[truth_probability, 1 - truth_probability]] * 2),
    )


def test_of_equally_accurate_epochs_the_one_with_the_least_loss_on_val_stays_33(
    colour_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """-ln(p (1 - p)) / 2 is .84, .71 and .80 for p of .75, .6 and .72, at an accuracy of .5."""
    said = iter([answers(0.75), answers(0.6), answers(0.72)])
    weights: list[torch.Tensor] = []

    def predict(classifier: Classifier, crops: object) -> Predictions:
        weights.append(classifier.head[-1].weight.detach().clone())
        return next(said)

    monkeypatch.setattr(training, "predict", predict)
    learn = crops_of(colour_folder, Split.TRAIN)[:20]
    classifier = new_classifier("tiny", weights="none", classes=("a", "b", "c"), seed=1)
    settings = TrainingSettings(epochs=3, patience=3, learning_rate=0.01)
    metrics = train(classifier, {Split.TRAIN: learn, Split.VAL: []}, settings, seed=4)
    assert metrics == {"epochs": 3, "val_accuracy": 0.5}
    assert torch.equal(classifier.head[-1].weight, weights[1])


def test_a_loss_that_is_no_number_stops_with_its_batch_33(colour_folder: Path) -> None:
    learn, val = crops_of(colour_folder, Split.TRAIN)[:8], crops_of(colour_folder, Split.VAL)[:4]
    classifier = new_classifier("tiny", weights="none", classes=("a", "b", "c"), seed=1)
    with torch.no_grad():
        classifier.head[-1].weight[0, 0] = torch.nan
    settings = TrainingSettings(epochs=3, batch_size=2)
    with pytest.raises(
        TrainingError, match=r"epoch 1: 1 problem\n.*batch with \d+.png, \d+.png .*learning_rate"
    ):
        train(classifier, {Split.TRAIN: learn, Split.VAL: val}, settings, seed=4)


def test_weights_that_the_last_step_made_no_numbers_are_not_kept_33(colour_folder: Path) -> None:
    learn, val = crops_of(colour_folder, Split.TRAIN)[:8], crops_of(colour_folder, Split.VAL)[:4]
    classifier = new_classifier("tiny", weights="none", classes=("a", "b", "c"), seed=1)
    settings = TrainingSettings(epochs=1, learning_rate=1e38)
    with pytest.raises(TrainingError, match="answers to the val split are not numbers; lower"):
        train(classifier, {Split.TRAIN: learn, Split.VAL: val}, settings, seed=4)
