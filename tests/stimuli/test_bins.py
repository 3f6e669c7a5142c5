"""The six bins, and drawing from them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stimuli.bins import CELLS, ShortBinsError, bin_of, sample_bins
from stimuli.bundle import Bin
from stimuli.settings import BinSettings

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


def test_each_bin_gives_its_number_and_the_whole_pool_is_counted(rng: np.random.Generator) -> None:
    bins, right = pool_of(5)
    sample = sample_bins(bins, right, PAPER, rng=rng)
    assert [(c.bin, c.right, c.available, c.chosen) for c in sample.counts] == [
        (bin, is_right, 5, 2) for bin, is_right in CELLS
    ]
    drawn = [(bins[row], right[row]) for row in sample.rows]
    assert sorted(drawn) == sorted([cell for cell in CELLS for _ in range(2)])
    assert len(set(sample.rows)) == 12
    assert not sample.short


def test_the_same_seed_draws_the_same_images_and_another_seed_others() -> None:
    bins, right = pool_of(30)
    first, again, other = (
        sample_bins(bins, right, PAPER, rng=np.random.default_rng(seed)).rows for seed in (1, 1, 2)
    )
    assert first == again != other


def test_a_short_bin_is_an_error_with_a_table_of_what_there_is(rng: np.random.Generator) -> None:
    bins, right = pool_of(2)
    settings = BinSettings(per_bin=3)
    with pytest.raises(ShortBinsError) as error:
        sample_bins(bins, right, settings, rng=rng)
    message = str(error.value)
    assert message.count("2 of 3") == 6
    assert "allow_short = true" in message


def test_a_short_bin_that_is_allowed_gives_what_it_has_and_says_so(
    rng: np.random.Generator,
) -> None:
    bins, right = pool_of(2)
    sample = sample_bins(bins, right, BinSettings(per_bin=3, allow_short=True), rng=rng)
    assert sample.short
    assert {c.chosen for c in sample.counts} == {2}


def test_other_cells_and_another_table_are_drawn_and_named(rng: np.random.Generator) -> None:
    bins, right = pool_of(2)
    wrong = tuple(cell for cell in CELLS if not cell[1])
    sample = sample_bins(bins, right, PAPER, rng=rng, cells=wrong)
    assert [(c.bin, c.right, c.chosen) for c in sample.counts] == [(*cell, 2) for cell in wrong]
    with pytest.raises(ShortBinsError, match=r"lower adversarial\.per_bin") as error:
        sample_bins(bins, right, BinSettings(per_bin=3), rng=rng, cells=wrong, table="adversarial")
    assert str(error.value).count("2 of 3") == 3
