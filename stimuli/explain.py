"""The pictures of an explanation, for the images that a study shows."""

from collections.abc import Callable, Mapping, Sequence

import torch
from tqdm import tqdm

from explainers.gradcam import gradcam
from stimuli.datasets.base import Split
from stimuli.judges import Judge
from stimuli.pictures import View
from stimuli.predictions import images_of
from stimuli.render import heatmap_jpeg

Drawn = tuple[list[bytes], dict[str, float]]
"""JPEG pictures in the order in which they are shown, and scores by name."""

Views = Mapping[Split, Sequence[View]]


def explanation_pictures(
    explainer: str, judge: Judge, views: Views, rows: Sequence[tuple[Split, int]]
) -> list[Drawn]:
    """What an explainer draws for the judge's predictions of some (split, row) pairs."""
    draw = EXPLAINERS[explainer]
    shown = tqdm(rows, desc=explainer, unit="img", leave=False)
    return [draw(judge, views, split, row) for split, row in shown]


def _heatmap(judge: Judge, views: Views, split: Split, row: int) -> Drawn:
    classifier, view = judge.checkpoint.classifier, views[split][row]
    device = classifier.mean.device
    label = torch.tensor([judge.predictions[split].labels[row]], device=device)
    heatmaps = gradcam(classifier, images_of([view], device), label)
    return [heatmap_jpeg(heatmaps[0].cpu().numpy(), view.jpeg)], {}


def _neighbours(judge: Judge, views: Views, split: Split, row: int) -> Drawn:
    found = judge.neighbours[split][row]
    scores = {f"distance_{n}": d for n, d in enumerate(found.distances, start=1)}
    return [views[Split.TRAIN][r].jpeg for r in found.rows], scores


EXPLAINERS: dict[str, Callable[[Judge, Views, Split, int], Drawn]] = {
    "gradcam": _heatmap,
    "neighbours": _neighbours,
}
