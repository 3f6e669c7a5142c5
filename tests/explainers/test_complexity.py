"""On how few places the heat is: by hand, by laws, and as Quantus has it."""

import math

import numpy as np
import pytest
import quantus
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from explainers.complexity import entropy, sparseness

SHAPE = (5, 6)
heatmaps = arrays.arrays(float, SHAPE, elements=st.sampled_from([-1.0, -0.25, 0.0, 0.5, 1.0]))


def test_by_hand() -> None:
    """Sorted 0, 1, 1, 2: (-3 * 0 - 1 * 1 + 1 * 1 + 3 * 2) / (4 * 4); shares 1/4, 1/4, 1/2."""
    heatmap = np.array([[0.5, 0.0], [-0.25, 0.25]])
    assert sparseness(heatmap) == pytest.approx(6 / 16)
    assert entropy(heatmap) == pytest.approx(1.5 * math.log(2))


@pytest.mark.parametrize("of", [sparseness, entropy])
def test_a_map_without_heat_has_neither(of) -> None:
    assert of(np.zeros(SHAPE)) is None


@given(heatmaps, st.sampled_from([0.125, 0.5, -2.0]))
def test_neither_depends_on_scale_or_sign_and_both_keep_to_their_range(
    heatmap: np.ndarray, factor: float
) -> None:
    if not heatmap.any():
        return
    n = heatmap.size
    for of, most in ((sparseness, 1 - 1 / n), (entropy, math.log(n))):
        value = of(heatmap)
        assert value == pytest.approx(of(factor * heatmap))
        assert -1e-12 <= value <= most + 1e-12


def test_the_ends_are_a_single_pixel_and_a_flat_map() -> None:
    single, flat = np.zeros(SHAPE), np.full(SHAPE, 0.3)
    single[2, 2] = 0.7
    assert (sparseness(single), sparseness(flat)) == pytest.approx((1 - 1 / 30, 0), abs=1e-12)
    assert (entropy(single), entropy(flat)) == pytest.approx((0, math.log(30)), abs=1e-12)


@pytest.mark.parametrize(
    ("ours", "theirs"), [(sparseness, quantus.Sparseness), (entropy, quantus.Complexity)]
)
def test_quantus_finds_the_same(ours, theirs) -> None:
    """It adds 1e-7 to each strength before it takes the Gini index."""
    maps = np.abs(np.random.default_rng(1).normal(size=(4, *SHAPE))) ** 2
    metric = theirs(abs=True, normalise=False, disable_warnings=True)
    values = metric.evaluate_batch(x_batch=maps[:, None], a_batch=maps[:, None])
    assert [ours(heatmap) for heatmap in maps] == pytest.approx(values, abs=1e-6)
