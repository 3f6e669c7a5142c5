"""Two classifiers in one study: matched stimuli differ in nothing but their explanation."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from analysis.export import matching
from stimuli.build.eligibility import MATCHED_CONFIDENCE, eligibility, matched
from stimuli.build.pipeline import build
from stimuli.bundle import Bundle, Prediction
from stimuli.datasets.adaptors import open_dataset
from stimuli.datasets.base import Example, Split
from stimuli.models.predictions import Predictions
from stimuli.study import parse_study
from stimuli.study.offline import BinSettings
from tests.stimuli.build.contexts import build_context, evaluated_classifier
from tests.stimuli.conftest import STUDY, new_machine

SECOND = """
[[classifiers]]
name = "second"
backbone = "tiny"
weights = "none"
[classifiers.training]
epochs = 10
batch_size = 16
learning_rate = 0.02
patience = 10

[bins]
pairing = "matched"
"""
CONDITION = '[[conditions]]\nname = "other"\nclassifier = "second"\npanels = ["gradcam"]\n\n'


@pytest.fixture(scope="module")
def paired(colour_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A second classifier, shown by a condition of its own."""
    text = STUDY.replace("[bins]\n", SECOND.lstrip(), 1)
    text = text.replace("[[phases]]", CONDITION + "[[phases]]", 1)
    study = parse_study(text, subject="study.toml")
    dataset = open_dataset(study.dataset, colour_folder)
    folder = tmp_path_factory.mktemp("paired")
    return build(study, text, dataset, new_machine(folder), folder / "out")


def answers(labels: list[int], confidences: list[float], truths: list[int]) -> Predictions:
    return Predictions(
        labels=np.array(labels),
        confidences=np.array(confidences),
        truths=np.array(truths),
        truth_probabilities=np.array(confidences),
        best=np.empty((len(labels), 0), dtype=np.int64),
        best_probabilities=np.empty((len(labels), 0)),
    )


def test_answers_match_with_one_label_one_bin_and_confidences_within_five_hundredths() -> None:
    """Another label; too far apart; .79 and .81 in and out of a bin; equal; and within reach."""
    truths = [0, 0, 0, 0, 0]
    one = answers([0, 0, 0, 0, 0], [0.9, 0.90, 0.79, 0.5, 0.95], truths)
    other = answers([1, 0, 0, 0, 0], [0.9, 0.84, 0.81, 0.5, 0.91], truths)
    assert matched(one, other, BinSettings()).tolist() == [False, False, False, True, True]


def test_every_two_of_three_classifiers_must_match() -> None:
    """The second and the third are both near the first, and .08 apart for the first image."""
    evaluations = [
        evaluated_classifier({Split.TEST: answers([0, 0], confidences, [0, 0])}, name=name)
        for name, confidences in (("a", [0.9, 0.9]), ("b", [0.94, 0.9]), ("c", [0.86, 0.9]))
    ]
    text = STUDY.replace("[bins]\n", '[bins]\npairing = "matched"\n', 1)
    study = parse_study(text, subject="study.toml")
    example = Example(source="a.png", label=0, split=Split.TEST)
    context = build_context(study, *evaluations, examples=[example])
    eligible = eligibility(Split.TEST, context)
    assert eligible.mask.tolist() == [False, True]
    assert eligible.excluded["answers otherwise (b)"] == 0
    assert eligible.excluded["answers otherwise (c)"] == 1


def test_the_report_checks_answers_by_the_same_difference() -> None:
    assert matching.MATCHED_CONFIDENCE == MATCHED_CONFIDENCE


def test_every_image_that_is_shown_has_one_answer_of_both(paired: Bundle) -> None:
    by_stimulus: dict[str, list[Prediction]] = {}
    for prediction in paired.predictions:
        by_stimulus.setdefault(prediction.stimulus_id, []).append(prediction)
    assert len(by_stimulus) == len(paired.stimuli) > 6
    for first, second in by_stimulus.values():
        assert first.classifier != second.classifier
        assert (first.label_index, first.bin, first.right) == (
            *(second.label_index, second.bin, second.right),
        )
        assert abs(first.confidence - second.confidence) <= 0.05
        assert first.card == second.card


def test_what_does_not_match_leaves_the_pool_and_is_counted(
    paired: Bundle, colour_bundle: Bundle
) -> None:
    left_out = paired.manifest.excluded["answers otherwise (second)"]
    assert 0 < left_out < colour_bundle.manifest.pool_size
    pool = Counter(image.classifier for image in paired.pool if image.split == "test")
    assert pool["tiny"] == pool["second"] == paired.manifest.pool_size
