"""What one factor explains of the items of a scale: its loadings, and McDonald's omega."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

Items = NDArray[np.float64]

MIN_ITEMS = 3  # below, one factor has as many unknowns as there are correlations, or more
TOLERANCE = 1e-12


def omega(items: Items) -> float:
    """McDonald's omega: what one factor explains of the variance of the items' sum.

    (McDonald 1999, equation 6.20a.) (Σ loading)² / ((Σ loading)² + Σ uniqueness), in the items'
    own units, from `loadings` of their correlations.

    Args:
        items: of shape (people, items), three items or more, each of which varies.
    """
    spread = items.std(axis=0, ddof=1)
    own = loadings(np.asarray(np.corrcoef(items, rowvar=False)))
    common = float(spread @ own) ** 2
    return common / (common + float(spread**2 @ (1 - own**2)))


def loadings(correlations: Items) -> Items:
    """Loadings on one factor by minimal residuals (Harman and Jones 1966).

    They minimise the squared distance between their products and the correlations off the
    diagonal, as `psych::fa` in R does by default. None is let beyond ± 1, where a uniqueness
    would be negative (a Heywood case).

    Args:
        correlations: of shape (items, items), three items or more.

    Returns:
        Of shape (items,), whose sum is not negative.
    """
    above = np.triu_indices(len(correlations), k=1)
    values, vectors = np.linalg.eigh(correlations)
    start = np.clip(vectors[:, -1] * math.sqrt(values[-1]), -0.99, 0.99)

    def residuals(own: Items) -> Items:
        return np.asarray((np.outer(own, own) - correlations)[above])

    fit = least_squares(
        residuals,
        start,
        bounds=(-1, 1),
        xtol=TOLERANCE,
        ftol=TOLERANCE,
        gtol=TOLERANCE,
    )
    return np.asarray(fit.x * (1 if fit.x.sum() >= 0 else -1))
