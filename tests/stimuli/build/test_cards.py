"""Class cards: pictures that the AI was sure of, or words alone."""

from pathlib import Path

import numpy as np
import pytest

from stimuli.build.cards import card_crops, require_words
from stimuli.build.pipeline import build
from stimuli.bundle import Bundle
from stimuli.bundle.check import check_bundle
from stimuli.datasets.adaptors import open_dataset
from stimuli.datasets.base import ClassInfo, DataError, Example, Split
from stimuli.models.classifiers import Machine
from stimuli.models.predictions import Predictions
from stimuli.pictures.crops import Crop
from stimuli.study import parse_study
from stimuli.study.offline import CardSettings

CLASSES = [ClassInfo(name="hen", description="a bird"), ClassInfo(name="hay", description="")]
WORDS = CardSettings(examples=0)


def crop_of(label: int, number: int) -> Crop:
    example = Example(source=f"{label}/{number}", label=label, split=Split.TRAIN)
    return Crop(example=example, jpeg=b"", boxes=())


def test_a_card_shows_sure_and_right_images_of_its_class(rng: np.random.Generator) -> None:
    """Of class 0 two of four qualify, of class 1 one, and of class 2 there is no image."""
    crops = [crop_of(0, n) for n in range(4)] + [crop_of(1, 0)]
    predictions = Predictions(
        labels=np.array([0, 0, 0, 1, 1]),
        confidences=np.array([0.95, 0.89, 0.9, 0.99, 1.0]),
        truths=np.array([0, 0, 0, 0, 1]),
        truth_probabilities=np.zeros(5),
        best=np.empty((5, 0), dtype=np.int64),
        best_probabilities=np.empty((5, 0)),
    )

    def sources(examples: int) -> dict[int, list[str]]:
        settings = CardSettings(examples=examples)
        cards = card_crops(crops, predictions, settings, n_classes=3, rng=rng)
        return {label: sorted(v.example.source for v in card) for label, card in cards.items()}

    assert sources(2) == {0: ["0/0", "0/2"]}
    assert sources(1).keys() == {0, 1}
    assert sources(0) == {0: [], 1: [], 2: []}


def test_a_card_of_words_needs_words_for_every_class_with_images() -> None:
    require_words(CLASSES, {0}, WORDS)
    require_words(CLASSES, {0, 1}, CardSettings(examples=1))
    with pytest.raises(DataError, match="there are none for hay; describe"):
        require_words(CLASSES, {0, 1}, WORDS)


def test_a_study_can_show_descriptions_only(
    colour_bundle: Bundle, colour_folder: Path, colour_machine: Machine, tmp_path: Path
) -> None:
    """The same stimuli, and every card has its words and no picture."""
    text = colour_bundle.study_text.replace("[cards]\n", "[cards]\nexamples = 0\n")
    study = parse_study(text, subject="study.toml")
    dataset = open_dataset(study.dataset, colour_folder)
    bundle = check_bundle(build(study, text, dataset, colour_machine, tmp_path / "words").path)
    assert {p.card.images for p in bundle.predictions} == {()}
    assert all(p.card.description == f"It is {p.label}." for p in bundle.predictions)
    assert bundle.pool == colour_bundle.pool
