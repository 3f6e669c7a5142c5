"""The nearest training images of some predictions, one predicted class at a time.

Only the classes that were predicted for what is shown are looked at.
"""

import logging
from collections.abc import Sequence

from explainers.neighbours import Neighbours
from stimuli.build.context import BuildContext, SplitRow
from stimuli.build.evaluated import EvaluatedClassifier
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
        places = [place for place, predicted in enumerate(labels) if predicted == label]
        nearest = gallery.nearest([crops[place] for place in places], label, settings.k)
        by_place |= dict(zip(places, nearest, strict=True))
    n_full = sum(len(neighbours.rows) == settings.k for neighbours in by_place.values())
    log.info("neighbours: %d of %d images have %d", n_full, len(crops), settings.k)
    if gallery.duplicate_distance is not None:
        log.info("neighbours: copies are nearer than %.3g", gallery.duplicate_distance)
    return [by_place[place] for place in range(len(crops))]
