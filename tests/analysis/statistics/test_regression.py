import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.report.phrasing.differences import disagreement_in_words, missing_odds_in_words
from analysis.statistics import regression

REFERENCE = Path(__file__).parents[2] / "reference" / "regression"
COLUMNS = ["condition", "participant_id", "stimulus_id", "team_right"]


def trials_of(rows):
    return pd.DataFrame(rows, columns=COLUMNS).astype({"team_right": "boolean"})


def answers(condition, *participants):
    """Each person's answers to stimuli 0, 1, 2, ... in a row."""
    return [
        (condition, f"{condition}{who}", f"s{what}", bool(right))
        for who, own in enumerate(participants)
        for what, right in enumerate(own)
    ]


def compared(rows, alternative="two-sided", pair=("a", "b")):
    return regression.odds_ratios(trials_of(rows), [pair], alternative=alternative).iloc[0]


@pytest.fixture(scope="module")
def reference():
    return trials_of(pd.read_csv(REFERENCE / "trials.csv")[COLUMNS])


def random_rows(draw):
    rng = np.random.default_rng(draw)
    n_people, n_stimuli = int(rng.integers(4, 12)), int(rng.integers(3, 9))
    rows = [
        ("ab"[who % 2], f"p{who}", f"s{what}", bool(rng.random() < 0.6))
        for who in range(n_people)
        for what in rng.permutation(n_stimuli)[: int(rng.integers(2, n_stimuli + 1))]
    ]
    return rows


def test_the_numbers_of_r_sandwich(reference):
    expected = pd.read_csv(REFERENCE / "expected.csv")
    pairs = list(zip(expected["condition_a"], expected["condition_b"], strict=True))
    table = regression.odds_ratios(reference, pairs, alternative="two-sided")
    for column in ("odds_ratio", "low", "high", "p"):
        assert table[column].to_list() == pytest.approx(expected[column].to_list(), rel=1e-9)


@settings(max_examples=30)
@given(st.integers(0, 10_000).map(random_rows))
def test_estimate_and_variance_are_those_of_statsmodels(rows):
    trials = trials_of(rows)
    row = compared(rows)
    if math.isnan(row["p"]):
        return
    right = trials["team_right"].to_numpy(dtype="float64")
    design = sm.add_constant((trials["condition"] == "a").to_numpy(dtype="float64"))
    ids = np.column_stack([pd.factorize(trials[c])[0] for c in ("participant_id", "stimulus_id")])
    fit = sm.Logit(right, design).fit(
        disp=0, tol=1e-12, cov_type="cluster", cov_kwds={"groups": ids}
    )
    assert math.log(row["odds_ratio"]) == pytest.approx(fit.params[1], abs=1e-7)
    df = min(row["n_participants"], row["n_stimuli"]) - 1
    half = regression.stats.t.ppf(0.975, df) * fit.bse[1]
    assert math.log(row["high"] / row["odds_ratio"]) == pytest.approx(half, rel=1e-5)


@settings(max_examples=30)
@given(st.integers(0, 10_000).map(random_rows))
def test_swapping_a_and_b_turns_the_ratio_over_and_keeps_p(rows):
    there, back = compared(rows), compared(rows, pair=("b", "a"))
    assert there["odds_ratio"] == pytest.approx(1 / back["odds_ratio"], nan_ok=True)
    assert there["low"] == pytest.approx(1 / back["high"], nan_ok=True)
    assert there["p"] == pytest.approx(back["p"], nan_ok=True)


@settings(max_examples=30)
@given(st.integers(0, 10_000).map(random_rows), st.randoms(use_true_random=False))
def test_names_of_people_and_stimuli_and_the_order_of_rows_change_nothing(rows, rng):
    def renamed(names):
        new = [f"new{i}" for i in range(len(names))]
        rng.shuffle(new)
        return dict(zip(sorted(names), new, strict=True))

    participants, stimuli = (renamed({row[k] for row in rows}) for k in (1, 2))
    others = [(c, participants[p], stimuli[s], right) for c, p, s, right in rows]
    rng.shuffle(others)
    pd.testing.assert_series_equal(compared(rows), compared(others))


def test_one_sided_p_asks_about_a_against_b(reference):
    pair = ("neighbours", "confidence")
    both, above, below = (
        regression.odds_ratios(reference, [pair], alternative=a).iloc[0]["p"]
        for a in ("two-sided", "greater", "less")
    )
    assert above == pytest.approx(both / 2)
    assert above + below == pytest.approx(1)


def test_odds_ratio_by_hand():
    # Odds 3 to 1 in a, 1 to 1 in b.
    rows = [*answers("a", [1, 1], [1, 0]), *answers("b", [1, 0], [0, 1])]
    row = compared(rows)
    assert row["odds_ratio"] == pytest.approx(3)
    assert row[["n_trials", "n_participants", "n_stimuli"]].to_list() == [8, 4, 2]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([*answers("a", [1, 0], [0, 1])], "“b” has nobody to analyse"),
        ([*answers("a", [1, 0]), *answers("b", [1, 0], [1, 0])], "“a” has one person only"),
        ([*answers("a", [1, 1], [1, 1]), *answers("b", [1, 0], [1, 0])], "every answer with “a”"),
        ([*answers("a", [1, 1], [1, 1]), *answers("b", [0, 0], [0, 0])], "“a” is right"),
        ([*answers("a", [1, 0], [0, 1]), *answers("b", [0, 0], [0, 0])], "“b” is wrong"),
        ([*answers("a", [1], [0]), *answers("b", [1], [0])], "one stimulus only was shown"),
        ([*answers("a", [1, 0], [1, 0]), *answers("b", [1, 0], [1, 0])], "no positive variance"),
        ([], "“a” has nobody"),
    ],
)
def test_what_cannot_be_tested_is_missing_and_says_why(rows, reason):
    row = compared(rows)
    assert math.isnan(row["p"])
    assert math.isnan(row["p_holm"])
    assert math.isnan(row["high"])
    assert reason in row["missing_because"]
    assert "“a” against “b”" in missing_odds_in_words(row)


def test_a_pair_that_cannot_be_tested_does_not_count_in_the_family(reference):
    pairs = [("confidence", "gradcam"), ("confidence", "nobody")]
    table = regression.odds_ratios(reference, pairs, alternative="two-sided")
    assert table.loc[0, "p_holm"] == table.loc[0, "p"]
    assert math.isnan(table.loc[1, "p_holm"])


def disagreement(p_primary, p_regression, cles=0.7, odds_ratio=2.0):
    comparison = pd.Series(
        {"condition_a": "a", "condition_b": "b", "p_holm": p_primary, "cles": cles}
    )
    odds = pd.Series({"p_holm": p_regression, "odds_ratio": odds_ratio})
    return disagreement_in_words(comparison, odds).replace("\N{NO-BREAK SPACE}", " ")


def test_the_page_says_where_the_tests_disagree_and_nothing_where_they_do_not():
    assert "it may not hold for other stimuli" in disagreement(0.01, 0.2)
    assert "remains a conjecture" in disagreement(0.2, 0.01)
    assert "opposite directions (P(a > b) = 0.70, odds ratio = 0.50), neither" in disagreement(
        0.2, 0.2, odds_ratio=0.5
    )
    assert "both" in disagreement(0.01, 0.02, odds_ratio=0.5)
    assert disagreement(0.01, 0.02) == disagreement(0.2, 0.3) == ""
    assert disagreement(0.01, math.nan) == disagreement(math.nan, 0.01) == ""
    assert disagreement(0.2, 0.2, cles=0.5, odds_ratio=0.9) == ""
