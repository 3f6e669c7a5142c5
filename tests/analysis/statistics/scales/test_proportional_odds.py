"""The ordinal model against closed forms and against the likelihood written down once more."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.optimize import minimize
from scipy.special import expit

from analysis.export.study_file import QuestionTable
from analysis.statistics.scales import proportional_odds
from analysis.statistics.scales.coded_answers import Scale

FIRST = np.repeat([1.0, 2.0, 3.0, 4.0], [3, 8, 12, 9])
SECOND = np.repeat([1.0, 2.0, 3.0, 4.0], [9, 10, 7, 4])


def answers_of(**groups: object) -> pd.DataFrame:
    """One item of the people of each condition, as `coded_answers.item_scores` returns it."""
    tables = [
        pd.DataFrame({"condition": name, "q": np.asarray(values, dtype=float)})
        for name, values in groups.items()
    ]
    table = pd.concat(tables, ignore_index=True)
    table.insert(0, "participant_id", [f"p{i}" for i in range(len(table))])
    return table


def scale(name: str = "trust", **facts: object) -> Scale:
    item = QuestionTable(name="q", options=("1", "2", "3", "4"))
    return Scale(name=name, label=name, items=(item,), **facts)  # type: ignore[arg-type]


def test_two_options_are_a_two_by_two_table() -> None:
    first, second = np.repeat([1.0, 2.0], [7, 18]), np.repeat([1.0, 2.0], [15, 10])
    estimate = proportional_odds.log_odds_ratio(first, second)
    assert estimate is not None
    assert estimate.value == pytest.approx(math.log(18 * 15 / (7 * 10)), abs=1e-4)
    assert estimate.error == pytest.approx(math.sqrt(1 / 7 + 1 / 18 + 1 / 15 + 1 / 10), abs=1e-4)


def test_more_options_are_the_maximum_of_their_likelihood() -> None:
    def deviance(parameters: np.ndarray) -> float:
        total = 0.0
        for scores, shift in ((FIRST, parameters[3]), (SECOND, 0.0)):
            below = np.r_[0, expit(np.sort(parameters[:3]) - shift), 1]
            total -= float(np.log(np.diff(below)[scores.astype(int) - 1]).sum())
        return total

    best = minimize(deviance, [-1, 0, 1, 0], method="Nelder-Mead", options={"maxiter": 5000})
    estimate = proportional_odds.log_odds_ratio(FIRST, SECOND)
    assert estimate is not None
    assert estimate.value == pytest.approx(best.x[3], abs=1e-3)


def test_other_distances_between_the_options_change_nothing() -> None:
    estimates = [
        proportional_odds.log_odds_ratio(first, second)
        for first, second in ((FIRST, SECOND), (np.exp(FIRST), np.exp(SECOND)))
    ]
    assert estimates[0] == estimates[1]


def test_each_pair_of_each_scale_is_a_row_and_all_are_one_family() -> None:
    answers = {scale(): answers_of(a=FIRST, b=SECOND), scale("calm"): answers_of(a=SECOND, b=FIRST)}
    table = proportional_odds.per_pair(answers, [("a", "b")])
    ours, reverse = (row for _, row in table.iterrows())
    assert ours["odds_ratio"] > 1
    assert reverse["odds_ratio"] == pytest.approx(1 / ours["odds_ratio"], rel=1e-3)
    assert ours["odds_low"] < ours["odds_ratio"] < ours["odds_high"]
    assert ours["difference"] == pytest.approx(FIRST.mean() - SECOND.mean())
    assert ours["difference_low"] < ours["difference"] < ours["difference_high"]
    assert ours["p_holm"] == pytest.approx(2 * min(table["p"]), rel=1e-6)


def test_what_cannot_be_compared_says_why_and_is_in_no_family() -> None:
    people = {"a": FIRST, "b": SECOND, "few": FIRST[:19], "flat": [4.0] * 20}
    pairs = [("a", "b"), ("a", "few"), ("flat", "a"), ("a", "nobody")]
    table = proportional_odds.per_pair({scale(): answers_of(**people)}, pairs)
    assert table["reason"].tolist() == [
        "",
        "fewer than 20 people in a condition",
        "the answers of the two do not overlap",
        "fewer than 20 people in a condition",
    ]
    assert table["p_holm"].notna().tolist() == [True, False, False, False]
    assert table.loc[0, "p_holm"] == table.loc[0, "p"]
    assert table.loc[2, "difference"] == pytest.approx(4 - FIRST.mean())
    assert math.isnan(table.loc[3, "difference"])


def test_what_was_asked_before_the_trials_is_not_tested() -> None:
    answers = {scale(is_outcome=False): answers_of(a=FIRST, b=SECOND)}
    assert proportional_odds.per_pair(answers, [("a", "b")]).empty


def test_in_studies_without_a_difference_few_intervals_miss_it() -> None:
    rng = np.random.default_rng(4)
    n_held = 0
    for _ in range(200):
        first, second = (rng.choice([1.0, 2.0, 3.0], 25, p=[0.2, 0.3, 0.5]) for _ in range(2))
        estimate = proportional_odds.log_odds_ratio(first, second)
        assert estimate is not None
        low, high = estimate.interval()
        n_held += low <= 0 <= high
    fewest, most = stats.binom.interval(0.999, 200, 0.95)
    assert fewest <= n_held <= most
