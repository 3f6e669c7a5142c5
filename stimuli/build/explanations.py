"""What the explainers drew of the images that a study shows, with scores."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

import explainers
from explainers.extremal import extremal_perturbation
from explainers.gradcam import gradcam
from stimuli.build.evaluated import EvaluatedClassifier
from stimuli.build.heatmap_scores import Scores, Shown, score_heatmaps
from stimuli.build.neighbours import find_neighbours
from stimuli.cache import code, digest, package_code
from stimuli.datasets.base import Split
from stimuli.models.classifiers import Machine
from stimuli.models.predictions import images_of
from stimuli.models.salient import ready_salient
from stimuli.pictures.crops import Crop
from stimuli.pictures.jpeg import Jpeg, of_one_length
from stimuli.pictures.render import heatmap_jpeg
from stimuli.study import Study
from stimuli.study.offline import ExtremalSettings, SalientSettings

Crops = Mapping[Split, Sequence[Crop]]


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What an explainer drew.

    Attributes:
        pictures: of each row, JPEG, in the order in which they are shown.
        scores: of each row, by name.
        threshold: where heat maps were binarised for their scores; None where none was.
    """

    pictures: list[list[Jpeg]]
    scores: list[Scores]
    threshold: float | None = None


@dataclass(frozen=True, kw_only=True)
class HeatMapper:
    """An explainer that draws heat maps, ready to explain a judge's answers.

    Attributes:
        explain: images and the labels to explain to heat maps (batch, height, width) in [0, 1].
        digest: of what decides the maps beside classifier, settings, picture and label.
    """

    explain: Callable[[Tensor, Tensor], Tensor]
    digest: str = ""


def draw(
    explainer: str,
    evaluated: EvaluatedClassifier,
    crops: Crops,
    rows: Sequence[Shown],
    study: Study,
    machine: Machine,
) -> Drawn:
    """What an explainer draws for the judge's predictions of some (split, row) pairs."""
    if explainer in HEATMAPS:
        mapper = HEATMAPS[explainer](evaluated, crops, study, machine)
        return _heatmaps(explainer, mapper, evaluated, crops, rows, study)
    return _neighbours(evaluated, crops, rows, study)


def _heatmaps(
    explainer: str,
    mapper: HeatMapper,
    evaluated: EvaluatedClassifier,
    crops: Crops,
    rows: Sequence[Shown],
    study: Study,
) -> Drawn:
    bar = tqdm(rows, desc=explainer, unit="img", leave=False)
    heatmaps = {
        shown: _cached_map(explainer, mapper, evaluated, crops, shown, study) for shown in bar
    }
    scored = score_heatmaps(evaluated, crops, heatmaps)
    style = study.rendering.heatmaps
    drawn = of_one_length([heatmap_jpeg(heatmaps[s, n], crops[s][n].jpeg, style) for s, n in rows])
    return Drawn(
        pictures=[[jpeg] for jpeg in drawn],
        scores=[scored.scores.get(shown, {}) for shown in rows],
        threshold=scored.threshold,
    )


def _cached_map(
    explainer: str,
    mapper: HeatMapper,
    evaluated: EvaluatedClassifier,
    crops: Crops,
    shown: Shown,
    study: Study,
) -> np.ndarray:
    """(side, side) in [0, 1]; one that was made before is read."""
    split, row = shown
    settings = getattr(study.explainers, explainer), study.study.seed
    facts = crops[split][row].jpeg, evaluated.predictions[split].labels[row]

    def make() -> dict[str, np.ndarray]:
        heatmap = mapper.explain(*_asked(evaluated, crops, shown))
        return {"heatmap": heatmap[0].cpu().numpy()}

    made_by = package_code(explainers), code(sys.modules[__name__])
    key = digest(*made_by, settings, mapper.digest, *facts)
    return evaluated.cache.arrays(explainer, key, make)["heatmap"]


def _asked(evaluated: EvaluatedClassifier, crops: Crops, shown: Shown) -> tuple[Tensor, Tensor]:
    """A batch of one: the image, and the predicted label, which is explained."""
    split, row = shown
    device = evaluated.checkpoint.classifier.mean.device
    label = torch.tensor([evaluated.predictions[split].labels[row]], device=device)
    return images_of([crops[split][row]], device), label


def _gradcam(
    evaluated: EvaluatedClassifier, crops: Crops, study: Study, machine: Machine
) -> HeatMapper:
    classifier = evaluated.checkpoint.classifier
    return HeatMapper(explain=lambda images, labels: gradcam(classifier, images, labels))


def _extremal(
    evaluated: EvaluatedClassifier, crops: Crops, study: Study, machine: Machine
) -> HeatMapper:
    settings = study.explainers.extremal or ExtremalSettings()

    def explain(images: Tensor, labels: Tensor) -> Tensor:
        return extremal_perturbation(
            evaluated.checkpoint.classifier,
            images,
            labels,
            areas=settings.areas,
            n_steps=settings.n_steps,
        )

    return HeatMapper(explain=explain)


def _salient(
    evaluated: EvaluatedClassifier, crops: Crops, study: Study, machine: Machine
) -> HeatMapper:
    """A map depends on the picture alone, whatever was answered."""
    settings = study.explainers.salient or SalientSettings()
    ready = ready_salient(settings, crops, seed=study.study.seed, machine=machine)
    return HeatMapper(explain=lambda images, labels: ready.salient(images), digest=ready.digest)


def _neighbours(
    evaluated: EvaluatedClassifier, crops: Crops, rows: Sequence[Shown], study: Study
) -> Drawn:
    gallery, settings = evaluated.gallery, study.explainers.neighbours
    if gallery is None or settings is None:
        raise ValueError(f"{evaluated.name}: has no gallery; no condition shows its neighbours")
    asked = [crops[split][row] for split, row in rows]
    labels = [int(evaluated.predictions[split].labels[row]) for split, row in rows]
    found = find_neighbours(gallery, asked, labels, k=settings.k)
    return Drawn(
        pictures=[[crops[Split.TRAIN][row].jpeg for row in f.rows] for f in found],
        scores=[{f"distance_{n}": d for n, d in enumerate(f.distances, start=1)} for f in found],
    )


HEATMAPS: dict[str, Callable[[EvaluatedClassifier, Crops, Study, Machine], HeatMapper]] = {
    "gradcam": _gradcam,
    "extremal": _extremal,
    "salient": _salient,
}
"""By explainer: what makes it ready for a judge's answers."""
