"""Adversarial stimuli: what is shown deceives, was drawn as asked, and does not stand out."""

import io
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from explainers.classifier import Classifier, load_checkpoint
from explainers.gradcam import gradcam
from stimuli.build.bins import bin_of
from stimuli.build.pipeline import build
from stimuli.bundle import Bundle, Kind, Prediction, Stimulus
from stimuli.bundle.check import check_bundle
from stimuli.bundle.consistency import reference_problems
from stimuli.datasets.adaptors import open_dataset
from stimuli.datasets.base import Split
from stimuli.models.classifiers import Machine
from stimuli.pictures.crops import Crop, crop
from stimuli.pictures.jpeg import Jpeg, decode
from stimuli.pictures.render import heatmap_jpeg
from stimuli.study import parse_study
from stimuli.study.online import Phase

PER_BIN = 2
ATTACKED = 40
# Half the colour resolution of so small a picture takes much of an attack away.
EPSILON = 40 / 255
TABLE = f"[adversarial]\nper_bin = {PER_BIN}\nattacked = {ATTACKED}\nepsilon = {EPSILON}\n"


def built(text: str, folder: Path, machine: Machine, out: Path) -> Bundle:
    study = parse_study(text, subject="study.toml")
    return build(study, text, open_dataset(study.dataset, folder), machine, out)


@pytest.fixture(scope="module")
def bundle(
    colour_bundle: Bundle,
    colour_folder: Path,
    colour_machine: Machine,
    tmp_path_factory: pytest.TempPathFactory,
) -> Bundle:
    """The coloured pictures, some of them attacked."""
    out = tmp_path_factory.mktemp("adversarial") / "colours"
    return built(colour_bundle.study_text + TABLE, colour_folder, colour_machine, out)


@pytest.fixture(scope="module")
def classifier(bundle: Bundle, colour_machine: Machine) -> Classifier:
    """The classifier that was attacked."""
    (path,) = colour_machine.store.iterdir()
    return load_checkpoint(path).classifier


@pytest.fixture(scope="module")
def shown(bundle: Bundle) -> list[tuple[Stimulus, Prediction, bytes]]:
    """Each adversarial stimulus, what was said of it, and its picture."""
    return [
        (stimulus, p, (bundle.path / stimulus.image).read_bytes())
        for p in bundle.predictions
        if (stimulus := bundle.stimulus_by_id[p.stimulus_id]).kind is Kind.ADVERSARIAL
    ]


def as_image(jpeg: Jpeg) -> torch.Tensor:
    return torch.from_numpy(decode(jpeg).copy()).permute(2, 0, 1)[None].float() / 255


def test_the_picture_as_it_is_stored_deceives_with_the_recorded_confidence(
    bundle: Bundle, classifier: Classifier, shown: list[tuple[Stimulus, Prediction, bytes]]
) -> None:
    assert shown
    for stimulus, prediction, jpeg in shown:
        probabilities = classifier(as_image(jpeg)).detach().softmax(1)[0]
        assert int(probabilities.argmax()) == prediction.label_index != stimulus.true_index
        assert float(probabilities.max()) == pytest.approx(prediction.confidence, abs=1e-5)
        assert not prediction.right
        assert prediction.bin is bin_of(prediction.confidence, False, bundle.study.bins)
        assert prediction.bin


def test_the_source_was_judged_rightly_is_near_and_is_no_natural_stimulus(
    bundle: Bundle,
    classifier: Classifier,
    shown: list[tuple[Stimulus, Prediction, bytes]],
    colour_folder: Path,
) -> None:
    dataset = open_dataset(bundle.study.dataset, colour_folder)
    sources = {e.source: e for e in dataset.split(Split.TEST)}
    natural = {s.source for s in bundle.stimuli if s.kind is Kind.NATURAL}
    for stimulus, _, jpeg in shown:
        before = crop(sources[stimulus.source], dataset, bundle.study.dataset)
        assert isinstance(before, Crop)
        assert stimulus.source not in natural
        assert int(classifier(as_image(before.jpeg)).argmax()) == stimulus.true_index
        change = np.abs(decode(jpeg).astype(float) - decode(before.jpeg))
        # JPEG adds a little to what the attack may change.
        assert 1 < change.mean() < 255 * EPSILON + 2
    assert len({s.source for s, _, _ in shown}) == len(shown)


def test_the_counts_are_as_asked_or_an_honest_shortfall(
    bundle: Bundle, shown: list[tuple[Stimulus, Prediction, bytes]]
) -> None:
    [facts] = bundle.manifest.adversarial
    drawn = Counter(p.bin for _, p, _ in shown)
    assert sum(c.available for c in facts.bins) <= facts.deceived - facts.excluded
    assert facts.deceived <= facts.attacked <= ATTACKED
    for count in facts.bins:
        assert not count.right
        assert count.chosen == min(count.available, PER_BIN) == drawn[count.bin]
    assert bundle.manifest.short
    assert all(s.phase is Phase.TEST for s, _, _ in shown)


def test_the_natural_stimuli_and_the_pool_are_those_of_the_study_without_attacks(
    bundle: Bundle, colour_bundle: Bundle
) -> None:
    natural = tuple(s for s in bundle.stimuli if s.kind is Kind.NATURAL)
    assert natural == colour_bundle.stimuli
    assert bundle.pool == colour_bundle.pool
    assert bundle.manifest.bins == colour_bundle.manifest.bins


def test_heat_maps_are_drawn_for_the_perturbed_picture(
    bundle: Bundle, classifier: Classifier, shown: list[tuple[Stimulus, Prediction, bytes]]
) -> None:
    heatmaps = {e.stimulus_id: e for e in bundle.explanations if e.explainer == "gradcam"}
    for stimulus, prediction, jpeg in shown:
        label = torch.tensor([prediction.label_index])
        heatmap = gradcam(classifier, as_image(jpeg), label)[0].numpy()
        drawn = (bundle.path / heatmaps[stimulus.stimulus_id].images[0]).read_bytes()
        expected = decode(heatmap_jpeg(heatmap, jpeg)).astype(float)
        assert np.abs(decode(drawn) - expected).mean() < 1


def test_neighbours_and_cards_are_those_of_the_wrong_label(
    bundle: Bundle, classifier: Classifier, shown: list[tuple[Stimulus, Prediction, bytes]]
) -> None:
    neighbours = {e.stimulus_id: e for e in bundle.explanations if e.explainer == "neighbours"}
    for stimulus, prediction, _ in shown:
        paths = (*neighbours[stimulus.stimulus_id].images, *prediction.card.images)
        images = torch.cat([as_image((bundle.path / path).read_bytes()) for path in paths])
        assert set(classifier(images).argmax(1).tolist()) == {prediction.label_index}


def test_a_perturbed_picture_is_stored_like_every_other_one(
    bundle: Bundle, shown: list[tuple[Stimulus, Prediction, bytes]]
) -> None:
    """One encoder, size and length, no metadata; ids in an order that does not know the kind."""
    assert check_bundle(bundle.path).stimuli == bundle.stimuli
    natural = next(s for s in bundle.stimuli if s.kind is Kind.NATURAL)
    with Image.open(bundle.path / natural.image) as one:
        for _, _, jpeg in shown:
            assert len(jpeg) == (bundle.path / natural.image).stat().st_size
            with Image.open(io.BytesIO(jpeg)) as other:
                assert other.info == one.info
                assert other.size == one.size
                assert other.quantization == one.quantization  # type: ignore[attr-defined]
    ids = [s.stimulus_id for s in bundle.stimuli]
    assert ids == sorted(ids)


def test_a_picture_and_its_perturbed_version_may_not_both_be_shown(
    bundle: Bundle, shown: list[tuple[Stimulus, Prediction, bytes]]
) -> None:
    natural = next(s for s in bundle.stimuli if s.kind is Kind.NATURAL)
    copied = natural.model_copy(update={"source": shown[0][0].source})
    stimuli = tuple(copied if s is natural else s for s in bundle.stimuli)
    (problem,) = reference_problems(replace(bundle, stimuli=stimuli))
    assert "is a natural stimulus too" in problem
