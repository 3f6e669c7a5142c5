"""What was labelled so far, and who drew which mask."""

from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Self

import numpy as np

from stimuli.cache import digest


class Origin(IntEnum):
    """Who drew a mask."""

    NOBODY = 0
    HUMAN = 1
    MODEL = 2
    FILE = 3


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """Images of the training set in the order in which they were queried.

    Attributes:
        rows: (m,) rows of the training set.
        labels: (m,) class indices.
        masks: (m, bytes), packed bits, or (m, pixels), soft maps; zeros where nobody drew one.
        origins: (m,) of `Origin`.
    """

    rows: np.ndarray
    labels: np.ndarray
    masks: np.ndarray
    origins: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)

    def joined(self, other: Self) -> "Labelled":
        """These, then the others."""
        pairs = {f.name: (getattr(self, f.name), getattr(other, f.name)) for f in fields(self)}
        return Labelled(**{name: np.concatenate(pair) for name, pair in pairs.items()})

    def drawn_by(self, origin: Origin) -> "Labelled":
        """Those of which the mask is of this origin."""
        matches = self.origins == origin
        return Labelled(**{f.name: getattr(self, f.name)[matches] for f in fields(self)})

    @property
    def digest(self) -> str:
        """SHA-256 of all of it."""
        return digest(*(getattr(self, f.name).tobytes() for f in fields(self)))


def no_images(masks: np.ndarray) -> Labelled:
    """What is labelled before the first query.

    Args:
        masks: some, for their form.
    """
    return Labelled(
        rows=np.zeros(0, dtype=np.int64),
        labels=np.zeros(0, dtype=np.int64),
        masks=masks[:0],
        origins=np.zeros(0, dtype=np.int8),
    )
