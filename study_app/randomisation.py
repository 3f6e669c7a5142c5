"""Who gets which condition, and which stimuli in which order. Pure: what is given decides.

A person's trials are spread over the cells (bin x whether the AI is right x kind) of a group as
evenly as the cells' sizes allow, and within a cell those come first that the fewest people have
judged so far. So views differ by little at any time, and whoever leaves is made up for.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice


@dataclass(frozen=True, kw_only=True)
class Group:
    """Cells of stimuli, by id, of which every person judges so many."""

    trials: int
    cells: tuple[tuple[str, ...], ...]

    @property
    def size(self) -> int:
        """How many stimuli there are."""
        return sum(map(len, self.cells))


def choose_condition(
    places: Mapping[str, int], *, quota: int | None, rng: random.Random
) -> str | None:
    """A condition with the fewest places taken, `rng` breaks ties; None where all are full.

    Args:
        places: how many are taken in each condition of the study.
        quota: how many each has; None for no end.
    """
    fewest = min(places.values())
    if quota is not None and fewest >= quota:
        return None
    return rng.choice([name for name, taken in places.items() if taken == fewest])


def fixed_order(stimulus_ids: Sequence[str], *, seed: str) -> list[str]:
    """The order of practice and validation items, the same for everyone."""
    deck = sorted(stimulus_ids)
    random.Random(seed).shuffle(deck)
    return deck


def trial_list(
    groups: Sequence[Group], *, views: Mapping[str, int], rng: random.Random
) -> list[str]:
    """The test stimuli of one person, in the order they are shown.

    Args:
        views: people who count and who judge a stimulus, by id; 0 where it is missing.
    """
    trials = [
        stimulus_id
        for group in groups
        for cell, n in zip(group.cells, _shares(group, views, rng), strict=True)
        for stimulus_id in sorted(cell, key=lambda s: (views.get(s, 0), rng.random()))[:n]
    ]
    rng.shuffle(trials)
    return trials


def _shares(group: Group, views: Mapping[str, int], rng: random.Random) -> list[int]:
    """How many trials each cell gives.

    Every cell gives `level`, or all it has; what is missing comes from the larger cells, first
    from those that have been seen least.
    """
    sizes = [len(cell) for cell in group.cells]
    if group.size < group.trials:
        raise ValueError(f"{group.trials} trials need as many stimuli, there are {group.size}")
    levels = range(group.trials + 1)
    level = max(n for n in levels if sum(min(size, n) for size in sizes) <= group.trials)
    shares = [min(size, level) for size in sizes]
    larger = [i for i, size in enumerate(sizes) if size > level]
    mean_views = {i: sum(views.get(s, 0) for s in group.cells[i]) / sizes[i] for i in larger}
    larger.sort(key=lambda i: (mean_views[i], rng.random()))
    for i in larger[: group.trials - sum(shares)]:
        shares[i] += 1
    return shares


def interleave(
    test_trials: Sequence[str], validation_items: Sequence[str], *, rng: random.Random
) -> list[str]:
    """Validation items, in random order, among test stimuli, whose order stays.

    The gaps between test stimuli are parted into as many stretches as there are items, and each
    item comes into a gap of its own stretch. So none is first or last, and two meet only where
    there are more items than gaps.

    Args:
        test_trials: two at least.
    """
    gaps = len(test_trials) - 1
    in_each, more = divmod(len(validation_items), gaps)
    with_more = {rng.randrange(i * gaps // more, (i + 1) * gaps // more) for i in range(more)}
    items = iter(rng.sample(validation_items, len(validation_items)))
    mixed = [test_trials[0]]
    for gap, stimulus_id in enumerate(test_trials[1:]):
        mixed += [*islice(items, in_each + (gap in with_more)), stimulus_id]
    return mixed


def participants_needed(groups: Sequence[Group], *, views: int) -> int:
    """How many people of a condition it takes until so many have judged every stimulus."""
    counts, rng = Counter[str](), random.Random(0)
    stimuli = [s for group in groups if group.trials for cell in group.cells for s in cell]
    for participants in count():
        if all(counts[s] >= views for s in stimuli):
            return participants
        counts.update(trial_list(groups, views=counts, rng=rng))
    raise AssertionError("counting ends only above")
