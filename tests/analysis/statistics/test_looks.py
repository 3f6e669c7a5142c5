"""What a look among several makes of the primary tests."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.statistics.comparisons import holm
from analysis.statistics.differences import differences
from analysis.statistics.looks import at_look, this_look
from analysis.statistics.spending import nominal_levels, p_over_looks
from tests.benchmarks.interim import PAIRS, false_findings, study

SHARES = (0.5, 1.0)


def table_of(rng_seed=1, n=40, margin=None, alternative="two-sided"):
    trials = study(np.random.default_rng(rng_seed), n_people=n, effect=0.5)
    return differences(trials, PAIRS, alternative=alternative, margin=margin)


@pytest.mark.parametrize(
    ("share", "number"),
    [(0.1, 1), (0.5, 1), (0.74, 1), (0.75, 1), (0.76, 2), (1.0, 2), (1.3, 2)],
)
def test_a_look_is_the_planned_one_that_lies_nearest(share, number):
    look = this_look(SHARES, share)
    assert look.number == number
    assert look.share == min(share, 1)
    assert list(look.shares) == sorted(set(look.shares))


def test_the_level_of_a_look_is_that_of_its_own_time_after_those_taken_or_planned():
    planned = (0.3, 0.6, 1.0)
    look = this_look(planned, 0.65)
    assert look.shares == (0.3, 0.65)
    assert look.level(sides=2) == nominal_levels(0.05, (0.3, 0.65), sides=2)[1]
    # Two were taken near the first planned one, and none near the second.
    assert this_look(planned, 0.9, [0.1, 0.4]).shares == (0.4, 0.6, 0.9)
    assert this_look(planned, 1.2, [0.28, 0.7, 0.95]).shares == (0.28, 0.7, 1.0)


def test_holm_takes_the_p_over_looks_and_the_verdict_takes_holms():
    plain = table_of()
    table = at_look(plain, this_look(SHARES, 0.5), alternative="two-sided")
    by_hand = pd.Series([p_over_looks(p, [0.5], sides=2) for p in plain["p"]])
    assert table["p_looks"].tolist() == pytest.approx(by_hand.tolist())
    assert table["p_holm"].tolist() == pytest.approx(holm(by_hand).tolist())
    assert (table["verdict"] == "different").tolist() == (table["p_holm"] < 0.05).tolist()
    assert (table["p_holm"] >= plain["p_holm"]).all()


def test_the_interval_over_looks_leaves_out_0_where_p_over_looks_is_below_a_twentieth():
    look = this_look(SHARES, 0.5)
    for seed in range(5):
        table = at_look(table_of(seed), look, alternative="two-sided")
        outside = (table["looks_low"] > 0) | (table["looks_high"] < 0)
        assert outside.tolist() == (table["p_looks"] < 0.05).tolist()


def test_equivalence_is_found_where_the_narrow_interval_over_looks_is_within_the_margin():
    found = []
    for seed in range(6):
        plain = table_of(seed, margin=12, n=60)
        table = at_look(plain, this_look((0.8, 1), 0.8), alternative="greater")
        within = (table["narrow_low"] > -12) & (table["narrow_high"] < 12)
        levels = [p_over_looks(p, [0.8], sides=1) < 0.05 for p in plain["p_equivalent"]]
        assert within.tolist() == levels
        found += levels
    assert 0 < sum(found) < len(found)


def test_one_look_at_the_end_changes_no_number():
    plain = table_of(margin=10)
    table = at_look(plain, this_look((1.0,), 1.0), alternative="two-sided")
    for column in ("p_holm", "p_equivalent_holm", "narrow_low", "narrow_high"):
        assert table[column].tolist() == pytest.approx(plain[column].tolist())
    assert table["looks_low"].tolist() == pytest.approx(plain["low"].tolist())
    assert table["verdict"].tolist() == plain["verdict"].tolist()


@pytest.mark.slow
def test_over_two_looks_and_three_pairs_one_study_in_twenty_finds_what_is_not_there():
    found = false_findings(np.random.default_rng(3), shares=SHARES, n_studies=200)
    least, most = stats.binom.ppf([0.0005, 0.9995], 200, 0.05)
    assert least <= found["one pair"] <= most
    assert found["three pairs"] <= most
    assert found["at .05 each time"] > found["one pair"]
