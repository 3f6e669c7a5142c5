"""What an explainer drew of some rows: heat maps as pictures with their scores, or other things."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np

from stimuli.build.context import BuildContext, SplitRow
from stimuli.build.evaluated import EvaluatedClassifier
from stimuli.build.heatmaps.heatmap_scores import Scores, score_heatmaps
from stimuli.build.heatmaps.mapper import HeatMapper
from stimuli.pictures.jpeg import Jpeg, of_one_length
from stimuli.pictures.render import heatmap_jpeg
from stimuli.progress_bars import tqdm


@dataclass(frozen=True, kw_only=True)
class Drawings:
    """What an explainer drew.

    Attributes:
        pictures: of each row, JPEG, in the order in which they are shown.
        scores: of each row, by name.
        texts: of each row, where it is words that are shown.
        threshold: where heat maps were binarised for their scores; None where none was.
    """

    pictures: list[list[Jpeg]]
    scores: list[Scores]
    texts: list[str] = field(default_factory=list)
    threshold: float | None = None

    def padded(self, length: int) -> Self:
        """With zeros behind each picture, up to a file of so many bytes."""
        pictures: list[list[Jpeg]] = [
            [bytes(jpeg).ljust(length, b"\0") for jpeg in own] for own in self.pictures
        ]
        return replace(self, pictures=pictures)


def heat_map_drawings(
    name: str,
    heatmap_of: Callable[[SplitRow], np.ndarray],
    again: Mapping[str, HeatMapper],
    evaluated: EvaluatedClassifier,
    rows: Sequence[SplitRow],
    context: BuildContext,
) -> Drawings:
    """The map of each row as a picture, and how it scores.

    Args:
        name: of the explainer.
        heatmap_of: gives the map of a row, (side, side), one at a time.
        again: what draws a map again, for each family of scores that asks for it.
    """
    style, is_signed = context.study.rendering.heatmaps, context.study.explainers.is_signed(name)
    pictures = [
        heatmap_jpeg(
            heatmap_of((split, row)), context.crops[split][row].jpeg, style, is_signed=is_signed
        )
        for split, row in tqdm(rows, desc=name, unit="img", leave=False)
    ]
    scored = score_heatmaps(rows, heatmap_of, evaluated, context, again)
    return Drawings(
        pictures=[[jpeg] for jpeg in of_one_length(pictures)],
        scores=[scored.scores.get(row, {}) for row in rows],
        threshold=scored.threshold,
    )
