"""Maps of trained and of random weights: by hand, by laws, and as Quantus compares them."""

import numpy as np
import pytest
import quantus
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from explainers.classifier import Classifier, new_classifier
from explainers.random_weights import randomisation, rank_correlation, with_random_weights

SHAPE = (4, 5)
heatmaps = arrays.arrays(float, SHAPE, elements=st.sampled_from([-1.0, 0.0, 0.25, 0.5, 1.0]))


@pytest.fixture(scope="module")
def trained() -> Classifier:
    return new_classifier("tiny", weights="none", classes=("a", "b"), seed=5)


def test_by_hand() -> None:
    """Ranks 1, 2, 3, 4 against 1, 3, 2, 4: 1 - 6 * 2 / (4 * 15)."""
    one, other = np.array([[0.1, 0.2], [0.3, 0.9]]), np.array([[0.0, 0.6], [0.5, 0.7]])
    assert randomisation(one, other) == pytest.approx(0.8)
    assert rank_correlation(one, -other) == pytest.approx(-0.8)
    assert randomisation(one, -other) == pytest.approx(0.8)


def test_a_flat_map_has_no_score_and_one_that_became_flat_is_another() -> None:
    heatmap, flat = np.eye(4), np.zeros((4, 4))
    assert randomisation(flat, heatmap) is None
    assert randomisation(heatmap, flat) == 0


@given(heatmaps, heatmaps)
def test_it_is_symmetric_and_the_same_for_any_rising_scale(
    one: np.ndarray, other: np.ndarray
) -> None:
    value = rank_correlation(one, other)
    assert value == pytest.approx(rank_correlation(other, np.exp(one)))
    assert -1 - 1e-9 <= value <= 1 + 1e-9
    assert rank_correlation(one, one) == (pytest.approx(1) if np.ptp(one) else 0)


def test_the_other_network_is_the_same_but_for_what_was_learnt(trained: Classifier) -> None:
    before = {name: value.clone() for name, value in trained.state_dict().items()}
    random = with_random_weights(trained, seed=1)
    assert (random.backbone, random.classes) == (trained.backbone, trained.classes)
    assert not random.training
    weights = {name: value for name, value in random.named_parameters() if "weight" in name}
    moved = [name for name, w in weights.items() if not torch.equal(w, before[name])]
    assert len(moved) >= 5  # all but those of normalisations, which start at 1
    assert torch.equal(
        random.last_layer.weight, with_random_weights(trained, seed=1).last_layer.weight
    )
    assert all(torch.equal(value, before[name]) for name, value in trained.state_dict().items())


def test_quantus_finds_the_same_of_the_same_maps(trained: Classifier) -> None:
    """Its last layer to be randomised leaves no trained one, as with our random weights."""
    rng = np.random.default_rng(1)
    heatmap, randomised = rng.random((16, 16)), rng.random((16, 16))
    metric = quantus.MPRT(
        skip_layers=True, return_last_correlation=True, normalise=False, disable_warnings=True
    )
    explained = iter([heatmap, randomised])
    (value,) = metric(
        trained.eval(),
        np.zeros((1, 3, 16, 16), dtype=np.float32),
        np.array([0]),
        heatmap[None, None],
        explain_func=lambda model, inputs, targets, **_: next(explained)[None, None],
    )
    assert rank_correlation(heatmap, randomised) == pytest.approx(value)
