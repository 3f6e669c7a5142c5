"""Laws of assignment: even cells, even viewers, balanced conditions, and a seed that repeats."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study_app.assignment import choose_condition, dealt, fixed_order, free_number, trial_list

SIZES = st.lists(st.integers(1, 12), min_size=1, max_size=6)


def cells_of(sizes):
    """Stimuli named by their cell."""
    return [[f"{cell}-{i}" for i in range(size)] for cell, size in enumerate(sizes)]


def lists_of(sizes, trials, people, seed=1):
    """The trial lists of the first people of a condition."""
    return [
        trial_list(cells_of(sizes), trials=trials, number=n, condition="c", seed=seed)
        for n in range(people)
    ]


@st.composite
def designs(draw):
    """Cells, and a number of trials that they can give."""
    sizes = draw(SIZES)
    return sizes, draw(st.integers(1, sum(sizes)))


@given(designs(), st.integers(0, 30))
def test_a_list_has_the_trials_asked_for_and_no_repeats(design, number):
    sizes, trials = design
    drawn = trial_list(cells_of(sizes), trials=trials, number=number, condition="c", seed=1)
    assert len(drawn) == len(set(drawn)) == trials


@given(designs(), st.integers(0, 30))
def test_cells_differ_by_at_most_one_trial_unless_one_is_used_up(design, number):
    sizes, trials = design
    drawn = trial_list(cells_of(sizes), trials=trials, number=number, condition="c", seed=1)
    counts = Counter(name.split("-")[0] for name in drawn)
    given_out = [counts[str(cell)] for cell in range(len(sizes))]
    for count, size in zip(given_out, sizes, strict=True):
        assert count == size or count >= max(given_out) - 1


@given(designs(), st.integers(1, 15))
def test_viewers_within_a_cell_differ_by_at_most_one(design, people):
    sizes, trials = design
    viewers = Counter(name for drawn in lists_of(sizes, trials, people) for name in drawn)
    for cell in cells_of(sizes):
        counts = [viewers[name] for name in cell]
        assert max(counts) - min(counts) <= 1


@given(st.integers(1, 8), st.integers(1, 6), st.integers(1, 15), st.data())
def test_with_equal_cells_all_viewers_differ_by_at_most_one(size, n_cells, people, data):
    trials = data.draw(st.integers(1, size * n_cells))
    viewers = Counter(
        name for drawn in lists_of([size] * n_cells, trials, people) for name in drawn
    )
    counts = [viewers[name] for cell in cells_of([size] * n_cells) for name in cell]
    assert max(counts) - min(counts) <= 1


@given(designs(), st.integers(0, 30))
def test_what_is_dealt_adds_up(design, people):
    sizes, trials = design
    assert sum(dealt(sizes, trials, people)) == trials * people


def test_the_same_seed_gives_the_same_list_and_another_one_another():
    assert lists_of([9, 9], 6, 3, seed=1) == lists_of([9, 9], 6, 3, seed=1)
    assert lists_of([9, 9], 6, 3, seed=1) != lists_of([9, 9], 6, 3, seed=2)


def test_people_get_different_orders():
    first, second = (drawn for drawn in lists_of([3, 3], 6, 2))
    assert sorted(first) == sorted(second)
    assert first != second


def test_more_trials_than_stimuli_are_refused():
    with pytest.raises(ValueError, match="there are 4"):
        dealt([2, 2], 5, 1)


def test_the_fixed_order_does_not_depend_on_the_files_order():
    items = ["a", "b", "c", "d", "e"]
    assert fixed_order(items, seed="7") == fixed_order(items[::-1], seed="7")


@given(st.integers(1, 5), st.integers(1, 40), st.integers(0, 9))
def test_conditions_stay_balanced(n_conditions, people, seed):
    places = {f"c{i}": set() for i in range(n_conditions)}
    for person in range(people):
        name = choose_condition(places, rng=random.Random(f"{seed}:{person}"))
        places[name].add(free_number(places[name]))
    sizes = [len(taken) for taken in places.values()]
    assert max(sizes) - min(sizes) <= 1


def test_ties_are_not_always_broken_the_same_way():
    places = {"a": set(), "b": set()}
    assert {choose_condition(places, rng=random.Random(i)) for i in range(20)} == {"a", "b"}


def test_somebody_who_left_is_replaced_on_the_same_list():
    assert free_number({0, 2, 3}) == 1
    assert free_number({0, 1}) == 2
