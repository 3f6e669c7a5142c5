"""Random sampling: what every other criterion is compared with. Imports no torch."""

import numpy as np

from stimuli.sal.criteria.candidates import Candidates


def random(candidates: Candidates, k: int, rng: np.random.Generator) -> np.ndarray:
    """Any k, each with the same chance (SAL, A.1)."""
    candidates.require(k)
    return rng.permutation(len(candidates))[:k]
