"""The pictures of an explanation, for the images that a study shows."""

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor
from tqdm import tqdm

from explainers.extremal import extremal_perturbation
from explainers.gradcam import gradcam
from stimuli.datasets.base import Split
from stimuli.judges import Judge
from stimuli.pictures import View
from stimuli.predictions import images_of
from stimuli.render import heatmap_jpeg
from stimuli.settings import ExtremalSettings
from stimuli.study import Study

Drawn = tuple[list[bytes], dict[str, float]]
"""JPEG pictures in the order in which they are shown, and scores by name."""

Views = Mapping[Split, Sequence[View]]


def explanation_pictures(
    explainer: str, judge: Judge, views: Views, rows: Sequence[tuple[Split, int]], study: Study
) -> list[Drawn]:
    """What an explainer draws for the judge's predictions of some (split, row) pairs."""
    draw = EXPLAINERS[explainer]
    shown = tqdm(rows, desc=explainer, unit="img", leave=False)
    return [draw(judge, views, split, row, study) for split, row in shown]


def _gradcam(judge: Judge, views: Views, split: Split, row: int, study: Study) -> Drawn:
    view = views[split][row]
    return _drawn(gradcam(judge.checkpoint.classifier, *_asked(judge, view, split, row)), view)


def _extremal(judge: Judge, views: Views, split: Split, row: int, study: Study) -> Drawn:
    """Each picture begins with the study's seed: its map does not depend on the others."""
    view, settings = views[split][row], study.explainers.extremal or ExtremalSettings()
    heatmaps = extremal_perturbation(
        judge.checkpoint.classifier,
        *_asked(judge, view, split, row),
        areas=settings.areas,
        n_steps=settings.n_steps,
        generator=torch.Generator().manual_seed(study.study.seed),
    )
    return _drawn(heatmaps, view)


def _asked(judge: Judge, view: View, split: Split, row: int) -> tuple[Tensor, Tensor]:
    """A batch of one: the image, and the predicted label, which is explained."""
    device = judge.checkpoint.classifier.mean.device
    label = torch.tensor([judge.predictions[split].labels[row]], device=device)
    return images_of([view], device), label


def _drawn(heatmaps: Tensor, view: View) -> Drawn:
    return [heatmap_jpeg(heatmaps[0].cpu().numpy(), view.jpeg)], {}


def _neighbours(judge: Judge, views: Views, split: Split, row: int, study: Study) -> Drawn:
    found = judge.neighbours[split][row]
    scores = {f"distance_{n}": d for n, d in enumerate(found.distances, start=1)}
    return [views[Split.TRAIN][r].jpeg for r in found.rows], scores


EXPLAINERS: dict[str, Callable[[Judge, Views, Split, int, Study], Drawn]] = {
    "gradcam": _gradcam,
    "extremal": _extremal,
    "neighbours": _neighbours,
}
