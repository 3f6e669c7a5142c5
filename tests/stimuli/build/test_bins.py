"""The six bins, and drawing from them."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stimuli.build.bins import CELLS, ShortBinsError, bin_of, sample_bins
from stimuli.bundle import Bin
from stimuli.study.offline import BinSettings

PAPER = BinSettings(per_bin=2)


@pytest.mark.parametrize(
    ("confidence", "right", "expected"),
    [
        (0.0, True, Bin.HARD),
        (0.299, False, Bin.EASY),
        (0.3, True, None),
        (0.399, True, None),
        (0.4, True, Bin.MEDIUM),
        (0.6, False, Bin.MEDIUM),
        (0.601, False, None),
        (0.799, False, None),
        (0.8, True, Bin.EASY),
        (0.8, False, Bin.HARD),
        (1.0, True, Bin.EASY),
    ],
)
def test_the_bands_of_the_paper_hold_at_their_edges(
    confidence: float, right: bool, expected: Bin | None
) -> None:
    assert bin_of(confidence, right, PAPER) is expected


@given(st.floats(0, 1), st.booleans())
def test_being_right_or_wrong_swaps_easy_and_hard(confidence: float, right: bool) -> None:
    swap = {Bin.EASY: Bin.HARD, Bin.HARD: Bin.EASY, Bin.MEDIUM: Bin.MEDIUM, None: None}
    assert bin_of(confidence, not right, PAPER) is swap[bin_of(confidence, right, PAPER)]


def pool_of(n_each: int) -> tuple[dict[int, Bin | None], list[bool]]:
    """n images in each cell, rows spread over a split with gaps."""
    cells = [cell for cell in CELLS for _ in range(n_each)]
    bins: dict[int, Bin | None] = {3 * n: cell[0] for n, cell in enumerate(cells)}
    right = [False] * (3 * len(cells))
    for n, cell in enumerate(cells):
        right[3 * n] = cell[1]
    return bins, right


def shuffled(right: list[bool], seed: int = 0) -> list[int]:
    order: list[int] = np.random.default_rng(seed).permutation(len(right)).tolist()
    return order


def test_each_bin_gives_its_number_and_the_whole_pool_is_counted() -> None:
    bins, right = pool_of(5)
    sample = sample_bins(bins, right, PAPER, order=shuffled(right))
    assert [(c.bin, c.right, c.available, c.chosen) for c in sample.counts] == [
        (bin, is_right, 5, 2) for bin, is_right in CELLS
    ]
    drawn = [(bins[row], right[row]) for row in sample.rows]
    assert sorted(drawn) == sorted([cell for cell in CELLS for _ in range(2)])
    assert len(set(sample.rows)) == 12
    assert not sample.short


def test_the_first_of_each_bin_in_the_order_are_drawn() -> None:
    bins, right = pool_of(5)
    forwards = sample_bins(bins, right, PAPER, order=range(len(right)))
    backwards = sample_bins(bins, right, PAPER, order=range(len(right))[::-1])
    assert forwards.rows == tuple(3 * (5 * cell + n) for cell in range(6) for n in (0, 1))
    assert backwards.rows == tuple(3 * (5 * cell + n) for cell in range(6) for n in (4, 3))


vetoes = st.lists(st.integers(0, 29).map(lambda n: 3 * n), max_size=8)


@given(vetoes, st.integers(0, 29), st.integers(0, 9))
def test_one_more_veto_changes_the_vetoed_stimulus_and_no_other(
    before: list[int], which: int, seed: int
) -> None:
    bins, right = pool_of(5)
    settings = BinSettings(per_bin=2, allow_short=True)
    order, row = shuffled(right, seed), 3 * which
    old = set(sample_bins(bins, right, settings, order=order, vetoed=before).rows)
    new = set(sample_bins(bins, right, settings, order=order, vetoed=[*before, row]).rows)
    assert old - new == {row} & old
    assert len(new - old) <= len(old - new)
    assert all((bins[n], right[n]) == (bins[row], right[row]) for n in new - old)
    left = [n for n in bins if (bins[n], right[n]) == (bins[row], right[row])]
    assert len({*left} & new) == min(2, len({*left} - {*before, row}))


@given(vetoes, st.randoms(use_true_random=False))
def test_the_order_of_vetoes_does_not_matter(rows: list[int], random: Random) -> None:
    bins, right = pool_of(5)
    settings = BinSettings(per_bin=2, allow_short=True)
    other = random.sample(rows, len(rows))
    one, two = (
        sample_bins(bins, right, settings, order=shuffled(right), vetoed=v) for v in (rows, other)
    )
    assert one == two


def test_a_bin_that_is_vetoed_empty_is_short_or_an_error_that_says_so() -> None:
    bins, right = pool_of(5)
    gone = [3 * n for n in range(5)]
    settings = BinSettings(per_bin=2, allow_short=True)
    sample = sample_bins(bins, right, settings, order=shuffled(right), vetoed=gone)
    assert sample.short
    assert [(c.available, c.chosen) for c in sample.counts] == [(5, 0)] + 5 * [(5, 2)]
    with pytest.raises(ShortBinsError, match=r"0 of 2 .* too few, 5 vetoed"):
        sample_bins(bins, right, PAPER, order=shuffled(right), vetoed=gone)


def test_a_short_bin_is_an_error_with_a_table_of_what_there_is() -> None:
    bins, right = pool_of(2)
    settings = BinSettings(per_bin=3)
    with pytest.raises(ShortBinsError) as error:
        sample_bins(bins, right, settings, order=shuffled(right))
    message = str(error.value)
    assert message.count("2 of 3") == 6
    assert "vetoed" not in message
    assert "allow_short = true" in message


def test_a_short_bin_that_is_allowed_gives_what_it_has_and_says_so() -> None:
    bins, right = pool_of(2)
    settings = BinSettings(per_bin=3, allow_short=True)
    sample = sample_bins(bins, right, settings, order=shuffled(right))
    assert sample.short
    assert {c.chosen for c in sample.counts} == {2}


def test_other_cells_and_another_table_are_drawn_and_named() -> None:
    bins, right = pool_of(2)
    order, wrong = shuffled(right), tuple(cell for cell in CELLS if not cell[1])
    sample = sample_bins(bins, right, PAPER, order=order, cells=wrong)
    assert [(c.bin, c.right, c.chosen) for c in sample.counts] == [(*cell, 2) for cell in wrong]
    more = BinSettings(per_bin=3)
    with pytest.raises(ShortBinsError, match=r"lower adversarial\.per_bin") as error:
        sample_bins(bins, right, more, order=order, cells=wrong, table="adversarial")
    assert str(error.value).count("2 of 3") == 3
