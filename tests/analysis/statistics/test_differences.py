import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.regression.linear_model import WLS
from statsmodels.stats.sandwich_covariance import cov_cluster_2groups

from analysis.export.facts import Analysis
from analysis.report.figures.differences import with_intervals
from analysis.report.phrasing.differences import (
    difference_in_words,
    margin_in_words,
    pairs_in_words,
    scope_in_words,
)
from analysis.statistics.differences import (
    PEOPLE,
    STIMULI,
    differences,
    sums_of,
    verdict,
    welch,
)

PAIR = [("a", "b")]
scores = st.lists(st.integers(0, 30), min_size=2, max_size=12).filter(lambda x: len(set(x)) > 1)


def values_of(*, n_people=20, n_stimuli=30, a=0.8, b=0.6, seed=1):
    """Everybody judges every stimulus."""
    rng = np.random.default_rng(seed)
    rows = [
        (f"{name}{who}", name, f"s{what}", 100.0 * (rng.random() < share))
        for name, share in (("a", a), ("b", b))
        for who in range(n_people)
        for what in range(n_stimuli)
    ]
    return pd.DataFrame(rows, columns=["participant_id", "condition", "stimulus_id", "value"])


def compared(values, *, alternative="two-sided", **facts):
    return differences(values, PAIR, alternative=alternative, **facts).iloc[0]


@settings(max_examples=30)
@given(a=scores, b=scores)
def test_the_error_over_people_is_that_of_welch_in_scipy(a, b):
    ours = welch(pd.Series(a), pd.Series(b))
    theirs = stats.ttest_ind(a, b, equal_var=False)
    assert ours.p() == pytest.approx(theirs.pvalue)
    interval = theirs.confidence_interval(0.95)
    assert ours.interval() == pytest.approx((interval.low, interval.high))


def test_the_error_over_people_and_stimuli_is_that_of_a_weighted_regression():
    # People with fewer trials count as much: statsmodels weights their trials up.
    values = values_of(n_people=22, n_stimuli=34)
    dropped = (values["participant_id"] == "a3") & (values["stimulus_id"] > "s2")
    values = values[~dropped].reset_index(drop=True)
    row = compared(values)
    weights = 1 / values.groupby("participant_id")["value"].transform("size").to_numpy()
    in_a = (values["condition"] == "a").to_numpy(dtype="float64")
    fit = WLS(
        values["value"].to_numpy(), np.column_stack([np.ones(len(in_a)), in_a]), weights
    ).fit()
    person, stimulus = (pd.factorize(values[c])[0] for c in ("participant_id", "stimulus_id"))
    both, people, _ = (c[1, 1] for c in cov_cluster_2groups(fit, person, stimulus))
    assert row["difference"] == pytest.approx(fit.params[1])
    # Theirs has one factor for all 44 people and k = 2, ours one for the people of each condition.
    error = (row["high"] - row["low"]) / 2 / stats.t.ppf(0.975, row["df"])
    assert error == pytest.approx(math.sqrt(max(both, people)), rel=0.02)


def test_the_people_of_both_conditions_add_up_as_in_welch():
    values = values_of()
    first, second = (sums_of(values[values["condition"] == name]) for name in "ab")
    by_hand = [s.people.var(ddof=1) / len(s.people) for s in (first, second)]
    assert [first.over_people, second.over_people] == pytest.approx(by_hand)


def test_a_person_counts_once_however_many_trials_there_are():
    rows = [("a1", "a", "s1", 100.0)] * 9 + [("a2", "a", "s1", 0.0), ("b1", "b", "s1", 0.0)]
    values = pd.DataFrame(rows, columns=["participant_id", "condition", "stimulus_id", "value"])
    assert compared(values)["difference"] == 50


def test_swapping_the_conditions_turns_the_sign_and_keeps_p():
    values = values_of()
    there, back = (
        differences(values, [pair], alternative="two-sided", margin=5).iloc[0]
        for pair in (("a", "b"), ("b", "a"))
    )
    assert there["difference"] == pytest.approx(-back["difference"])
    assert there["low"] == pytest.approx(-back["high"])
    assert there["p"] == pytest.approx(back["p"])
    assert there["p_equivalent"] == pytest.approx(back["p_equivalent"])


@pytest.mark.parametrize(
    ("facts", "reason"),
    [({"n_people": 19}, "fewer than 20 people"), ({"n_stimuli": 29}, "fewer than 30 stimuli")],
)
def test_with_few_people_or_stimuli_the_claim_is_of_these_stimuli_only(facts, reason):
    row = compared(values_of(**facts))
    assert reason in row["missing_because"]
    assert row["holds_for"] == PEOPLE
    assert math.isnan(row["low"])
    assert row["p_holm"] == row["people_p"]
    whole = compared(values_of())
    assert (whole["holds_for"], whole["p_holm"]) == (STIMULI, whole["p"])


def test_people_who_judged_other_pictures_are_compared_over_stimuli_or_not_at_all():
    row = compared(values_of(), apart=PAIR)
    assert math.isnan(row["people_p"])
    assert row["p"] < 0.05
    few = compared(values_of(n_stimuli=10), apart=PAIR)
    assert few["verdict"] == "unknown"
    assert "no error can be given" in difference_in_words(few, "accuracy", Analysis())


@pytest.mark.parametrize(
    ("p", "p_equivalent", "word"),
    [
        (0.01, 0.9, "different"),
        (0.01, 0.01, "both"),
        (0.5, 0.01, "equivalent"),
        (0.5, 0.5, "inconclusive"),
        (0.5, math.nan, "inconclusive"),
        (math.nan, math.nan, "unknown"),
    ],
)
def test_four_verdicts_and_none(p, p_equivalent, word):
    assert verdict(p, p_equivalent) == word


def test_holm_counts_equivalence_claims_too():
    values = values_of(a=0.7, b=0.7, n_people=80)
    third = values[values["condition"] == "a"].assign(
        condition="c", participant_id=lambda t: "c" + t["participant_id"]
    )
    pairs = [("a", "b"), ("a", "c"), ("b", "c")]
    table = differences(
        pd.concat([values, third]), pairs, alternative="two-sided", margin=8
    ).sort_values("p_equivalent")
    smallest = table.iloc[0]
    assert smallest["p_equivalent_holm"] == pytest.approx(min(1, 3 * smallest["p_equivalent"]))


def test_a_difference_in_words_names_its_own_p_and_whom_it_holds_for():
    settings_ = Analysis(equivalence_points=5, equivalence_because="Less would not be noticed.")
    row = compared(values_of(), margin=5)
    text = difference_in_words(row, "accuracy", settings_).replace("\N{NO-BREAK SPACE}", " ")
    assert text.startswith(f"Accuracy with “a” (M = {row['mean_a']:.1f} %, n = 20) was ")
    assert f"95 % CI [{row['low']:.1f}, {row['high']:.1f}]" in text
    assert "p < .001" in text
    assert text.endswith("a difference for other people and other stimuli of the sort.")
    assert "± 5 points do not matter here: Less would not be noticed." in margin_in_words(settings_)
    level = compared(values_of(a=0.7, b=0.7, n_people=80), margin=15)
    told = difference_in_words(level, "accuracy", settings_)
    assert "no difference that matters" in told
    assert "90\N{NO-BREAK SPACE}% CI" in told


def test_the_page_says_where_a_difference_may_not_hold_for_other_stimuli():
    row = pd.Series(
        {
            "condition_a": "a",
            "condition_b": "b",
            "people_p": 0.01,
            "p": 0.2,
            "people_low": 1.0,
            "people_high": 6.0,
            "low": -1.0,
            "high": 8.0,
        }
    )
    assert "it may not hold for others (95\N{NO-BREAK SPACE}% CI [−1.0, 8.0]" in scope_in_words(row)
    assert scope_in_words(row.replace(0.2, 0.02)) == ""
    assert scope_in_words(row.replace(0.2, math.nan)) == ""


def test_many_pairs_are_counted_by_their_verdicts():
    values = values_of()
    table = differences(values, [("a", "b"), ("b", "a")], alternative="two-sided")
    text = pairs_in_words(table, "accuracy", Analysis()).replace("\N{NO-BREAK SPACE}", " ")
    assert text.startswith("2 of 2 pairs of conditions differ in accuracy for other people and ")
    assert "points above “b” (95 % CI [" in text
    alike = differences(values_of(a=0.7, b=0.7), [("a", "b"), ("b", "a")], alternative="two-sided")
    text = pairs_in_words(alike, "accuracy", Analysis())
    assert text == (
        "None of the 2 pairs of conditions is shown to differ in accuracy "
        "for other people and other stimuli of the sort; 2 are not conclusive."
    )


def test_the_figure_has_a_row_for_each_pair_and_the_band_of_the_margin():
    table = differences(values_of(), [("a", "b"), ("b", "a")], alternative="two-sided", margin=5)
    figure = with_intervals(table, axis="Accuracy", margin=5)
    (axes,) = figure.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a − b", "b − a"]
    marks = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "o"]
    assert marks == pytest.approx(table["difference"].tolist())
    (band,) = axes.patches
    assert (band.get_x(), band.get_width()) == (-5, 10)
