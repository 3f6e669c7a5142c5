"""One seed, a random generator of its own for each purpose."""

import numpy as np


def generator(seed: int, purpose: str) -> np.random.Generator:
    """A generator that no other purpose shares: drawing more for one changes nothing elsewhere."""
    return np.random.default_rng([seed, *purpose.encode()])
