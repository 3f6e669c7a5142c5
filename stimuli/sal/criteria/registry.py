"""The criteria by which active learning picks the next images to label, by name.

A criterion takes the candidates, how many to pick and a generator, and gives (k,) int64 rows of
the candidates, all different, in the order picked. To add one, write its module, and name it here.
Those that are here are the six of Boyd et al., *Increasing Interpretability of Neural Networks By
Approximating Human Visual Saliency* (SAL), appendix A.1. Imports no torch.
"""

from collections.abc import Callable
from typing import Annotated

import numpy as np
from pydantic import AfterValidator

from stimuli.sal.criteria.badge import badge
from stimuli.sal.criteria.candidates import Candidates
from stimuli.sal.criteria.core_set import core_set
from stimuli.sal.criteria.random_sampling import random
from stimuli.sal.criteria.uncertainty import entropy, least_confidence, margin

Criterion = Callable[[Candidates, int, np.random.Generator], np.ndarray]

CRITERIA: dict[str, Criterion] = {
    "random": random,
    "least_confidence": least_confidence,
    "margin": margin,
    "entropy": entropy,
    "badge": badge,
    "core_set": core_set,
}


def check_name(name: str) -> str:
    """A name, if it is that of a criterion.

    Raises:
        ValueError: if it is none.
    """
    if name not in CRITERIA:
        raise ValueError(f"{name!r} is no criterion; choose one of {', '.join(CRITERIA)}")
    return name


CriterionName = Annotated[str, AfterValidator(check_name)]
