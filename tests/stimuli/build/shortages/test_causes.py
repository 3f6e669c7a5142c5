"""Too few images for a study: the first filter that takes them, and what each class lacks."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from stimuli.build import pipeline
from stimuli.build.context import BuildContext
from stimuli.build.items import ItemsError
from stimuli.build.overrides import ByHand
from stimuli.build.pipeline import build
from stimuli.build.shortages.causes import ShortageError, require_enough
from stimuli.bundle import Bundle, ItemRow
from stimuli.datasets.adaptors import open_dataset
from stimuli.datasets.base import Example, Split
from stimuli.models.classifiers import Machine
from stimuli.models.predictions import Predictions
from stimuli.pictures.crops import Crop
from stimuli.study import Study, parse_study
from stimuli.study.online import Phase
from tests.stimuli.build.contexts import build_context, evaluated_classifier
from tests.stimuli.conftest import STUDY

# Two practice items and two of validation are right and confident, three are wrong; six trials.
STATED = parse_study(STUDY, subject="study.toml")


def answers(
    labels: Sequence[int], confidences: Sequence[float], truths: Sequence[int]
) -> Predictions:
    return Predictions(
        labels=np.array(labels),
        confidences=np.array(confidences),
        truths=np.array(truths),
        truth_probabilities=np.array(confidences),
        best=np.empty((len(labels), 0), dtype=np.int64),
        best_probabilities=np.empty((len(labels), 0)),
    )


def crops_of(split: Split, truths: Sequence[int]) -> list[Crop]:
    return [
        Crop(
            example=Example(source=f"{split}/{n}", label=truth, split=split),
            jpeg=f"{split}{n}".encode(),
            boxes=(),
        )
        for n, truth in enumerate(truths)
    ]


def context_of(said: dict[Split, Predictions], study: Study = STATED) -> BuildContext:
    """Class 0 has a card, class 1 has none."""
    crops = {split: crops_of(split, p.truths.tolist()) for split, p in said.items()}
    examples = [crop.example for of_split in crops.values() for crop in of_split]
    evaluated = evaluated_classifier(said)
    return build_context(study, evaluated, crops=crops, examples=examples)


TRAIN = answers([0, 0, 0, 1, 1, 0], [0.9, 0.8, 0.7, 0.4, 0.3, 0.9], [0, 0, 0, 1, 1, 1])
VAL = answers([1] * 8 + [0] * 4, [0.9] * 8 + [0.5] * 4, [1] * 8 + [1] * 4)
TEST = answers([0] * 8, [0.9, 0.9, 0.9, 0.5, 0.5, 0.5, 0.2, 0.9], [0] * 7 + [1])


def test_a_filter_that_leaves_too_few_is_named_with_what_each_class_lacks_33() -> None:
    """All confident answers of val name class 1, which lacks a card."""
    with pytest.raises(ShortageError) as error:
        require_enough(context_of({Split.TRAIN: TRAIN, Split.VAL: VAL, Split.TEST: TEST}), ByHand())
    said = error.value.problems
    assert said[0] == "no class card (tiny): 4 of 12 val, 8 of 8 test images are left"
    assert said[1] == (
        "b: of 3 training photos tiny names 2 rightly, 0 of them with 0.5 or more, 3 are needed; "
        "the surest: 0.40, 0.30"
    )
    assert "[cards] examples asks for fewer photos" in said[2]
    assert "higher epochs in [classifiers.training] make the AI surer" in said[2]
    assert said[3] == (
        "4 practice and validation items of which the AI is right and confident are needed, "
        "0 are there"
    )
    assert "python -m stimuli plan" in said[4]


def test_the_confidence_that_would_give_every_class_a_card_is_told_33() -> None:
    train = answers([0, 0, 0, 1, 1, 1], [0.9, 0.8, 0.7, 0.48, 0.43, 0.41], [0, 0, 0, 1, 1, 1])
    with pytest.raises(ShortageError) as error:
        require_enough(context_of({Split.TRAIN: train, Split.VAL: VAL, Split.TEST: TEST}), ByHand())
    assert "[cards] min_confidence = 0.4 gives 2 of 2 classes a card" in str(error.value)


def test_what_the_ai_never_says_is_no_filters_fault_33() -> None:
    """Items by hand need no such answers."""
    right = answers([0] * 12, [0.9] * 12, [0] * 12)
    context = context_of({Split.TRAIN: TRAIN, Split.VAL: right, Split.TEST: TEST})
    with pytest.raises(ItemsError, match="AI that is wrong: of 12 images that can be items, 0"):
        require_enough(context, ByHand())
    rows = tuple(ItemRow(phase=Phase.PRACTICE, source="val/0", rationale="") for _ in range(3))
    require_enough(context, ByHand(items=rows))


def test_fewer_stimuli_than_trials_are_told_before_anything_is_explained_33() -> None:
    """Three easy, three medium and one hard are 7 of per_bin = 3, and 5 of per_bin = 2."""
    val = answers([0] * 12, [0.9] * 8 + [0.5] * 4, [0] * 8 + [1] * 4)
    test = answers([0] * 7, [0.9, 0.9, 0.9, 0.5, 0.5, 0.5, 0.2], [0] * 7)
    said = {Split.TRAIN: TRAIN, Split.VAL: val, Split.TEST: test}
    require_enough(context_of(said), ByHand())
    bins = STATED.bins.model_copy(update={"per_bin": 2})
    few = context_of(said, STATED.model_copy(update={"bins": bins}))
    with pytest.raises(
        ShortageError, match=r"6 stimuli for the test are needed, 5 are there\n.*lower trials of"
    ):
        require_enough(few, ByHand())


def test_a_build_stops_at_cards_before_it_explains_anything_33(
    colour_bundle: Bundle,
    colour_folder: Path,
    colour_machine: Machine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def explained(*_: object) -> None:
        raise AssertionError("something was chosen or explained")

    monkeypatch.setattr(pipeline, "select", explained)
    text = colour_bundle.study_text.replace("min_confidence = 0.5", "min_confidence = 1.0")
    dataset = open_dataset(colour_bundle.study.dataset, colour_folder)
    study = parse_study(text, subject="study.toml")
    with pytest.raises(ShortageError) as error:
        build(study, text, dataset, colour_machine, tmp_path / "out")
    message = str(error.value)
    assert "the first cause of too few images" in message
    assert "no class card (tiny): 0 of" in message
    for name in ("red", "green", "blue"):
        assert f"{name}: of " in message
    assert "[cards] min_confidence = 0." in message
    assert not (tmp_path / "out").exists()


def test_an_ai_that_never_errs_is_told_of_by_its_training_33(
    colour_bundle: Bundle, colour_folder: Path, colour_machine: Machine, tmp_path: Path
) -> None:
    text = colour_bundle.study_text.replace("[validation]\nitems = 4", "[validation]\nitems = 60")
    dataset = open_dataset(colour_bundle.study.dataset, colour_folder)
    study = parse_study(text, subject="study.toml")
    with pytest.raises(ItemsError, match="errs too seldom, lower images_per_class or epochs"):
        build(study, text, dataset, colour_machine, tmp_path / "out")
