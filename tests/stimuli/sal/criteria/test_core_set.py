"""Core-Set, beside one that knows all distances."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from stimuli.sal.criteria import core_set as module
from stimuli.sal.criteria.candidates import Candidates
from stimuli.sal.criteria.core_set import core_set
from tests.stimuli.sal.criteria.conftest import Draw

SEEDS = st.integers(0, 2**32 - 1)


def at(features: np.ndarray, labelled: np.ndarray) -> Candidates:
    return Candidates(
        logits=np.zeros((len(features), 2)), features=features, labelled_features=labelled
    )


def by_brute_force(candidates: Candidates, k: int, rng: np.random.Generator) -> list[int]:
    """Greedy k-centre; of equally far candidates the first in the order that chance gives."""
    order = rng.permutation(len(candidates)).tolist()
    features = candidates.features
    rows: list[int] = []
    while len(rows) < k:
        centres = np.concatenate([candidates.labelled_features, features[rows]])
        far = cdist(features, centres).min(axis=1, initial=np.inf)
        rows.append(max((row for row in order if row not in rows), key=lambda row: far[row]))
    return rows


def test_the_picks_are_those_by_hand() -> None:
    """On a line, 0 labelled: 10 is farthest, then 5, 5 from both; 8 and 2 are 2 away, 1 is 1."""
    candidates = at(np.array([[1.0], [2.0], [5.0], [8.0], [10.0]]), np.array([[0.0]]))
    for seed in range(5):
        rows = core_set(candidates, 5, np.random.default_rng(seed)).tolist()
        assert rows[:2] == [4, 2]
        assert {*rows[2:4]} == {1, 3}
        assert rows[4] == 0


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, labelled=st.integers(0, 40))
def test_the_picks_are_those_of_brute_force(draw: Draw, seed: int, labelled: int) -> None:
    candidates = draw(seed, n=40, labelled=labelled)
    rows = core_set(candidates, 20, np.random.default_rng(seed))
    assert rows.tolist() == by_brute_force(candidates, 20, np.random.default_rng(seed))


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, labelled=st.integers(0, 3))
def test_so_are_they_where_many_candidates_are_equally_far(seed: int, labelled: int) -> None:
    """On a 4 x 4 grid of whole numbers, where distances are exact."""
    rng = np.random.default_rng(seed)
    candidates = at(rng.integers(0, 4, (25, 2)) * 1.0, rng.integers(0, 4, (labelled, 2)) * 1.0)
    rows = core_set(candidates, 25, np.random.default_rng(seed))
    assert rows.tolist() == by_brute_force(candidates, 25, np.random.default_rng(seed))


@pytest.mark.parametrize("rows", [1, 7, 10, 20, 50])
def test_each_labelled_image_counts_whatever_the_chunks(
    monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    """Labelled ones at 0, 10, ... 190 and candidates beside each, of which 33 is the farthest."""
    monkeypatch.setattr(module, "CHUNK_ROWS", rows)
    labelled = np.arange(20.0)[:, None] * 10
    candidates = at(np.concatenate([labelled + 1, [[33.0]]]), labelled)
    assert core_set(candidates, 1, np.random.default_rng(0)).tolist() == [20]


def test_a_candidate_like_a_labelled_image_comes_last() -> None:
    labelled = np.array([[0.1, 0.3, 0.7]])
    features = np.concatenate([labelled, np.random.default_rng(0).random((8, 3)) + 1])
    assert core_set(at(features, labelled), 9, np.random.default_rng(0))[-1] == 0


def test_without_labelled_images_the_first_pick_is_chance_and_counts() -> None:
    """On a line at 0, 1, 10 and 11: wherever it begins, the second pick is at the other end."""
    candidates = at(np.array([[0.0], [1.0], [10.0], [11.0]]), np.empty((0, 1)))
    pairs = [core_set(candidates, 2, np.random.default_rng(s)).tolist() for s in range(400)]
    counts = Counter(first for first, _ in pairs)
    assert all(abs(counts[row] - 100) < 4 * 8.7 for row in range(4))
    assert all(second == (3 if first < 2 else 0) for first, second in pairs)
