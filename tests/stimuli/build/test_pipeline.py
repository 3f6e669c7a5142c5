"""The whole offline stage on small pictures: what is in the bundle is what was said and shown."""

import io
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from explainers.classifier import load_checkpoint
from stimuli.build.ai_only import best_threshold
from stimuli.build.bins import CELLS, bin_of
from stimuli.build.pipeline import build
from stimuli.bundle import Bundle, BundleError, Prediction
from stimuli.datasets.adaptors import open_dataset
from stimuli.datasets.base import Split
from stimuli.models.classifiers import ClassifierError, Machine
from stimuli.study import Study, parse_study
from stimuli.study.online import Phase


def pixels(bundle: Bundle, image: str) -> torch.Tensor:
    """A picture of the bundle, (3, height, width) in [0, 1]."""
    with Image.open(io.BytesIO((bundle.path / image).read_bytes())) as picture:
        return torch.from_numpy(np.array(picture)).permute(2, 0, 1).float() / 255


def checkpoint_of(machine: Machine) -> Path:
    """The one checkpoint that was trained."""
    (path,) = machine.store.iterdir()
    return path


def test_classifying_the_shown_picture_again_gives_the_recorded_answer(
    colour_bundle: Bundle, colour_machine: Machine
) -> None:
    classifier = load_checkpoint(checkpoint_of(colour_machine)).classifier
    for p in colour_bundle.predictions:
        image = pixels(colour_bundle, colour_bundle.stimulus_by_id[p.stimulus_id].image)
        probabilities = classifier(image[None]).detach().softmax(1)[0]
        assert int(probabilities.argmax()) == p.label_index
        assert float(probabilities.max()) == pytest.approx(p.confidence, abs=1e-5)


def test_the_bins_follow_from_confidence_and_truth(colour_bundle: Bundle) -> None:
    for p in colour_bundle.predictions:
        truth = colour_bundle.stimulus_by_id[p.stimulus_id]
        assert p.right == (p.label == truth.true_label)
        assert p.bin is bin_of(p.confidence, p.right, colour_bundle.study.bins)


def test_stimuli_come_from_the_test_split_and_items_from_val(
    colour_bundle: Bundle, colour_folder: Path
) -> None:
    dataset = open_dataset(colour_bundle.study.dataset, colour_folder)
    split = {example.source: example.split for example in dataset.examples}
    for stimulus in colour_bundle.stimuli:
        expected = Split.TEST if stimulus.phase is Phase.TEST else Split.VAL
        assert split[stimulus.source] is expected
    assert len({s.source for s in colour_bundle.stimuli}) == len(colour_bundle.stimuli)


def test_the_counts_are_those_of_the_pool(colour_bundle: Bundle) -> None:
    pool = [row for row in colour_bundle.pool if row.split == "test"]
    assert len(pool) == colour_bundle.manifest.pool_size
    for count, (bin, right) in zip(colour_bundle.manifest.bins, CELLS, strict=True):
        available = sum((row.bin, row.right) == (bin, right) for row in pool)
        chosen = sum(
            (p.bin, p.right) == (bin, right)
            and colour_bundle.stimulus_by_id[p.stimulus_id].phase is Phase.TEST
            for p in colour_bundle.predictions
        )
        assert (count.available, count.chosen) == (available, chosen)
        assert chosen == min(available, colour_bundle.study.bins.per_bin)


def test_everything_of_the_test_split_is_in_the_pool_or_counted_as_left_out(
    colour_bundle: Bundle, colour_folder: Path
) -> None:
    dataset = open_dataset(colour_bundle.study.dataset, colour_folder)
    left_out = sum(colour_bundle.manifest.excluded.values())
    assert colour_bundle.manifest.pool_size + left_out == len(dataset.split(Split.TEST))


def test_the_threshold_of_ai_only_is_chosen_on_val(colour_bundle: Bundle) -> None:
    val = [row for row in colour_bundle.pool if row.split == "val"]
    confidences, right = np.array([r.confidence for r in val]), np.array([r.right for r in val])
    (facts,) = colour_bundle.manifest.classifiers
    assert facts.ai_only.model_copy(update={"tallies": {}}) == best_threshold(confidences, right)


def test_practice_and_validation_have_right_and_wrong_answers(colour_bundle: Bundle) -> None:
    def right_of(phase: Phase) -> list[bool]:
        ids = {s.stimulus_id for s in colour_bundle.of_phase(phase)}
        return sorted(p.right for p in colour_bundle.predictions if p.stimulus_id in ids)

    assert right_of(Phase.PRACTICE) == [False, True, True]
    assert right_of(Phase.VALIDATION) == [False, False, True, True]


def test_neighbours_and_cards_are_training_pictures_of_the_predicted_class(
    colour_bundle: Bundle, colour_machine: Machine
) -> None:
    """The classifier names each of them as the class that they stand for."""
    classifier = load_checkpoint(checkpoint_of(colour_machine)).classifier
    shown: dict[str, Prediction] = {p.stimulus_id: p for p in colour_bundle.predictions}
    for e in colour_bundle.explanations:
        if e.explainer == "neighbours":
            assert len(set(e.images)) == 3
            distances = [e.scores[f"distance_{n}"] for n in (1, 2, 3)]
            assert distances == sorted(distances)
            images = torch.stack([pixels(colour_bundle, image) for image in e.images])
            assert set(classifier(images).argmax(1).tolist()) == {shown[e.stimulus_id].label_index}
    for p in colour_bundle.predictions:
        images = torch.stack([pixels(colour_bundle, image) for image in p.card.images])
        probabilities = classifier(images).softmax(1)
        assert (probabilities[:, p.label_index] >= 0.5).all()


def test_neighbours_are_the_nearest_by_their_features(
    colour_bundle: Bundle, colour_machine: Machine
) -> None:
    classifier = load_checkpoint(checkpoint_of(colour_machine)).classifier

    def flat(image: str) -> torch.Tensor:
        maps = classifier.features(classifier.normalise(pixels(colour_bundle, image)[None]))
        return maps.detach().flatten()

    explanation = next(e for e in colour_bundle.explanations if e.explainer == "neighbours")
    photo = flat(colour_bundle.stimulus_by_id[explanation.stimulus_id].image)
    for number, image in enumerate(explanation.images, start=1):
        distance = float((flat(image) - photo).norm())
        # Features are kept in float16, which shifts a short distance by a thousandth.
        assert distance == pytest.approx(explanation.scores[f"distance_{number}"], rel=3e-3)


def test_what_was_made_before_is_read_and_gives_the_same_bundle(
    colour_bundle: Bundle,
    colour_folder: Path,
    colour_study: Study,
    colour_machine: Machine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for step in (
        "models.predictions.predict",
        "build.gallery.features",
        "models.classifiers.train",
    ):
        monkeypatch.setattr(f"stimuli.{step}", None)  # made again, it would fail
    dataset = open_dataset(colour_study.dataset, colour_folder)
    again = build(colour_study, colour_bundle.study_text, dataset, colour_machine, tmp_path / "b")
    assert again.digest == colour_bundle.digest


def test_a_bundle_is_not_built_over_another_one(
    colour_bundle: Bundle, colour_folder: Path, colour_study: Study, colour_machine: Machine
) -> None:
    dataset = open_dataset(colour_study.dataset, colour_folder)
    with pytest.raises(BundleError, match="is there already"):
        build(colour_study, colour_bundle.study_text, dataset, colour_machine, colour_bundle.path)


def test_a_checkpoint_that_is_missing_or_knows_other_classes_is_refused(
    colour_bundle: Bundle, colour_folder: Path, colour_machine: Machine, tmp_path: Path
) -> None:
    text = colour_bundle.study_text.replace('weights = "none"', 'weights = "checkpoint"')
    text = text.replace("[classifiers.training]\nepochs = 12\nbatch_size = 16\n", "")
    text = text.replace("learning_rate = 0.02\npatience = 12\n", "")
    study = parse_study(text, subject="study.toml")
    dataset = open_dataset(study.dataset, colour_folder)
    with pytest.raises(ClassifierError, match="--checkpoint tiny=PATH"):
        build(study, text, dataset, Machine(), tmp_path / "out")
    with_checkpoint = Machine(checkpoints={"tiny": checkpoint_of(colour_machine)})
    dataset.classes = [*dataset.classes[:-1], dataset.classes[0]]
    with pytest.raises(ClassifierError, match="would be one class to it"):
        build(study, text, dataset, with_checkpoint, tmp_path / "out")
    assert not (tmp_path / "out").exists()


MORE = """
[explainers.extremal]
areas = [0.2]
n_steps = 2
[explainers.salient]
network = "masks"
images_per_class = 4
epochs = 2
[explainers.gradcam]
"""
PANELS = """
[[conditions]]
name = "both"
panels = ["extremal", "salient"]
[[phases]]
name = "consent"
"""


@pytest.mark.slow
def test_a_condition_may_show_several_explanations(
    colour_bundle: Bundle, colour_folder: Path, colour_machine: Machine, tmp_path: Path
) -> None:
    text = colour_bundle.study_text.replace("[explainers.gradcam]", MORE)
    text = text.replace('[[phases]]\nname = "consent"\n', PANELS)
    study = parse_study(text, subject="study.toml")
    machine = replace(colour_machine, store=tmp_path)
    shutil.copy(checkpoint_of(colour_machine), machine.store)
    dataset = open_dataset(study.dataset, colour_folder)
    bundle = build(study, text, dataset, machine, tmp_path / "all")
    drawn = {(e.stimulus_id, e.explainer) for e in bundle.explanations}
    names = ("extremal", "gradcam", "neighbours", "salient")
    assert drawn == {(s.stimulus_id, name) for s in bundle.stimuli for name in names}
    assert {e.explainer for e in colour_bundle.explanations} == {"gradcam", "neighbours"}
    assert set(bundle.manifest.classifiers[0].heatmap_thresholds) == {*names} - {"neighbours"}
    salient = [e for e in bundle.explanations if e.explainer == "salient"]
    assert any({"dice", "iou", "deletion"} <= set(e.scores) for e in salient)
