"""Whom adversarial stimuli deceive: the first classifier, each its own, or all of them at once."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stimuli.build.pipeline import build
from stimuli.bundle import Bundle, Kind, Stimulus
from stimuli.bundle.check import check_bundle
from stimuli.bundle.store import read_bundle
from stimuli.bundle.summary import summary
from stimuli.datasets.adaptors import open_dataset
from stimuli.models.classifiers import Machine
from stimuli.pictures.crops import crop
from stimuli.pictures.jpeg import decode
from stimuli.study import parse_study

SECOND = """
[[classifiers]]
name = "other"
backbone = "tiny"
weights = "none"
[classifiers.training]
epochs = 10
batch_size = 8
learning_rate = 0.01
patience = 10

[bins]"""
CONDITION = (
    '[[conditions]]\nname = "theirs"\nclassifier = "other"\npanels = ["gradcam"]\n\n[[phases]]'
)
TABLE = "\n[adversarial]\nper_bin = 2\nattacked = 40\nepsilon = 0.157\n"


@pytest.fixture(
    scope="module",
    params=["each", *(pytest.param(who, marks=pytest.mark.slow) for who in ("first", "all"))],
)
def bundle(
    request: pytest.FixtureRequest,
    colour_bundle: Bundle,
    colour_folder: Path,
    colour_machine: Machine,
    tmp_path_factory: pytest.TempPathFactory,
) -> Bundle:
    """The coloured pictures, two classifiers, and flipped controls."""
    text = colour_bundle.study_text.replace("\n[bins]", SECOND, 1)
    text = text.replace("[[phases]]", CONDITION, 1) + TABLE
    text += f'deceives = "{request.param}"\ncontrol = "flipped"\n'
    study = parse_study(text, subject="study.toml")
    dataset = open_dataset(study.dataset, colour_folder)
    folder = tmp_path_factory.mktemp("deceiving")
    store = shutil.copytree(colour_machine.store, folder / "store")
    machine = replace(colour_machine, store=store)
    return build(study, text, dataset, machine, folder / "out")


def of_kind(bundle: Bundle, kind: Kind) -> list[Stimulus]:
    found = [s for s in bundle.stimuli if s.kind is kind]
    assert found
    return found


def said(bundle: Bundle, stimulus: Stimulus) -> dict[str, int]:
    """The label that each classifier gives whose people see it."""
    return {
        p.classifier: p.label_index
        for p in bundle.predictions
        if p.stimulus_id == stimulus.stimulus_id
    }


@pytest.mark.slow
def test_an_adversarial_picture_deceives_whom_it_was_made_against(bundle: Bundle) -> None:
    expected = {
        "first": {("tiny",)},
        "each": {("tiny",), ("other",)},
        "all": {("tiny", "other")},
    }[bundle.study.adversarial.deceives]
    adversarial = of_kind(bundle, Kind.ADVERSARIAL)
    assert {s.attacked for s in adversarial} == expected
    for stimulus in adversarial:
        labels = {said(bundle, stimulus)[name] for name in stimulus.attacked}
        assert len(labels) == 1
        assert labels != {stimulus.true_index}


def test_where_each_has_its_own_nobody_sees_the_others_pictures(bundle: Bundle) -> None:
    is_each = bundle.study.adversarial.deceives == "each"
    for stimulus in (*of_kind(bundle, Kind.ADVERSARIAL), *of_kind(bundle, Kind.FLIPPED)):
        shown_with = stimulus.attacked if is_each else ("tiny", "other")
        assert tuple(said(bundle, stimulus)) == shown_with
        assert [c.name for c in bundle.study.conditions if bundle.shows(stimulus, c)] == [
            c.name for c in bundle.study.conditions if bundle.study.classifier_of(c) in shown_with
        ]
    assert all(len(said(bundle, s)) == 2 for s in of_kind(bundle, Kind.NATURAL))


def test_a_flipped_picture_has_as_much_noise_and_the_ai_is_right(
    bundle: Bundle, colour_folder: Path
) -> None:
    """Other photographs, and what is cut off at black and white is lost; JPEG adds to both."""
    dataset = open_dataset(bundle.study.dataset, colour_folder)
    sources = {example.source: example for example in dataset.examples}
    change = {
        kind: np.mean(
            [
                np.abs(
                    decode((bundle.path / s.image).read_bytes()).astype(float)
                    - decode(crop(sources[s.source], dataset, bundle.study.dataset).jpeg)
                ).mean()
                for s in of_kind(bundle, kind)
            ]
        )
        for kind in (Kind.ADVERSARIAL, Kind.FLIPPED)
    }
    assert change[Kind.FLIPPED] == pytest.approx(change[Kind.ADVERSARIAL], rel=0.4)
    for stimulus in of_kind(bundle, Kind.FLIPPED):
        assert all(said(bundle, stimulus)[n] == stimulus.true_index for n in stimulus.attacked)


def test_no_photograph_is_shown_twice_to_anybody(bundle: Bundle) -> None:
    for condition in bundle.study.conditions:
        sources = [s.source for s in bundle.stimuli if bundle.shows(s, condition)]
        assert len(sources) == len(set(sources))


def test_the_bundle_is_whole_and_says_whom_it_deceives(bundle: Bundle) -> None:
    assert check_bundle(bundle.path).manifest == bundle.manifest
    for facts in bundle.manifest.adversarial:
        chosen = [s for s in of_kind(bundle, Kind.ADVERSARIAL) if s.attacked == facts.against]
        flipped = [s for s in of_kind(bundle, Kind.FLIPPED) if s.attacked == facts.against]
        assert len(chosen) == sum(count.chosen for count in facts.bins)
        assert facts.flipped
        assert len(flipped) == sum(count.chosen for count in facts.flipped.bins)
        assert f"deceived {' and '.join(facts.against)} as JPEG" in summary(bundle)
    assert read_bundle(bundle.path).stimuli == bundle.stimuli
