"""Automatic scores of the heat maps that a study shows. See docs/scores.md."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from explainers.metrics import THRESHOLDS, best_threshold
from stimuli.build.context import BuildContext, SplitRow
from stimuli.build.evaluated import EvaluatedClassifier
from stimuli.build.heatmaps.mapper import HeatMapper
from stimuli.build.heatmaps.score_families import ScoredMap, scores_of
from stimuli.datasets.base import Split
from stimuli.progress_bars import tqdm

Scores = dict[str, float]


@dataclass(frozen=True, kw_only=True)
class HeatMapScores:
    """The scores of an explainer's heat maps.

    Attributes:
        threshold: where the maps were binarised for `iou` and `wsl`: the best for `wsl` over all
            that are scored; None where no map can be set against a box.
        scores: by row, only those that are defined.
    """

    threshold: float | None
    scores: dict[SplitRow, Scores]


def score_heatmaps(
    rows: Sequence[SplitRow],
    heatmap_of: Callable[[SplitRow], np.ndarray],
    evaluated: EvaluatedClassifier,
    context: BuildContext,
    again: Mapping[str, HeatMapper],
) -> HeatMapScores:
    """Score the heat maps of test stimuli on which the AI is right, one map after the other.

    Boxes and masks belong to the true label: a map of another label need not agree with them
    (study paper, section 2.5).

    Args:
        rows: those that are shown; others than these stimuli have no scores.
        heatmap_of: gives the map of a row, (side, side) in [0, 1] or [-1, 1], of what the
            classifier answered.
        again: what draws a map again, for each family of scores that asks for it.
    """
    right, seed = evaluated.predictions[Split.TEST].right, context.study.study.seed
    asks = context.study.scores.faithfulness and evaluated.ready.has_network
    stimuli = [(split, row) for split, row in rows if split is Split.TEST and right[row]]
    values: dict[SplitRow, dict[str, np.ndarray]] = {}
    for split, row in tqdm(stimuli, desc="scores", unit="img", leave=False):
        scored = ScoredMap(
            heatmap=heatmap_of((split, row)),
            crop=context.crops[split][row],
            evaluated=evaluated,
            seed=seed,
        )
        values[split, row] = scores_of(scored, again, asks=asks)
    threshold = best_threshold(own["wsl"] for own in values.values())
    place = 0 if threshold is None else THRESHOLDS.index(threshold)
    scores = {split_row: defined(own, place) for split_row, own in values.items()}
    return HeatMapScores(threshold=threshold, scores=scores)


def defined(values: Mapping[str, np.ndarray], place: int) -> Scores:
    """The scores that are defined; of those at each threshold the one at its place."""
    chosen = {name: float(v[place] if v.ndim else v) for name, v in values.items()}
    return {name: value for name, value in chosen.items() if not np.isnan(value)}
