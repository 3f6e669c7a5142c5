"""Answers to a val split of which the first half is right, for tests of items."""

from collections.abc import Sequence

import numpy as np

from stimuli.datasets.base import Example, Split
from stimuli.models.predictions import Predictions
from stimuli.pictures.crops import Crop
from stimuli.study import parse_study
from tests.stimuli.conftest import STUDY

N = 40  # val images: the first 20 right, the others wrong


MIXED = parse_study(
    STUDY.replace("[validation]", "[validation]\nconfident_wrong = 1"), subject="study.toml"
)


def predictions() -> Predictions:
    """Right answers of confidence .6 to .98; wrong ones of .4 to .97, the last the plainest."""
    truths, steps = np.zeros(N, dtype=np.int64), np.arange(20) / 20
    return Predictions(
        labels=np.repeat([0, 1], 20),
        confidences=np.concatenate([0.6 + 0.4 * steps, 0.4 + 0.6 * steps]),
        truths=truths,
        truth_probabilities=np.concatenate([0.6 + 0.4 * steps, 0.3 * (1 - steps)]),
        best=np.empty((N, 0), dtype=np.int64),
        best_probabilities=np.empty((N, 0)),
    )


ALL = np.ones(N, dtype=bool)


def crops_of(names: Sequence[str], split: Split) -> list[Crop]:
    return [
        Crop(example=Example(source=n, label=0, split=split), jpeg=n.encode(), boxes=())
        for n in names
    ]


VAL = crops_of([f"v{n}" for n in range(N)], Split.VAL)
