"""The registry of criteria, and the four that look at each candidate by itself."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stimuli.sal.criteria.candidates import Candidates
from stimuli.sal.criteria.registry import CRITERIA
from tests.stimuli.sal.conftest import Draw

SEEDS = st.integers(0, 2**32 - 1)
UNCERTAINTY = ("least_confidence", "margin", "entropy")
every_criterion = pytest.mark.parametrize("name", CRITERIA)


def saying(*probabilities: list[float]) -> Candidates:
    """Candidates of which the model says this; their features are alike."""
    n = len(probabilities)
    with np.errstate(divide="ignore"):
        logits = np.log(probabilities)
    return Candidates(logits=logits, features=np.ones((n, 2)), labelled_features=np.ones((1, 2)))


def picks(name: str, candidates: Candidates, k: int, seed: int = 0) -> list[int]:
    return CRITERIA[name](candidates, k, np.random.default_rng(seed)).tolist()


def test_the_six_criteria_of_the_paper_have_these_names() -> None:
    assert [*CRITERIA] == [
        *("random", "least_confidence", "margin", "entropy", "badge", "core_set"),
    ]


@pytest.mark.parametrize(
    ("name", "order"),
    [
        # max p: .60 .50 .45 .90
        ("least_confidence", [2, 1, 0, 3]),
        # p1 - p2: .40 .02 .10 .80
        ("margin", [1, 2, 0, 3]),
        # -sum p log p: .9503 .7771 1.0487 .3251
        ("entropy", [2, 0, 1, 3]),
    ],
)
def test_uncertainty_is_that_by_hand(name: str, order: list[int]) -> None:
    said = saying([0.6, 0.2, 0.2], [0.5, 0.48, 0.02], [0.45, 0.35, 0.2], [0.9, 0.1, 0.0])
    assert picks(name, said, 4) == order


def test_a_class_of_probability_zero_adds_nothing_to_the_entropy() -> None:
    """0, log 2 = .693, .500 and log 3 = 1.099."""
    said = saying([1, 0, 0], [0.5, 0.5, 0], [0.8, 0.2, 0], [1 / 3, 1 / 3, 1 / 3])
    assert picks("entropy", said, 4) == [3, 1, 2, 0]


def test_logits_too_far_apart_for_a_probability_still_have_an_entropy() -> None:
    logits = np.array([[0.0, 5000.0], [0.0, 0.0], [-5000.0, 0.0]], dtype=np.float32)
    said = replace(saying([1, 0], [1, 0], [1, 0]), logits=logits)
    assert picks("entropy", said, 1) == [1]


def test_random_picks_each_candidate_equally_often(draw: Draw) -> None:
    """3,000 picks of 30 candidates: 100 each, with a standard deviation of 8.9."""
    candidates = draw(0)
    counts = Counter(row for seed in range(500) for row in picks("random", candidates, 6, seed))
    assert len(counts) == 30
    assert all(abs(count - 100) < 4 * 8.9 for count in counts.values())


@every_criterion
@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, n=st.integers(1, 20), labelled=st.integers(0, 5), data=st.data())
def test_exactly_k_different_candidates_are_picked_and_the_same_again_with_the_same_seed(
    draw: Draw, name: str, seed: int, n: int, labelled: int, data: st.DataObject
) -> None:
    candidates = draw(seed, n=n, labelled=labelled)
    k = data.draw(st.integers(1, n))
    picked = CRITERIA[name](candidates, k, np.random.default_rng(seed))
    assert picked.dtype == np.int64
    assert picked.shape == (k,)
    assert len({*picked.tolist()} & {*range(n)}) == k
    assert picked.tolist() == picks(name, candidates, k, seed)


@every_criterion
@settings(max_examples=20, deadline=None)
@given(seed=SEEDS)
def test_the_order_of_the_classes_changes_nothing(draw: Draw, name: str, seed: int) -> None:
    candidates = draw(seed)
    shuffled = np.random.default_rng(seed).permutation(candidates.logits.shape[1])
    other = replace(candidates, logits=candidates.logits[:, shuffled])
    assert picks(name, candidates, 12, seed) == picks(name, other, 12, seed)


@pytest.mark.parametrize("name", UNCERTAINTY)
@settings(max_examples=20, deadline=None)
@given(seed=SEEDS)
def test_candidates_stay_tied_to_the_last_bit_whatever_the_order_of_their_classes(
    name: str, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    logits = rng.permuted(np.tile(rng.standard_normal(7), (9, 1)), axis=1)
    tied = Candidates(logits=logits, features=np.ones((9, 1)), labelled_features=np.ones((0, 1)))
    assert picks(name, tied, 9, seed) == picks("random", tied, 9, seed)


@every_criterion
@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, shift=st.integers(-1000, 1000))
def test_adding_a_constant_to_the_logits_changes_nothing(
    draw: Draw, name: str, seed: int, shift: int
) -> None:
    """Logits in steps of 1/64, to which whole numbers can be added without rounding."""
    candidates = draw(seed)
    candidates = replace(candidates, logits=np.round(candidates.logits * 64) / 64)
    other = replace(candidates, logits=candidates.logits + shift)
    assert picks(name, candidates, 12, seed) == picks(name, other, 12, seed)


@every_criterion
def test_the_seed_decides_between_candidates_that_nothing_tells_apart(
    identical: Candidates, name: str
) -> None:
    assert len({tuple(picks(name, identical, 4, seed)) for seed in range(10)}) > 5


@every_criterion
def test_a_query_of_all_that_is_left_takes_each_once(
    draw: Draw, identical: Candidates, name: str
) -> None:
    for candidates in (draw(4), draw(5, labelled=0), identical):
        assert sorted(picks(name, candidates, len(candidates))) == [*range(len(candidates))]


@every_criterion
@pytest.mark.parametrize("k", [0, 31])
def test_a_query_that_cannot_be_answered_says_what_to_ask_for(
    draw: Draw, name: str, k: int
) -> None:
    with pytest.raises(ValueError, match=f"query of {k} images from 30.*at most 30"):
        picks(name, draw(0), k)


def test_every_wrong_shape_is_named_at_once() -> None:
    with pytest.raises(ValueError, match=r"logits \(3, 1\).*features \(4, 2\).*labelled_features"):
        Candidates(
            logits=np.ones((3, 1)), features=np.ones((4, 2)), labelled_features=np.ones((5, 7))
        )


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_a_diverged_model_says_is_refused(draw: Draw, bad: float) -> None:
    candidates = draw(0)
    logits, features = candidates.logits.copy(), candidates.features.copy()
    logits[3, 1] = features[4, 2] = bad
    with pytest.raises(ValueError, match="logits with NaN.*; features with NaN"):
        replace(candidates, logits=logits, features=features)
