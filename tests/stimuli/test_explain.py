"""What an explainer draws does not depend on what else is drawn."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from explainers.classifier import Checkpoint, new_classifier
from stimuli.build.evaluated import EvaluatedClassifier
from stimuli.build.explanations import draw
from stimuli.cache import Cache
from stimuli.datasets.base import Example, Split
from stimuli.models.classifiers import Machine
from stimuli.models.predictions import predict
from stimuli.models.salient import ReadySalient
from stimuli.pictures.crops import Crop
from stimuli.pictures.jpeg import decode, encode
from stimuli.study import Study, StudyError, parse_study
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
    return EvaluatedClassifier(
        name="tiny",
        checkpoint=Checkpoint(classifier=classifier, metrics={}, config={}, digest=""),
        predictions={Split.TEST: predict(classifier, crops[Split.TEST])},
        cards={},
        gallery=None,
        cache=Cache(folder=tmp_path),
    )


def extremal_study(text: str = EXTREMAL) -> Study:
    return parse_study(text, subject="study.toml")


def test_a_condition_can_show_extremal_perturbations(
    evaluated: EvaluatedClassifier, crops: dict[Split, list[Crop]]
) -> None:
    study = extremal_study()
    rows = [(Split.TEST, row) for row in range(3)]
    drawn = draw("extremal", evaluated, crops, rows, study, Machine())
    assert len({jpeg for (jpeg,) in drawn.pictures}) == 3
    assert all(decode(jpeg).shape == (SIDE, SIDE, 3) for (jpeg,) in drawn.pictures)
    alone = draw("extremal", evaluated, crops, rows[2:], study, Machine())
    assert alone.pictures == drawn.pictures[2:]


def test_a_map_is_not_drawn_again_only_because_it_is_rendered_in_another_way(
    evaluated: EvaluatedClassifier, crops: dict[Split, list[Crop]], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [(Split.TEST, 0)]
    beside = draw("extremal", evaluated, crops, rows, extremal_study(), Machine())
    monkeypatch.setattr(
        "stimuli.build.explanations.extremal_perturbation", None
    )  # drawn again, it would fail
    overlay = extremal_study(EXTREMAL + '[rendering]\nheatmaps = "overlay"\n')
    drawn = draw("extremal", evaluated, crops, rows, overlay, Machine())
    assert drawn.pictures != beside.pictures
    assert drawn.scores == beside.scores


def test_a_salient_map_of_another_network_is_drawn_anew(
    evaluated: EvaluatedClassifier, crops: dict[Split, list[Crop]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file of the network decides, not only the settings, which name none."""
    study = extremal_study(EXTREMAL.replace("extremal", "salient").replace("n_steps = 3", ""))
    pictures = []
    for level, digest in ((0.2, "one"), (0.7, "other"), (0.9, "other")):
        ready = ReadySalient(
            salient=lambda images, level=level: torch.full((1, SIDE, SIDE), level), digest=digest
        )
        monkeypatch.setattr(
            "stimuli.build.explanations.ready_salient", lambda *_, ready=ready, **__: ready
        )
        pictures += draw("salient", evaluated, crops, [(Split.TEST, 0)], study, Machine()).pictures
    assert pictures[0] != pictures[1]
    assert pictures[1] == pictures[2]


def test_an_area_outside_0_to_1_is_refused() -> None:
    with pytest.raises(StudyError, match=r"explainers\.extremal\.areas"):
        extremal_study(EXTREMAL.replace("n_steps = 3", "areas = [0.1, 1.5]"))
