"""Complexity: on how few places does a heat map put its heat?

Of a map's strengths, (height, width): what speaks against the label counts as what speaks for it.
Neither score knows the picture or the classifier. None for a map that is zero everywhere.
"""

import numpy as np
from scipy import stats


def sparseness(heatmap: np.ndarray) -> float | None:
    """Gini index of the strengths (Chalasani et al. 2020); large is good.

    1 - 2 sum_k v_(k) (n - k + 1/2) / (n sum v), with v_(k) the k-th smallest of n strengths.

    Returns:
        0 for heat that is the same everywhere, to 1 - 1 / n for that of a single pixel.
    """
    strengths = np.sort(np.abs(heatmap), axis=None).astype(np.float64)
    n, total = strengths.size, strengths.sum()
    if not total:
        return None
    # 2 k - n - 1, from -(n - 1) to n - 1 in steps of two.
    places = np.arange(1 - n, n, 2)
    return float(places @ strengths / (n * total))


def entropy(heatmap: np.ndarray) -> float | None:
    """Entropy of the shares of heat, in nats (Bhatt, Weller and Moura 2020); small is good.

    Returns:
        0 for heat of a single pixel, to ln n for heat that is the same on all n.
    """
    strengths = np.abs(heatmap).ravel().astype(np.float64)
    return float(stats.entropy(strengths)) if strengths.any() else None
