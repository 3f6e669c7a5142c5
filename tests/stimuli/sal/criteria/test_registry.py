"""What every criterion must do, and the names of those there are."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from stimuli.sal.criteria.candidates import Candidates
from stimuli.sal.criteria.registry import CRITERIA
from stimuli.sal.experiment import RunSettings
from tests.stimuli.sal.criteria.conftest import Draw, picks

SEEDS = st.integers(0, 2**32 - 1)
every_criterion = pytest.mark.parametrize("name", CRITERIA)


def test_the_six_criteria_of_the_paper_have_these_names() -> None:
    names = {"random", "least_confidence", "margin", "entropy", "badge", "core_set"}
    assert names <= set(CRITERIA)


@every_criterion
def test_an_experiment_may_name_every_criterion_there_is(name: str) -> None:
    assert RunSettings(criterion=name).criterion == name


def test_an_experiment_that_names_another_hears_which_there_are() -> None:
    with pytest.raises(ValidationError, match="'luck' is no criterion; choose one of random, "):
        RunSettings(criterion="luck")


@every_criterion
@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, n=st.integers(1, 20), labelled=st.integers(0, 5), data=st.data())
def test_exactly_k_different_candidates_are_picked_and_the_same_again_with_the_same_seed(
    draw: Draw, name: str, seed: int, n: int, labelled: int, data: st.DataObject
) -> None:
    candidates = draw(seed, n=n, labelled=labelled)
    k = data.draw(st.integers(1, n))
    rows = CRITERIA[name](candidates, k, np.random.default_rng(seed))
    assert rows.dtype == np.int64
    assert rows.shape == (k,)
    assert len({*rows.tolist()} & {*range(n)}) == k
    assert rows.tolist() == picks(name, candidates, k, seed)


@every_criterion
@settings(max_examples=20, deadline=None)
@given(seed=SEEDS)
def test_the_order_of_the_classes_changes_nothing(draw: Draw, name: str, seed: int) -> None:
    candidates = draw(seed)
    shuffled = np.random.default_rng(seed).permutation(candidates.logits.shape[1])
    other = replace(candidates, logits=candidates.logits[:, shuffled])
    assert picks(name, candidates, 12, seed) == picks(name, other, 12, seed)


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
