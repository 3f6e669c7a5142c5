"""What an explainer draws does not depend on what else is drawn."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from explainers.classifier import new_classifier
from stimuli.build.evaluated import EvaluatedClassifier
from stimuli.build.explanations import EXPLAINERS, draw
from stimuli.datasets.base import Example, Split
from stimuli.models.predictions import predict
from stimuli.models.salient import ReadySalient
from stimuli.pictures.crops import Crop
from stimuli.pictures.jpeg import decode, encode
from stimuli.study import Study, StudyError, parse_study
from stimuli.study.explainer_settings import ExplainerSettings
from tests.stimuli.build.contexts import build_context, evaluated_classifier
from tests.stimuli.conftest import STUDY

EXTREMAL = STUDY.replace(
    "[explainers.gradcam]", "[explainers.gradcam]\n[explainers.extremal]\nn_steps = 3"
).replace('panels = ["gradcam"]', 'panels = ["gradcam", "extremal"]')
SIDE = 64


@pytest.fixture
def crops(rng: np.random.Generator) -> dict[Split, list[Crop]]:
    """Three pictures of noise to test with."""
    pixels = rng.integers(0, 256, (3, SIDE, SIDE, 3), dtype=np.uint8)
    return {
        Split.TEST: [
            Crop(
                example=Example(source=f"{n}.png", label=0, split=Split.TEST),
                jpeg=encode(Image.fromarray(picture)),
                boxes=(),
            )
            for n, picture in enumerate(pixels)
        ]
    }


@pytest.fixture
def evaluated(crops: dict[Split, list[Crop]], tmp_path: Path) -> EvaluatedClassifier:
    classifier = new_classifier("tiny", weights="none", classes=("a", "b"), seed=2).eval()
    predictions = {Split.TEST: predict(classifier, crops[Split.TEST])}
    return evaluated_classifier(predictions, classifier=classifier, cache=tmp_path)


def extremal_study(text: str = EXTREMAL) -> Study:
    return parse_study(text, subject="study.toml")


def test_a_condition_can_show_extremal_perturbations(
    evaluated: EvaluatedClassifier, crops: dict[Split, list[Crop]]
) -> None:
    context = build_context(extremal_study(), evaluated, crops=crops)
    rows = [(Split.TEST, row) for row in range(3)]
    drawings = draw("extremal", evaluated, rows, context)
    assert len({jpeg for (jpeg,) in drawings.pictures}) == 3
    assert all(decode(jpeg).shape == (SIDE, SIDE, 3) for (jpeg,) in drawings.pictures)
    alone = draw("extremal", evaluated, rows[2:], context)
    assert alone.pictures == drawings.pictures[2:]


def test_a_map_is_not_drawn_again_only_because_it_is_rendered_in_another_way(
    evaluated: EvaluatedClassifier, crops: dict[Split, list[Crop]], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [(Split.TEST, 0)]
    context = build_context(extremal_study(), evaluated, crops=crops)
    beside = draw("extremal", evaluated, rows, context)
    monkeypatch.setattr("explainers.extremal.extremal_masks", None)  # drawn again, it would fail
    study = extremal_study(EXTREMAL + '[rendering]\nheatmaps = "overlay"\n')
    overlay = draw("extremal", evaluated, rows, replace(context, study=study))
    assert overlay.pictures != beside.pictures
    assert overlay.scores == beside.scores


def test_a_salient_map_of_another_network_is_drawn_anew(
    evaluated: EvaluatedClassifier, crops: dict[Split, list[Crop]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file of the network decides, not only the settings, which name none."""
    study = extremal_study(EXTREMAL.replace("extremal", "salient").replace("n_steps = 3", ""))
    context = build_context(study, evaluated, crops=crops)
    pictures = []
    for level, digest in ((0.2, "one"), (0.7, "other"), (0.9, "other")):
        ready = ReadySalient(
            salient=lambda images, level=level: torch.full((1, SIDE, SIDE), level), digest=digest
        )
        monkeypatch.setattr(
            "stimuli.build.explanations.ready_salient", lambda *_, ready=ready, **__: ready
        )
        pictures += draw("salient", evaluated, [(Split.TEST, 0)], context).pictures
    assert pictures[0] != pictures[1]
    assert pictures[1] == pictures[2]


def test_an_unknown_explainer_is_refused_with_those_that_are_known(
    evaluated: EvaluatedClassifier, crops: dict[Split, list[Crop]]
) -> None:
    context = build_context(extremal_study(), evaluated, crops=crops)
    with pytest.raises(ValueError, match="classifier tiny: lime is no explainer") as error:
        draw("lime", evaluated, [(Split.TEST, 0)], context)
    assert ", ".join(sorted(EXPLAINERS)) in str(error.value)


def test_every_explainer_that_a_study_can_name_is_known() -> None:
    assert set(EXPLAINERS) == set(ExplainerSettings.model_fields)


def test_an_area_outside_0_to_1_is_refused() -> None:
    with pytest.raises(StudyError, match=r"explainers\.extremal\.areas"):
        extremal_study(EXTREMAL.replace("n_steps = 3", "areas = [0.1, 1.5]"))
