"""What the explainers drew of the images that a study shows, with scores."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tqdm import tqdm

from explainers.gradcam import gradcam
from stimuli.datasets.base import Split
from stimuli.judges import Judge
from stimuli.pictures import View
from stimuli.predictions import images_of
from stimuli.render import heatmap_jpeg
from stimuli.scores import Scores, Shown, score_heatmaps

Views = Mapping[Split, Sequence[View]]


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What an explainer drew.

    Attributes:
        pictures: of each row, JPEG, in the order in which they are shown.
        scores: of each row, by name.
        threshold: where heat maps were binarised for their scores; None where none was.
    """

    pictures: list[list[bytes]]
    scores: list[Scores]
    threshold: float | None = None


def draw(explainer: str, judge: Judge, views: Views, rows: Sequence[Shown]) -> Drawn:
    """What an explainer draws for the judge's predictions of some (split, row) pairs."""
    if explainer in HEATMAPS:
        return _heatmaps(explainer, judge, views, rows)
    return _neighbours(judge, views, rows)


def _heatmaps(explainer: str, judge: Judge, views: Views, rows: Sequence[Shown]) -> Drawn:
    bar = tqdm(rows, desc=explainer, unit="img", leave=False)
    heatmaps = {(split, row): HEATMAPS[explainer](judge, views, split, row) for split, row in bar}
    scored = score_heatmaps(judge, views, heatmaps)
    return Drawn(
        pictures=[[heatmap_jpeg(heatmaps[s, row], views[s][row].jpeg)] for s, row in rows],
        scores=[scored.scores.get(shown, {}) for shown in rows],
        threshold=scored.threshold,
    )


def _gradcam(judge: Judge, views: Views, split: Split, row: int) -> np.ndarray:
    classifier, view = judge.checkpoint.classifier, views[split][row]
    device = classifier.mean.device
    label = torch.tensor([judge.predictions[split].labels[row]], device=device)
    return np.asarray(gradcam(classifier, images_of([view], device), label)[0].cpu())


def _neighbours(judge: Judge, views: Views, rows: Sequence[Shown]) -> Drawn:
    found = [judge.neighbours[split][row] for split, row in rows]
    return Drawn(
        pictures=[[views[Split.TRAIN][row].jpeg for row in f.rows] for f in found],
        scores=[{f"distance_{n}": d for n, d in enumerate(f.distances, start=1)} for f in found],
    )


HEATMAPS: dict[str, Callable[[Judge, Views, Split, int], np.ndarray]] = {"gradcam": _gradcam}
"""By explainer: what maps the judge's answer to a row to its heat map, (side, side) in [0, 1]."""
