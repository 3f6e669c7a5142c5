"""The pictures as they are shown, and as they occur: how much each stimulus stands for."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from stimuli.bundle import Bundle, Kind, PoolImage

SHOWN, NATURAL = "shown", "natural"


@dataclass(frozen=True, kw_only=True)
class Population:
    """A mixture of pictures that a reader meets.

    Attributes:
        name: "shown", every test stimulus as often as any other; or "natural", the natural ones as
            often as their (bin, AI right) occurs in the pool.
        weights: of each stimulus; 0 for one that is not of the population.
        covered_share: of the pool's images, how many are in a bin that has stimuli; None as shown.
        accept_everything: share judged rightly by whoever accepts every answer.
        ai_alone: the same of the AI, which accepts where its confidence reaches T*.
    """

    name: str
    weights: np.ndarray
    covered_share: float | None
    accept_everything: float
    ai_alone: float


def populations(bundle: Bundle, classifier: str, stimuli: pd.DataFrame) -> list[Population]:
    """Both, or the first alone where no stimulus is in a bin of the pool.

    Args:
        stimuli: as `Shown.stimuli`.
    """
    threshold = next(
        facts.ai_only.threshold for facts in bundle.manifest.classifiers if facts.name == classifier
    )
    right = stimuli["right"].to_numpy()
    shown = Population(
        name=SHOWN,
        weights=np.ones(len(stimuli)),
        covered_share=None,
        accept_everything=float(right.mean()),
        ai_alone=float(((stimuli["confidence"] >= threshold) == right).mean()),
    )
    pool = [image for image in bundle.pool if image.split == "test"]
    natural = _natural([i for i in pool if i.classifier == classifier], stimuli, threshold)
    return [shown, natural] if natural else [shown]


def _natural(pool: list[PoolImage], stimuli: pd.DataFrame, threshold: float) -> Population | None:
    cells = [
        (bin, right) if kind == Kind.NATURAL and bin else None
        for kind, bin, right in zip(stimuli["kind"], stimuli["bin"], stimuli["right"], strict=True)
    ]
    n_stimuli = Counter(cells)
    covered = [image for image in pool if n_stimuli[image.bin or "", image.right]]
    if not covered:
        return None
    n_images = Counter((image.bin or "", image.right) for image in covered)
    weights = [n_images[cell] / n_stimuli[cell] if cell else 0.0 for cell in cells]
    decided = [(image.confidence >= threshold) == image.right for image in covered]
    return Population(
        name=NATURAL,
        weights=np.array(weights) / len(covered),
        covered_share=len(covered) / len(pool),
        accept_everything=float(np.mean([image.right for image in covered])),
        ai_alone=float(np.mean(decided)),
    )


def effective(weights: np.ndarray) -> float:
    """How many equal ones weighted stimuli are worth, (Σw)² / Σw² (Kish 1965); 0 of none."""
    squares = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squares if squares else 0.0
