"""Who gets which condition, and which stimuli in which order. Pure: a seed decides every draw.

A participant's trials are spread over the cells (bin x whether the AI is right) as evenly as the
cells' sizes allow. Within a cell, participants 0, 1, 2, ... of a condition deal out one shuffled
deck, each going on where the one before stopped, so viewers per stimulus differ by at most one.
"""

import random
from collections.abc import Collection, Mapping, Sequence
from itertools import count


def choose_condition(places: Mapping[str, Collection[int]], *, rng: random.Random) -> str:
    """A condition with the fewest places taken; `rng` breaks ties.

    Args:
        places: the numbers taken in each condition of the study.
    """
    fewest = min(len(taken) for taken in places.values())
    return rng.choice([name for name, taken in places.items() if len(taken) == fewest])


def free_number(taken: Collection[int]) -> int:
    """The lowest number that is free: somebody who left is replaced on the same trial list."""
    return next(number for number in count() if number not in taken)


def fixed_order(stimulus_ids: Sequence[str], *, seed: str) -> list[str]:
    """The order of practice and validation items, the same for everyone."""
    return shuffled(stimulus_ids, seed=seed)


def shuffled(stimulus_ids: Sequence[str], *, seed: str) -> list[str]:
    """A shuffle that depends on the seed and on nothing else, such as the order of the input."""
    deck = sorted(stimulus_ids)
    random.Random(seed).shuffle(deck)
    return deck


def trial_list(
    cells: Sequence[Sequence[str]], *, trials: int, number: int, condition: str, seed: int
) -> list[str]:
    """The test stimuli of participant `number` of a condition, in the order they are shown.

    Args:
        cells: the stimuli of each cell, the cells in a fixed order.
    """
    drawn: list[str] = []
    for i, cell in enumerate(cells):
        deck = shuffled(cell, seed=f"{seed}:deck:{condition}:{i}")
        start, stop = (dealt([len(c) for c in cells], trials, n)[i] for n in (number, number + 1))
        drawn += [deck[position % len(deck)] for position in range(start, stop)]
    return shuffled(drawn, seed=f"{seed}:order:{condition}:{number}")


def dealt(sizes: Sequence[int], trials: int, participants: int) -> list[int]:
    """How many trials each cell has given to the first so many participants.

    Every cell gives `level` trials, or all it has; what is missing then comes from the larger
    cells in turn, and the turn passes on from participant to participant.
    """
    if sum(sizes) < trials:
        raise ValueError(f"{trials} trials need as many stimuli, there are {sum(sizes)}")
    level = max(n for n in range(trials + 1) if _given(sizes, n) <= trials)
    larger = [i for i, size in enumerate(sizes) if size > level]
    extras = participants * (trials - _given(sizes, level))
    totals = [participants * min(size, level) for size in sizes]
    for turn, i in enumerate(larger):
        totals[i] += (extras - turn + len(larger) - 1) // len(larger)
    return totals


def _given(sizes: Sequence[int], level: int) -> int:
    return sum(min(size, level) for size in sizes)
