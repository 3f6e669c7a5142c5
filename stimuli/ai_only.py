"""The AI alone: it accepts its own answer where it is confident enough."""

from typing import Literal

import numpy as np

from stimuli.bundle import AiOnly

# The paper sweeps 0 to .95 in steps of .05; 0 accepts everything and is no threshold.
THRESHOLDS = np.arange(1, 20) / 20


def best_threshold(
    confidences: np.ndarray, right: np.ndarray, *, chosen_on: Literal["val", "pool"] = "val"
) -> AiOnly:
    """The T of 0.05, 0.10, ... 0.95 at which "accept if confidence >= T" is most often right.

    It accepts a right answer or rejects a wrong one (paper, section A6; the authors' notebook
    has > T, the paper and this function >= T). The lowest of equally good thresholds is taken.

    Args:
        confidences: (n,) of images that are shown to nobody, those of the val split, or of the
            pool where a data set has no others (as in the paper).
        right: (n,) whether the AI is right.
        chosen_on: which of the two.
    """
    accepted = confidences[None, :] >= THRESHOLDS[:, None]
    accuracy = (accepted == right[None, :]).mean(axis=1)
    best = int(accuracy.argmax())
    return AiOnly(
        threshold=float(THRESHOLDS[best]), chosen_on=chosen_on, accuracy=float(accuracy[best])
    )
