"""BADGE, beside one that forms each gradient."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from scipy.special import softmax

from stimuli.sal.criteria.badge import badge, gradients_of, squared_distances
from stimuli.sal.criteria.candidates import Candidates
from tests.stimuli.sal.criteria.conftest import Draw

SEEDS = st.integers(0, 2**32 - 1)


def embedded(candidates: Candidates) -> np.ndarray:
    """(n, classes x d) the gradients themselves."""
    p = softmax(candidates.logits, axis=1)
    errors = p - np.eye(p.shape[1])[p.argmax(axis=1)]
    return np.einsum("nc,nd->ncd", errors, candidates.features).reshape(len(p), -1)


def by_brute_force(candidates: Candidates, k: int, rng: np.random.Generator) -> list[int]:
    gradients = embedded(candidates)
    rows = [int(np.square(gradients).sum(axis=1).argmax())]
    while len(rows) < k:
        squared = cdist(gradients, gradients[rows], "sqeuclidean").min(axis=1)
        sums = squared.cumsum()
        rows.append(int(np.searchsorted(sums, rng.random() * sums[-1], side="right")))
    return rows


def test_the_distances_are_those_by_hand() -> None:
    """p of (3/4, 1/4), (1/2, 1/2) and (1/4, 3/4) less the first, first and second class.

    Errors (-1/4, 1/4), (-1/2, 1/2), (1/4, -1/4) times features (2, 0), (0, 2), (2, 0) make the
    gradients (-1/2, 0, 1/2, 0), (0, -1, 0, 1) and (1/2, 0, -1/2, 0).
    """
    gradients = gradients_of(
        Candidates(
            logits=np.log([[0.75, 0.25], [0.5, 0.5], [0.25, 0.75]]),
            features=np.array([[2.0, 0.0], [0.0, 2.0], [2.0, 0.0]]),
            labelled_features=np.empty((0, 2)),
        )
    )
    assert gradients.squared_lengths == pytest.approx([0.5, 2.0, 0.5])
    assert squared_distances(gradients, slice(None), 0) == pytest.approx([0.0, 2.5, 2.0])


@settings(max_examples=40, deadline=None)
@given(seed=SEEDS, classes=st.integers(2, 12))
def test_distances_and_picks_are_those_of_the_gradients_themselves(
    draw: Draw, seed: int, classes: int
) -> None:
    candidates = draw(seed, n=40, classes=classes)
    gradients, formed = gradients_of(candidates), embedded(candidates)
    factored = [squared_distances(gradients, slice(None), row) for row in range(40)]
    np.testing.assert_allclose(factored, cdist(formed, formed, "sqeuclidean"), rtol=0, atol=1e-10)
    rows = badge(candidates, 20, np.random.default_rng(seed))
    assert rows.tolist() == by_brute_force(candidates, 20, np.random.default_rng(seed))


def test_features_are_left_unread_only_where_that_changes_nothing() -> None:
    """Surer predictions of 30 classes: for most pairs the errors alone tell enough."""
    rng = np.random.default_rng(0)
    candidates = Candidates(
        logits=6 * rng.standard_normal((200, 30)),
        features=np.abs(rng.standard_normal((200, 16))),
        labelled_features=np.empty((0, 16)),
    )
    rows = badge(candidates, 60, np.random.default_rng(1))
    assert rows.tolist() == by_brute_force(candidates, 60, np.random.default_rng(1))


def test_float32_candidates_are_picked_like_their_float64_copies(draw: Draw) -> None:
    doubles = draw(7, n=200)
    singles = Candidates(
        logits=doubles.logits.astype(np.float32),
        features=doubles.features.astype(np.float32),
        labelled_features=doubles.labelled_features.astype(np.float32),
    )
    copies = Candidates(
        logits=singles.logits.astype(np.float64),
        features=singles.features.astype(np.float64),
        labelled_features=doubles.labelled_features,
    )
    ours, theirs = (badge(c, 50, np.random.default_rng(2)) for c in (singles, copies))
    assert ours.tolist() == theirs.tolist()


def test_the_longest_gradient_is_picked_first_whatever_the_seed(draw: Draw) -> None:
    candidates = draw(3)
    longest = int(np.linalg.norm(embedded(candidates), axis=1).argmax())
    assert {int(badge(candidates, 2, np.random.default_rng(s))[0]) for s in range(20)} == {longest}


def test_the_second_pick_is_drawn_in_proportion_to_the_squared_distance() -> None:
    """Gradients on a line, at -4, 0 x 2, 2 and 3: of 16 + 16 + 36 + 49 = 117 parts."""
    candidates = Candidates(
        logits=np.zeros((5, 2)),
        features=np.array([[-4.0], [0.0], [0.0], [2.0], [3.0]]),
        labelled_features=np.empty((0, 1)),
    )
    seconds = (int(badge(candidates, 2, np.random.default_rng(s))[1]) for s in range(1200))
    counts = Counter(seconds)
    expected = {1: 16 / 117, 2: 16 / 117, 3: 36 / 117, 4: 49 / 117}
    for row, share in expected.items():
        deviation = (share * (1 - share) / 1200) ** 0.5
        assert abs(counts[row] / 1200 - share) < 4 * deviation


def test_equal_candidates_are_at_distance_zero_in_spite_of_rounding() -> None:
    """Each of 20 comes three times, with features by the hundred; 20 picks take each once."""
    rng = np.random.default_rng(0)
    candidates = Candidates(
        logits=np.tile(rng.standard_normal((20, 9)), (3, 1)),
        features=np.tile(rng.standard_normal((20, 700)), (3, 1)),
        labelled_features=np.empty((0, 700)),
    )
    gradients = gradients_of(candidates)
    squared = np.array([squared_distances(gradients, slice(None), row) for row in range(60)])
    same = np.arange(60) % 20 == np.arange(60)[:, None] % 20
    assert (squared[same] == 0).all()
    assert (squared[~same] > 0).all()
    assert sorted(badge(candidates, 20, rng) % 20) == [*range(20)]


def test_identical_candidates_are_drawn_with_the_same_chance(identical: Candidates) -> None:
    """The first is row 0; each of the other 11 follows in 1 of 11 draws."""
    pairs = [badge(identical, 2, np.random.default_rng(seed)) for seed in range(660)]
    assert {int(first) for first, _ in pairs} == {0}
    counts = Counter(int(second) for _, second in pairs)
    assert [*sorted(counts)] == [*range(1, 12)]
    assert all(abs(count - 60) < 4 * 7.4 for count in counts.values())


def test_a_model_that_is_sure_of_everything_still_gets_its_query() -> None:
    sure = Candidates(
        logits=np.tile([0.0, 4000.0], (6, 1)),
        features=np.arange(12.0).reshape(6, 2),
        labelled_features=np.empty((0, 2)),
    )
    assert sorted(badge(sure, 6, np.random.default_rng(0)).tolist()) == [*range(6)]
