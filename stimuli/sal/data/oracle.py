"""The people who label images and draw masks: what was not asked for cannot be read."""

import numpy as np


class OracleError(ValueError):
    """Something was read that nobody paid for."""


class Oracle:
    """Labels and masks of a training set, read by row only after they were asked for.

    Attributes:
        n_labels: how many images people labelled.
        n_masks: on how many they also drew a mask.
    """

    def __init__(self, labels: np.ndarray, masks: np.ndarray, *, max_masks: int) -> None:
        """Hide them.

        Args:
            labels: (n,) class indices.
            masks: (n, bytes) or (n, pixels), as `stimuli.sal.data.masks` has them.
            max_masks: how many may be drawn; at the change point all of them are.
        """
        self._labels, self._masks, self._max_masks = labels, masks, max_masks
        self._labelled = np.zeros(len(labels), dtype=bool)
        self._drawn = np.zeros(len(labels), dtype=bool)

    @property
    def n_labels(self) -> int:
        return int(self._labelled.sum())

    @property
    def n_masks(self) -> int:
        return int(self._drawn.sum())

    def query(self, rows: np.ndarray) -> None:
        """Have people label rows."""
        self._labelled[rows] = True

    def labels(self, rows: np.ndarray) -> np.ndarray:
        """(rows,) class indices.

        Raises:
            OracleError: if one of them was not queried.
        """
        self._require(self._labelled, rows, "was read before people labelled it; query it first")
        return np.asarray(self._labels[rows])

    def draw(self, rows: np.ndarray) -> np.ndarray:
        """Have people draw the masks of rows that they label: (rows, bytes), packed bits.

        Raises:
            OracleError: if one of them was not queried, or the change point is passed.
        """
        self._require(self._labelled, rows, "was drawn before people labelled it; query it first")
        drawn = self._drawn.copy()
        drawn[rows] = True
        if drawn.sum() > self._max_masks:
            raise OracleError(
                f"{drawn.sum()} masks were asked for, but people draw only {self._max_masks}, "
                "until the change point"
            )
        self._drawn = drawn
        return np.asarray(self._masks[rows])

    def _require(self, known: np.ndarray, rows: np.ndarray, problem: str) -> None:
        unknown = np.asarray(rows)[~known[rows]]
        if len(unknown):
            raise OracleError(f"image {unknown[0]} of the training set {problem}")
