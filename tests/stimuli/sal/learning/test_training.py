"""Training one model: which weights stay, what saliency does, and a loss that is no number."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from explainers.classifier import Classifier, new_classifier
from explainers.networks.backbones import BACKBONES
from explainers.probes import PROBES
from stimuli.sal.data.images import Data
from stimuli.sal.data.labelled import Labelled, Origin
from stimuli.sal.data.masks import target_maps
from stimuli.sal.experiment import ExperimentError, LossSettings, TrainingSettings
from stimuli.sal.learning import training
from stimuli.sal.learning.evaluation import evaluate
from stimuli.sal.learning.inference import label_maps
from stimuli.sal.learning.loss import saliency_loss
from stimuli.sal.learning.training import train_classifier
from stimuli.sal.runs.rounds import rounds
from tests.stimuli.sal.conftest import NewContext, discs
from tests.stimuli.sal.learning.conftest import everything, weights_of

LOSS, SETTINGS = LossSettings(), TrainingSettings(epochs=3, batch_size=8, learning_rate=0.01)
# Backbones that train in a second.
FAST = ("tiny", "efficientnet_lite0")


def network(data: Data) -> Classifier:
    return new_classifier("tiny", weights="none", classes=data.classes, seed=1)


def distance(classifier: Classifier, data: Data) -> float:
    """Mean saliency loss of the training images."""
    rows, labels = np.arange(len(data.train)), data.train.labels
    maps = label_maps(classifier, data.train, rows, labels, probe="cam")
    return float(saliency_loss(maps, target_maps(data.train.masks, (3, 3))).mean())


def test_a_network_learns_the_discs_and_with_masks_looks_at_them(data: Data) -> None:
    settings = TrainingSettings(
        epochs=40,
        batch_size=8,
        optimiser="adamw",
        learning_rate=0.01,
        schedule="one_cycle",
        turned=True,
    )
    distances = {}
    for origin, alpha in ((Origin.NOBODY, 0.9), (Origin.HUMAN, 0.5)):
        classifier = network(data)
        labelled = everything(data, origin)
        train_classifier(
            classifier,
            data.train,
            data.val,
            labelled,
            settings,
            LOSS,
            alpha=alpha,
            probe="cam",
            seed=1,
        )
        distances[origin] = distance(classifier, data)
        scores = evaluate(classifier, data.test, probe="cam")
        assert scores["accuracy"] > 0.8
        assert scores["dice_by_chance"] == pytest.approx(1005 / 96**2, rel=0.01)
    assert distances[Origin.HUMAN] < distances[Origin.NOBODY] / 2


def test_a_network_of_a_library_learns_to_look_at_the_masks_34(data: Data) -> None:
    settings = TrainingSettings(
        epochs=4, batch_size=8, optimiser="adamw", learning_rate=0.002, schedule="one_cycle"
    )
    losses = []
    for origin, alpha in ((Origin.NOBODY, 1.0), (Origin.HUMAN, 0.1)):
        classifier = new_classifier(
            "timm/test_convnext", weights="none", classes=data.classes, seed=1
        )
        train_classifier(
            classifier,
            data.train,
            data.val,
            everything(data, origin),
            settings,
            LOSS,
            alpha=alpha,
            probe="gradcam",
            seed=1,
        )
        rows, labels = np.arange(len(data.train)), data.train.labels
        maps = label_maps(classifier, data.train, rows, labels, probe="gradcam")
        losses.append(float(saliency_loss(maps, target_maps(data.train.masks, (3, 3))).mean()))
    assert losses[1] < losses[0]


@pytest.mark.parametrize(("keep", "epoch", "n_evaluations"), [("best", 2, 3), ("last", 3, 1)])
def test_of_equally_good_epochs_the_later_stays_or_the_last_which_alone_is_judged(
    data: Data, monkeypatch: pytest.MonkeyPatch, keep: str, epoch: int, n_evaluations: int
) -> None:
    accuracies, states = iter([0.5, 0.5, 0.25]), []

    def accuracy(classifier: Classifier, images: object) -> float:
        states.append(weights_of(classifier))
        return next(accuracies)

    monkeypatch.setattr(training, "accuracy", accuracy)
    classifier, labelled = network(data), everything(data, Origin.HUMAN)
    settings = SETTINGS.model_copy(update={"keep": keep})
    result = train_classifier(
        classifier, data.train, data.val, labelled, settings, LOSS, alpha=0.9, probe="cam", seed=1
    )
    assert result.epoch == epoch
    assert len(states) == n_evaluations
    assert torch.equal(weights_of(classifier), states[min(epoch, n_evaluations) - 1])
    assert not classifier.training


def test_masks_that_nobody_drew_teach_nothing(data: Data) -> None:
    """Whatever lies in the place of a mask."""
    states = []
    for masks in (data.train.masks, ~data.train.masks):
        classifier, labelled = network(data), everything(data, Origin.NOBODY)
        hidden = Labelled(**vars(labelled) | {"masks": masks})
        train_classifier(
            classifier, data.train, data.val, hidden, SETTINGS, LOSS, alpha=0.1, probe="cam", seed=1
        )
        states.append(weights_of(classifier))
    assert torch.equal(*states)


def test_a_network_that_drops_connections_learns_the_same_from_the_same_seed(data: Data) -> None:
    """Whatever torch's chance was before, which is left as it was."""
    states, settings = [], SETTINGS.model_copy(update={"epochs": 1})
    for chance in (1, 2):
        classifier = new_classifier(
            "efficientnet_lite0", weights="none", classes=data.classes, seed=1
        )
        labelled = everything(data, Origin.HUMAN)
        before = torch.manual_seed(chance).get_state()
        parts = classifier, data.train, data.val, labelled, settings, LOSS
        train_classifier(*parts, alpha=0.9, probe="cam", seed=3)
        assert torch.equal(torch.get_rng_state(), before)
        states.append(weights_of(classifier))
    assert torch.equal(*states)


@pytest.mark.parametrize("class_of_map", ["true", "predicted"])
def test_the_map_that_is_compared_is_of_the_true_or_the_predicted_class(
    data: Data, monkeypatch: pytest.MonkeyPatch, class_of_map: str
) -> None:
    compared, known = [], []
    probe_maps, cyborg_loss = training.probe_maps, training.cyborg_loss

    def watched_maps(probe: str, classifier: Classifier, maps: Tensor, classes: Tensor) -> Tensor:
        compared.append(classes)
        return probe_maps(probe, classifier, maps, classes)

    def watched_loss(
        logits: Tensor, maps: Tensor, labels: Tensor, *others: Any, **more: Any
    ) -> Tensor:
        known.append({"true": labels, "predicted": logits.argmax(1)})
        return cyborg_loss(logits, maps, labels, *others, **more)

    monkeypatch.setattr(training, "probe_maps", watched_maps)
    monkeypatch.setattr(training, "cyborg_loss", watched_loss)
    loss = LossSettings(class_of_map=class_of_map)
    classifier, labelled = network(data), everything(data, Origin.HUMAN)
    train_classifier(
        classifier, data.train, data.val, labelled, SETTINGS, loss, alpha=0.5, probe="cam", seed=1
    )
    for classes, facts in zip(compared, known, strict=True):
        assert torch.equal(classes, facts[class_of_map])
    assert any(not torch.equal(*facts.values()) for facts in known)


@pytest.mark.parametrize(
    "backbone", [b if b in FAST else pytest.param(b, marks=pytest.mark.slow) for b in BACKBONES]
)
def test_every_backbone_learns_from_masks_with_every_probe(backbone: str) -> None:
    few, settings = discs(4, 1), SETTINGS.model_copy(update={"epochs": 1, "batch_size": 4})
    data = Data(classes=("red", "green", "blue"), train=few, val=few, test=few)
    classifier = new_classifier(backbone, weights="none", classes=data.classes, seed=1)
    for probe in PROBES:
        before = classifier.last_layer.weight.clone()
        parts = classifier, data.train, data.val, everything(data, Origin.HUMAN), settings, LOSS
        train_classifier(*parts, alpha=0.1, probe=probe, seed=1)
        assert not torch.equal(classifier.last_layer.weight, before)
        assert 0 <= evaluate(classifier, data.test, probe=probe)["dice"] <= 1


def test_a_loss_that_is_no_number_names_the_batch_and_what_to_do(data: Data) -> None:
    classifier, labelled = network(data), everything(data, Origin.HUMAN)
    with torch.no_grad():
        classifier.last_layer.weight[0, 0] = torch.nan
    with pytest.raises(ExperimentError, match=r"1/\d+.png is not a number; lower learning_rate"):
        train_classifier(
            classifier,
            data.train,
            data.val,
            labelled,
            SETTINGS,
            LOSS,
            alpha=0.5,
            probe="cam",
            seed=1,
        )


@pytest.mark.parametrize("probe", ["gradcam", "gradcam++", "hirescam"])
def test_every_probe_goes_through_a_whole_run(new_context: NewContext, probe: str) -> None:
    *_, last = rounds(new_context("sal", probe=probe))
    assert 0 <= last.row["dice"] <= 1
    assert last.row["n_human_masks"] == 12
