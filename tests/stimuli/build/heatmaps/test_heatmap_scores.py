"""Scores in a bundle: of the heat maps of right answers, against the object as it was shown."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import torch

from explainers.classifier import Classifier, load_checkpoint
from explainers.complexity import entropy, sparseness
from explainers.deletion import deletion, insertion
from explainers.faithfulness import (
    cell_sums,
    each_cell,
    faithfulness_correlation,
    infidelity,
    losses,
    monotonicity,
    random_sets,
)
from explainers.gradcam import gradcam
from explainers.metrics import (
    at_thresholds,
    best_threshold,
    dice,
    energy,
    iou,
    mask_box,
    pointing,
    wsl,
)
from stimuli.bundle import Bundle, Explanation
from stimuli.datasets.adaptors import open_dataset
from stimuli.models.classifiers import Machine
from stimuli.pictures.crops import crop_mask
from stimuli.pictures.jpeg import decode
from stimuli.seeds import generator
from stimuli.study.online import Phase

AGAINST_OBJECT = {"pointing", "energy", "iou", "wsl", "dice"}
OF_ANY_PICTURE = {
    *("deletion", "insertion", "faithfulness_correlation", "monotonicity", "infidelity"),
    *("sparseness", "entropy"),
}
GREY = torch.full((3, 1, 1), 0.5)


@pytest.fixture(scope="module")
def classifier(colour_bundle: Bundle, colour_machine: Machine) -> Classifier:
    """The one that the bundle was built with."""
    (path,) = colour_machine.store.iterdir()
    return load_checkpoint(path).classifier


@pytest.fixture(scope="module")
def masks(colour_bundle: Bundle, colour_folder: Path) -> Mapping[str, np.ndarray]:
    """The masks that the data set has, in the frame of the crop, by source."""
    dataset = open_dataset(colour_bundle.study.dataset, colour_folder)
    loaded = {example.source: dataset.load(example).mask for example in dataset.examples}
    settings = colour_bundle.study.dataset
    return {s: crop_mask(mask, settings) for s, mask in loaded.items() if mask is not None}


def explained(bundle: Bundle, *, scored: bool) -> list[Explanation]:
    """Heat maps of right answers to test stimuli, or all the others."""
    right = {p.stimulus_id for p in bundle.predictions if p.right}
    test = {s.stimulus_id for s in bundle.of_phase(Phase.TEST)}
    maps = [e for e in bundle.explanations if e.explainer == "gradcam"]
    return [e for e in maps if (e.stimulus_id in right & test) == scored]


def image_of(bundle: Bundle, explanation: Explanation) -> torch.Tensor:
    """The shown picture, (3, side, side) in [0, 1]."""
    path = bundle.path / bundle.stimulus_by_id[explanation.stimulus_id].image
    return torch.from_numpy(decode(path.read_bytes()).copy()).permute(2, 0, 1) / 255


def test_only_heat_maps_of_right_answers_to_test_stimuli_have_scores(
    colour_bundle: Bundle,
) -> None:
    assert explained(colour_bundle, scored=True)
    assert all(not e.scores for e in explained(colour_bundle, scored=False))


def test_the_scores_are_those_of_the_shown_picture_and_its_object(
    colour_bundle: Bundle, classifier: Classifier, masks: Mapping[str, np.ndarray]
) -> None:
    """Second implementation: from the bundle's pictures and the data set's masks alone."""
    (facts,) = colour_bundle.manifest.classifiers
    threshold = facts.heatmap_thresholds["gradcam"]
    found, kinds = [], set()
    sets = random_sets(generator(colour_bundle.study.study.seed, "removed squares"))
    for e in explained(colour_bundle, scored=True):
        stimulus = colour_bundle.stimulus_by_id[e.stimulus_id]
        image, mask = image_of(colour_bundle, e), masks.get(stimulus.source)
        label = stimulus.true_index
        heat = gradcam(classifier, image[None], torch.tensor([label]))[0]
        heatmap = heat.numpy()
        boxes = stimulus.boxes if mask is None else (mask_box(mask),)
        found.append(at_thresholds(wsl, heatmap, boxes))

        def logit(images: torch.Tensor, label: int = label) -> torch.Tensor:
            return classifier(images)[:, label].detach()

        def probability(images: torch.Tensor, label: int = label) -> torch.Tensor:
            return classifier(images).softmax(1)[:, label].detach()

        of_squares, of_sets = (losses(logit, image, s, plain=GREY) for s in (each_cell(), sets))
        sums = cell_sums(heatmap)
        expected = {
            "pointing": pointing(heatmap, boxes),
            "energy": energy(heatmap, boxes),
            "iou": iou(heatmap, boxes, threshold),
            "wsl": wsl(heatmap, boxes, threshold),
            "dice": None if mask is None else dice(heatmap, mask),
            "deletion": deletion(probability, image, heat, plain=GREY),
            "insertion": insertion(probability, image, heat),
            "faithfulness_correlation": faithfulness_correlation(sums, sets, of_sets),
            "monotonicity": monotonicity(sums, of_squares),
            "infidelity": infidelity(sums, of_squares),
            "sparseness": sparseness(heatmap),
            "entropy": entropy(heatmap),
        }
        defined = {name: value for name, value in expected.items() if value is not None}
        assert e.scores == pytest.approx(defined, abs=1e-4)
        kinds.add((bool(stimulus.boxes), mask is not None, frozenset(defined)))
    assert threshold == best_threshold(found)
    assert {(True, False, frozenset(AGAINST_OBJECT - {"dice"} | OF_ANY_PICTURE))} < kinds
    assert (False, True, frozenset(AGAINST_OBJECT | OF_ANY_PICTURE)) in kinds
    assert (False, False, frozenset(OF_ANY_PICTURE)) in kinds
