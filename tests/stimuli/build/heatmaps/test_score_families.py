"""Which scores a study gets, what is drawn again for them, and what is kept."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from analysis.statistics.measures.explanation_scores import FAMILIES as KNOWN
from explainers.classifier import new_classifier
from explainers.gradcam import gradcam
from explainers.noisy_pictures import changes, lipschitz, max_sensitivity
from explainers.random_weights import randomisation, with_random_weights
from stimuli.build.context import BuildContext
from stimuli.build.evaluated import EvaluatedClassifier
from stimuli.build.explanations import Drawings, draw, heat_maps
from stimuli.build.heatmaps.score_families import ScoredMap, scores_of
from stimuli.datasets.base import Example, Split
from stimuli.models.predictions import images_of, predict
from stimuli.pictures.crops import Crop
from stimuli.pictures.jpeg import encode
from stimuli.study import parse_study
from tests.lab import ROOT
from tests.stimuli.build.contexts import build_context, evaluated_classifier
from tests.stimuli.conftest import STUDY

SIDE, SEED = 40, 5  # of the study
TWO = STUDY.replace("[explainers.gradcam]", "[explainers.gradcam]\n[explainers.gradient]")
AGAIN = '[scores]\nrobustness = ["gradcam"]\nrandomisation = ["gradcam"]\n'
ROWS = [(Split.TEST, row) for row in range(3)]


@pytest.fixture
def context(rng: np.random.Generator, tmp_path: Path) -> BuildContext:
    """Three pictures of noise that a network of random weights names rightly, and their study."""
    pixels = rng.integers(0, 256, (3, SIDE, SIDE, 3), dtype=np.uint8)
    classifier = new_classifier("tiny", weights="none", classes=("a", "b"), seed=2).eval()
    crops = [
        Crop(
            example=Example(source=f"{n}.png", label=0, split=Split.TEST),
            jpeg=encode(Image.fromarray(picture)),
            boxes=(),
        )
        for n, picture in enumerate(pixels)
    ]
    labels = predict(classifier, crops).labels.tolist()
    crops = [
        replace(crop, example=replace(crop.example, label=label))
        for crop, label in zip(crops, labels, strict=True)
    ]
    predictions = {Split.TEST: predict(classifier, crops)}
    evaluated = evaluated_classifier(predictions, classifier=classifier, cache=tmp_path)
    study = parse_study(TWO, subject="study.toml")
    return build_context(study, evaluated, crops={Split.TEST: crops})


def drawn(explainer: str, context: BuildContext, text: str) -> Drawings:
    study = parse_study(TWO + text, subject="study.toml")
    return draw(explainer, evaluated_of(context), ROWS, replace(context, study=study))


def evaluated_of(context: BuildContext) -> EvaluatedClassifier:
    (evaluated,) = context.evaluations
    return evaluated


def test_the_report_and_the_document_know_every_score_its_family_and_its_good_values(
    context: BuildContext,
) -> None:
    evaluated, crop = evaluated_of(context), context.crops[Split.TEST][0]
    mapper = heat_maps("gradcam", gradcam).mapper_of(evaluated, context)
    heatmap = mapper.map_of(crop, crop.example.label, torch.device("cpu"))["heatmap"]
    scored = ScoredMap(heatmap=heatmap, crop=crop, evaluated=evaluated, seed=SEED)
    made = scores_of(scored, {"robustness": mapper, "randomisation": mapper}, asks=True)
    known = {m: (good, f) for f, of in KNOWN.items() if f != "nearness" for m, good in of.items()}
    assert set(made) == set(known)
    text = (ROOT / "docs/scores.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \|.*\| (\w+) \| [^|]*\|$", text, flags=re.MULTILINE)
    assert {metric: (good, family) for metric, good, family in rows} == known


def test_maps_are_drawn_again_of_those_explainers_alone_that_the_study_names(
    context: BuildContext,
) -> None:
    without = drawn("gradcam", context, "").scores[0]
    with_all = drawn("gradcam", context, AGAIN).scores[0]
    assert set(with_all) - set(without) == {"max_sensitivity", "lipschitz", "randomisation"}
    assert with_all.items() >= without.items()
    assert drawn("gradient", context, AGAIN).scores == drawn("gradient", context, "").scores


def test_a_study_may_do_without_what_the_network_is_asked_again_for(context: BuildContext) -> None:
    every = drawn("gradcam", context, "").scores[0]
    fewer = drawn("gradcam", context, "[scores]\nfaithfulness = false\n").scores[0]
    faithful = set(KNOWN["faithfulness"])
    assert fewer == {name: value for name, value in every.items() if name not in faithful}
    assert faithful < set(every)


def test_what_is_drawn_again_are_noisy_copies_and_the_answer_of_random_weights(
    context: BuildContext,
) -> None:
    classifier = evaluated_of(context).ready.classifier
    random = with_random_weights(classifier, seed=SEED)
    scores = drawn("gradcam", context, AGAIN).scores
    for crop, own in zip(context.crops[Split.TEST], scores, strict=True):
        image, label = images_of([crop], torch.device("cpu")), torch.tensor([crop.example.label])
        heat = gradcam(classifier, image, label)[0]
        moved = changes(
            lambda images, label=label: gradcam(classifier, images, label),
            image[0],
            heat,
            seed=SEED,
        )
        again = {
            "max_sensitivity": max_sensitivity(moved),
            "lipschitz": lipschitz(moved),
            "randomisation": randomisation(heat.numpy(), gradcam(random, image, label)[0].numpy()),
        }
        defined = {name: value for name, value in again.items() if value is not None}
        assert {n: own[n] for n in again if n in own} == pytest.approx(defined, rel=1e-4)
    assert sum("lipschitz" in own for own in scores) >= 2


def test_what_a_picture_loses_is_measured_once_for_all_explainers(
    context: BuildContext, tmp_path: Path
) -> None:
    for explainer in ("gradcam", "gradient"):
        assert "infidelity" in drawn(explainer, context, "").scores[0]
    assert len(list(tmp_path.glob("losses/*/*.npz"))) == len(ROWS)
    assert len(list(tmp_path.glob("scores/*/*.npz"))) == 2 * len(ROWS)


def test_scores_that_were_computed_before_are_read(
    context: BuildContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = drawn("gradcam", context, AGAIN)
    classifier = evaluated_of(context).ready.classifier
    monkeypatch.setattr(classifier, "maps", None)  # asked again, it would fail
    assert drawn("gradcam", context, AGAIN).scores == first.scores


def test_a_wrong_answer_has_no_scores(context: BuildContext) -> None:
    wrong = [
        replace(crop, example=replace(crop.example, label=1 - crop.example.label))
        for crop in context.crops[Split.TEST]
    ]
    classifier = evaluated_of(context).ready.classifier
    predictions = {Split.TEST: predict(classifier, wrong)}
    evaluated = replace(evaluated_of(context), predictions=predictions)
    changed = replace(context, crops={Split.TEST: wrong}, evaluations=[evaluated])
    assert drawn("gradcam", changed, AGAIN).scores == [{}] * 3
