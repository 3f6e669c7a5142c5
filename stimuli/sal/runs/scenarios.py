"""Who draws the masks of the images that were queried: until the change point, and after it.

Imports no torch.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stimuli.sal.data.labelled import Labelled, Origin
from stimuli.sal.data.oracle import Oracle

if TYPE_CHECKING:
    from stimuli.sal.learning.cached_model import CachedModel
    from stimuli.sal.learning.latest_models import LatestModels


@dataclass(frozen=True, kw_only=True)
class Query:
    """Images that people have just labelled, and who may be asked for their masks.

    Attributes:
        rows: (n,) rows of the training set.
        labels: (n,) class indices.
        labelled: all that was labelled before.
        accuracy: the model that chose them.
        models: of this run.
    """

    rows: np.ndarray
    labels: np.ndarray
    labelled: Labelled
    accuracy: "CachedModel"
    oracle: Oracle
    models: "LatestModels"


Drawing = tuple[np.ndarray, Origin]
"""Masks, packed bits or soft maps, and who drew them. An empty mask guides nothing."""

MaskSource = Callable[[Query], Drawing]


def nobody(query: Query) -> Drawing:
    """Labels alone."""
    form = query.labelled.masks
    return np.zeros((len(query.rows), form.shape[1]), dtype=form.dtype), Origin.NOBODY


def people(query: Query) -> Drawing:
    """Those who also label."""
    return query.oracle.draw(query.rows), Origin.HUMAN


def accuracy_model(query: Query) -> Drawing:
    """The model that chose the images."""
    return query.accuracy.masks(query.rows, query.labels), Origin.MODEL


def interpreter(query: Query) -> Drawing:
    """A second model, trained anew on all masks so far, people's and its predecessors' own."""
    model = query.models.get(query.labelled, "interpreter")
    return model.masks(query.rows, query.labels), Origin.MODEL


def teacher(query: Query) -> Drawing:
    """A model trained on people's masks alone, which are the same ever after: a frozen one."""
    by_people = query.labelled.drawn_by(Origin.HUMAN)
    model = query.models.get(by_people, "teacher")
    return model.masks(query.rows, query.labels), Origin.MODEL


def files(query: Query) -> Drawing:
    """Masks that another program drew before."""
    return query.models.context.file_masks[query.rows], Origin.FILE


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """Who draws until the change point, and who after it."""

    before: MaskSource
    after: MaskSource

    @property
    def changes(self) -> bool:
        """Whether the change point makes a difference."""
        return self.before is not self.after

    @property
    def needs_masks(self) -> bool:
        """Whether people draw any."""
        return self.before is people

    @property
    def needs_files(self) -> bool:
        """Whether masks are read from files."""
        return self.before is files


SCENARIOS: dict[str, Scenario] = {
    "b1": Scenario(before=nobody, after=nobody),
    "b2": Scenario(before=people, after=people),
    "sal": Scenario(before=people, after=interpreter),
    "single": Scenario(before=people, after=accuracy_model),
    "no_ai": Scenario(before=people, after=nobody),
    "tait": Scenario(before=people, after=teacher),
    "files": Scenario(before=files, after=files),
}
"""Those of the SAL paper, section 5: baselines 1 and 2, SAL, SAL (Single), No AI Saliency, Teaching
AI to Teach, and masks of an off-the-shelf segmenter in place of people's."""
