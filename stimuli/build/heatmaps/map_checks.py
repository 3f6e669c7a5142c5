"""Heat maps that say nothing: the same at every place, or the same for every picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stimuli.build.context import BuildContext, SplitRow
from stimuli.build.evaluated import EvaluatedClassifier
from stimuli.build.explanations import MapExplainer, explainer_named
from stimuli.problems import ProblemsError
from stimuli.progress_bars import tqdm

# Maps are drawn with 256 shades at most: a smaller difference is not seen.
SEEN = 1 / 255
# Of so many pictures it is no accident if no map says anything, or all are one map.
FEW = 10


class HeatMapsError(ProblemsError):
    """Heat maps that explain nothing."""


@dataclass(frozen=True, kw_only=True)
class MapsSeen:
    """What the heat maps of some pictures look like.

    Attributes:
        empty: the rows whose map is the same everywhere, while that of others is not.
        one: the map of all of them, where at least ten have one and the same; else None.
    """

    empty: frozenset[SplitRow]
    one: np.ndarray | None


def maps_seen(
    evaluated: EvaluatedClassifier, rows: Sequence[SplitRow], context: BuildContext
) -> dict[str, MapsSeen]:
    """The heat maps of some rows that are shown, by explainer and classifier, "gradcam (b1)"."""
    seen = {}
    for name in sorted(context.study.explainers_of(evaluated.name)):
        explainer = explainer_named(name, context)
        if isinstance(explainer, MapExplainer):
            heatmap_of = explainer.reader(evaluated, context)
            first, alike, empty = heatmap_of(rows[0]), 0, set()
            for row in tqdm(rows, desc=name, unit="img", leave=False):
                heatmap = heatmap_of(row)
                alike += looks_like(heatmap, first)
                if is_empty(heatmap):
                    empty.add(row)
            is_one = alike == len(rows) >= FEW
            seen[f"{name} ({evaluated.name})"] = MapsSeen(
                empty=frozenset() if is_one else frozenset(empty), one=first if is_one else None
            )
    return seen


def is_empty(heatmap: np.ndarray) -> bool:
    """Whether a map is drawn in one shade, or holds what is no number, and so says nothing."""
    return not np.isfinite(heatmap).all() or bool(np.ptp(heatmap) < SEEN)


def looks_like(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether no place of two maps differs by a shade."""
    return one.shape == other.shape and bool(np.abs(one - other).max() < SEEN)


def require_some_maps(seen: Mapping[str, MapsSeen]) -> None:
    """Refuse explainers that find nothing in any picture.

    Raises:
        HeatMapsError: naming them.
    """
    problems = [
        f"{name}: the heat map of every picture is empty; look at the explainer's settings and at "
        "the classifier, or show another explainer"
        for name, maps in seen.items()
        if maps.one is not None and np.abs(maps.one).max() < SEEN
    ]
    if problems:
        raise HeatMapsError("heat maps", problems)
