"""Laws of assignment: even cells, even views, balanced conditions, and a seed that repeats."""

import random
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study_app.randomisation import (
    Group,
    choose_condition,
    fixed_order,
    interleave,
    participants_needed,
    trial_list,
)

SIZES = st.lists(st.integers(1, 12), min_size=1, max_size=6)
PAPER = tuple(
    Group(trials=10, cells=tuple(tuple(f"{name}{bin_}-{i}" for i in range(50)) for bin_ in "emh"))
    for name in ("right", "wrong", "adversarial")
)


def group_of(sizes, trials):
    """Stimuli named by their cell."""
    cells = tuple(tuple(f"{cell}-{i}" for i in range(size)) for cell, size in enumerate(sizes))
    return Group(trials=trials, cells=cells)


@st.composite
def designs(draw):
    """Cells, and a number of trials that they can give."""
    sizes = draw(SIZES)
    return group_of(sizes, draw(st.integers(1, sum(sizes))))


def views_after(groups, participants, *, seed=1, leaves=0.0):
    """The views of people who came one after the other; some leave again, at random."""
    rng, there = random.Random(seed), []
    while len(there) < participants:
        views = Counter(s for drawn in there for s in drawn)
        there.append(trial_list(groups, views=views, rng=rng))
        if rng.random() < leaves:
            there.pop(rng.randrange(len(there)))
    return there


@given(designs(), st.integers(0, 30))
def test_a_list_has_the_trials_asked_for_and_no_repeats(group, seed):
    drawn = trial_list([group], views={}, rng=random.Random(seed))
    assert len(drawn) == len(set(drawn)) == group.trials


@given(designs(), st.integers(1, 15), st.floats(0, 0.6))
def test_cells_differ_by_at_most_one_trial_unless_one_is_used_up(group, participants, leaves):
    for drawn in views_after([group], participants, leaves=leaves):
        counts = Counter(name.split("-")[0] for name in drawn)
        given_out = [counts[str(cell)] for cell in range(len(group.cells))]
        for count, cell in zip(given_out, group.cells, strict=True):
            assert count == len(cell) or count >= max(given_out) - 1


@given(designs(), st.integers(1, 15))
def test_views_within_a_cell_differ_by_at_most_one(group, participants):
    views = Counter(s for drawn in views_after([group], participants) for s in drawn)
    for cell in group.cells:
        counts = [views[s] for s in cell]
        assert max(counts) - min(counts) <= 1


@given(st.integers(1, 8), st.integers(1, 6), st.integers(1, 15), st.data())
def test_with_equal_cells_all_views_differ_by_at_most_one(size, n_cells, participants, data):
    group = group_of([size] * n_cells, data.draw(st.integers(1, size * n_cells)))
    views = Counter(s for drawn in views_after([group], participants) for s in drawn)
    counts = [views[s] for cell in group.cells for s in cell]
    assert max(counts) - min(counts) <= 1


def test_thirty_people_see_each_picture_of_the_paper_twice():
    """450 pictures, 10 trials of each of three kinds: 30 people are exactly enough."""
    assert participants_needed(PAPER, views=2) == 30
    assert participants_needed(PAPER, views=1) == 15


@given(st.integers(0, 1000), st.floats(0, 0.5))
def test_people_who_left_are_made_up_for_to_the_last_view(seed, leaves):
    """With not one trial to spare, whoever left, and whenever."""
    small = tuple(
        Group(trials=4, cells=tuple(tuple(c[:6]) for c in group.cells)) for group in PAPER
    )
    assert participants_needed(small, views=2) == 9
    there = views_after(small, 9, seed=seed, leaves=leaves)
    assert set(Counter(s for drawn in there for s in drawn).values()) == {2}


def test_a_small_cell_does_not_hold_up_the_others():
    """1 stimulus always shown; 10 and 10 share the other 5 trials: 20 views of 5 a person."""
    assert participants_needed([group_of([10, 10, 1], 6)], views=1) == 4


def test_the_same_seed_gives_the_same_list_and_another_one_another():
    group = group_of([9, 9], 6)
    first, again, other = (
        trial_list([group], views={}, rng=random.Random(seed)) for seed in (1, 1, 2)
    )
    assert first == again != other


@st.composite
def mixes(draw):
    """Two to forty test stimuli with up to sixty validation items among them."""
    tested = [f"t{i}" for i in range(draw(st.integers(2, 40)))]
    validating = [f"v{i}" for i in range(draw(st.integers(0, 60)))]
    return (
        tested,
        validating,
        interleave(tested, validating, rng=random.Random(draw(st.integers()))),
    )


def places_of(mixed):
    """Where validation items stand."""
    return [place for place, name in enumerate(mixed) if name[0] == "v"]


@given(mixes())
def test_interleaving_loses_nothing_and_keeps_the_order_of_the_test(mix):
    tested, validating, mixed = mix
    assert [name for name in mixed if name[0] == "t"] == tested
    assert sorted(name for name in mixed if name[0] == "v") == sorted(validating)


@given(mixes())
def test_a_validation_item_is_never_first_or_last(mix):
    _, _, mixed = mix
    assert mixed[0][0] == mixed[-1][0] == "t"


@given(mixes())
def test_validation_items_meet_only_where_there_are_more_of_them_than_gaps(mix):
    tested, validating, mixed = mix
    meet = any(a[0] == b[0] == "v" for a, b in pairwise(mixed))
    assert meet == (len(validating) > len(tested) - 1)


@given(mixes())
def test_gaps_hold_as_many_validation_items_as_each_other_or_one_more(mix):
    _, _, mixed = mix
    gaps = "".join(name[0] for name in mixed)[1:-1].split("t")
    counts = [len(gap) for gap in gaps]
    assert max(counts) - min(counts) <= 1


@given(st.integers(1, 12), st.integers(1, 8), st.integers())
def test_each_stretch_of_the_test_has_its_validation_item(items, width, seed):
    """Where the gaps divide evenly, each item has as many of them as any other."""
    tested = [f"t{i}" for i in range(items * width + 1)]
    mixed = interleave(tested, [f"v{i}" for i in range(items)], rng=random.Random(seed))
    for number, place in enumerate(places_of(mixed)):
        before = place - number
        assert number * width < before <= (number + 1) * width


def test_every_place_inside_the_test_comes_up_and_every_order_of_the_items():
    tested, items = ["ta", "tb", "tc", "td", "te"], ["v1", "v2"]
    drawn = [interleave(tested, items, rng=random.Random(seed)) for seed in range(200)]
    assert {tuple(places_of(mixed)) for mixed in drawn} == {(1, 4), (1, 5), (2, 4), (2, 5)}
    assert len({tuple(mixed) for mixed in drawn}) == 8


def test_the_same_seed_interleaves_alike():
    mix = [f"t{i}" for i in range(30)], [f"v{i}" for i in range(10)]
    first, again, other = (interleave(*mix, rng=random.Random(seed)) for seed in (1, 1, 2))
    assert first == again != other


def test_more_trials_than_stimuli_are_refused():
    with pytest.raises(ValueError, match="there are 4"):
        trial_list([group_of([2, 2], 5)], views={}, rng=random.Random(1))


def test_the_fixed_order_does_not_depend_on_the_files_order():
    items = ["a", "b", "c", "d", "e"]
    assert fixed_order(items, seed="7") == fixed_order(items[::-1], seed="7")


@given(st.integers(1, 5), st.integers(1, 40), st.integers(0, 9))
def test_conditions_stay_balanced(n_conditions, participants, seed):
    places = {f"c{i}": 0 for i in range(n_conditions)}
    for participant in range(participants):
        places[
            choose_condition(places, quota=None, rng=random.Random(f"{seed}:{participant}"))
        ] += 1
    assert max(places.values()) - min(places.values()) <= 1


def test_ties_are_not_always_broken_the_same_way():
    places = {"a": 0, "b": 0}
    drawn = {choose_condition(places, quota=5, rng=random.Random(i)) for i in range(20)}
    assert drawn == {"a", "b"}


def test_a_full_study_has_no_condition_left():
    rng = random.Random(1)
    assert choose_condition({"a": 3, "b": 3}, quota=3, rng=rng) is None
    assert choose_condition({"a": 3, "b": 2}, quota=3, rng=rng) == "b"
    assert choose_condition({"a": 3, "b": 2}, quota=None, rng=rng) == "b"
