"""The nearest training images of some predictions, one predicted class at a time.

Only the classes that were predicted for what is shown are looked at.
"""

import logging
from collections.abc import Sequence

from explainers.neighbours import Neighbours, ranked, without_copies
from stimuli.build.context import BuildContext, SplitRow
from stimuli.build.evaluated import EvaluatedClassifier
from stimuli.build.gallery import cached_features
from stimuli.progress_bars import tqdm

log = logging.getLogger(__name__)


def find_neighbours(
    evaluated: EvaluatedClassifier, rows: Sequence[SplitRow], context: BuildContext
) -> list[Neighbours]:
    """The nearest images of the gallery that are of the predicted class and no copies.

    Returns:
        Of each row; theirs count in the training crops. Fewer than the study asks for where there
        are no more.

    Raises:
        ValueError: if the classifier has no gallery.
    """
    gallery, settings = evaluated.gallery, context.study.explainers.neighbours
    if gallery is None or settings is None:
        raise ValueError(f"{evaluated.name}: has no gallery; no condition shows its neighbours")
    crops = [context.crops[split][row] for split, row in rows]
    labels = [evaluated.answer(split, row).label for split, row in rows]
    by_place: dict[int, Neighbours] = {}
    for label in tqdm(sorted({*labels}), desc="neighbours", unit="class", leave=False):
        training = gallery.rows.get(label, ())
        places = [place for place, predicted in enumerate(labels) if predicted == label]
        queries, candidates = (
            cached_features(gallery.trunk, pictures, gallery.cache)
            for pictures in ([crops[p] for p in places], [gallery.crops[r] for r in training])
        )
        for place, ranking in zip(places, ranked(queries, candidates), strict=True):
            nearest = without_copies(
                ranking, k=settings.k, duplicate_distance=gallery.duplicate_distance
            )
            by_place[place] = Neighbours(
                rows=tuple(training[row] for row in nearest.rows), distances=nearest.distances
            )
    n_full = sum(len(neighbours.rows) == settings.k for neighbours in by_place.values())
    log.info(
        "neighbours: %d of %d images have %d; copies are nearer than %.3g",
        *(n_full, len(crops), settings.k, gallery.duplicate_distance),
    )
    return [by_place[place] for place in range(len(crops))]
