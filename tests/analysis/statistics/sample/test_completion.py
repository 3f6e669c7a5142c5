import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.export.columns import OUTCOMES
from analysis.report.phrasing.sample import dropout_in_words, unequal_completion
from analysis.statistics.sample import completion
from analysis.statistics.sample.pass_rates import FAILED

RNG = np.random.default_rng(1)


def people_of(*rows):
    columns = ["condition", "outcome", "consented_at", "simulated"]
    people = [dict(zip(columns, (*row, "then", False)[:4], strict=True)) for row in rows]
    return pd.DataFrame(people).assign(participant_id=range(len(people)))


def rates_of(**counts):
    rows = [(name, n, n - left, left, 100 * (n - left) / n) for name, (n, left) in counts.items()]
    columns = ["condition", "n_assigned", "n_completed", "n_left", "completed_percent"]
    return pd.DataFrame(rows, columns=columns)


def test_every_outcome_is_one_of_leaving_completing_being_stopped_or_meeting_nothing():
    kinds = [(completion.COMPLETED,), completion.LEFT, (FAILED,), completion.NEVER_MET]
    assert sorted(name for kind in kinds for name in kind) == sorted(OUTCOMES)


def test_who_completed_is_counted_among_those_who_met_their_condition():
    lost = [("a", outcome) for outcome in completion.LEFT]
    others = [("a", outcome) for outcome in (*completion.NEVER_MET, FAILED)]
    people = people_of(
        *[("a", "completed")] * 6,
        *lost,
        *others,
        ("a", None),  # under way
        ("a", "returned", None),  # before agreeing
        (None, "returned"),  # never assigned
        ("a", "completed", "then", True),  # simulated
    )
    rates = completion.completion(people, ["a", "b"], rehearsal=False).set_index("condition")
    assert rates.loc["a", ["n_assigned", "n_completed", "n_left"]].tolist() == [12, 6, 6]
    assert rates.loc["a", "completed_percent"] == 50
    # Wilson 1927: 6 of 12.
    assert rates.loc["a", ["low_percent", "high_percent"]].tolist() == pytest.approx(
        [25.378, 74.622], abs=1e-3
    )
    assert math.isnan(rates.loc["b", "completed_percent"])


def test_in_a_rehearsal_simulated_people_count_and_nobody_else():
    people = people_of(("a", "returned"), *[("a", "completed", "then", True)] * 2)
    assert completion.completion(people, ["a"], rehearsal=True)["n_completed"].tolist() == [2]


def test_two_conditions_with_few_who_left_are_compared_by_fishers_exact_test():
    # 0 of 10 against 4 of 10: 2 · C(10, 4) / C(20, 4) = 2 · 210 / 4845.
    test, p = completion.difference(rates_of(a=(10, 0), b=(10, 4)), rng=RNG)
    assert (test, p) == (completion.FISHER, pytest.approx(420 / 4845))


def test_where_enough_left_pearsons_test_is_used():
    # 10 and 20 of 40 each left: (10 - 15)² / 15 · 2 + (30 - 25)² / 25 · 2 = 16 / 3.
    test, p = completion.difference(rates_of(a=(40, 10), b=(40, 20)), rng=RNG)
    assert (test, p) == (completion.CHI_SQUARED, pytest.approx(stats.chi2.sf(16 / 3, 1)))


def test_three_conditions_with_few_who_left_are_compared_over_random_tables():
    # All 3 of 12 who left are from one condition of 4: 3 · C(4, 3) / C(12, 3) = 12 / 220.
    test, p = completion.difference(rates_of(a=(4, 3), b=(4, 0), c=(4, 0)), rng=RNG)
    assert (test, p) == (completion.FREEMAN_HALTON, pytest.approx(12 / 220, abs=0.01))


@pytest.mark.parametrize("rates", [rates_of(a=(9, 1)), rates_of(a=(9, 0), b=(8, 0))])
def test_without_two_conditions_or_anybody_who_left_nothing_is_tested(rates):
    test, p = completion.difference(rates, rng=RNG)
    assert (test, math.isnan(p)) == ("", True)
    assert unequal_completion(rates, test, p) == ""


def test_the_warning_names_the_conditions_that_kept_most_and_fewest():
    text = unequal_completion(rates_of(a=(40, 2), b=(40, 10), c=(40, 20)), "χ²", 0.0004)
    text = text.replace("\N{NO-BREAK SPACE}", " ")
    assert "from 50 % with “c” (20 of 40) to 95 % with “a” (38 of 40) completed (χ² p < " in text
    assert unequal_completion(rates_of(a=(40, 2), b=(40, 3)), "χ²", 0.05) == ""


def test_dropout_is_told_by_condition():
    text = dropout_in_words(rates_of(a=(40, 1), b=(30, 3)), "Fisher’s exact", 0.307, imported=False)
    assert text.replace("\N{NO-BREAK SPACE}", " ") == (
        "Of those who met their condition, 1 of 40 with a (2.5 %) and 3 of 30 with b (10.0 %) left "
        "before the end (Fisher’s exact p = .307)."
    )
    nobody = dropout_in_words(rates_of(a=(4, 0)), "", math.nan, imported=False)
    assert nobody == "Nobody left after meeting the condition."
    assert dropout_in_words(rates_of(a=(4, 0)), "", math.nan, imported=True) == ""
