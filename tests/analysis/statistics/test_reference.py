"""A small study, against R and pingouin (`tests/reference/study`)."""

import itertools
from pathlib import Path

import pandas as pd
import pytest

from analysis.statistics import comparisons
from analysis.statistics.intervals import wilson
from analysis.statistics.measures import accuracy, reliance
from analysis.statistics.sample import pass_rates

FOLDER = Path(__file__).parents[2] / "reference" / "study"
CONDITIONS = ["confidence", "gradcam", "neighbours"]
PAIRS = list(itertools.combinations(CONDITIONS, 2))


@pytest.fixture(scope="module")
def in_r() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "r.csv").fillna({"b": ""}).set_index(["what", "a", "b"])["value"]


@pytest.fixture(scope="module")
def users() -> pd.DataFrame:
    participants = pd.read_csv(FOLDER / "users.csv")
    return participants.assign(accuracy_percent=100 * participants["n_right"] / 30)


def test_means_spreads_and_t_intervals_are_those_of_r(users, in_r):
    for row in accuracy.per_condition(users, CONDITIONS).itertuples():
        theirs = [in_r[what, row.condition, ""] for what in ("mean", "sd", "t_low", "t_high")]
        ours = [row.mean_percent, row.std_percent, row.low_percent, row.high_percent]
        assert ours == pytest.approx(theirs, rel=1e-11)


@pytest.mark.parametrize("alternative", ["two-sided", "less", "greater"])
def test_mann_whitney_and_holm_are_those_of_r(users, in_r, alternative):
    tail = alternative.replace("-", ".")
    for row in comparisons.mann_whitney(users, PAIRS, alternative=alternative).itertuples():
        pair = (row.condition_a, row.condition_b)
        assert row.u == in_r["u", *pair]
        assert row.p == pytest.approx(in_r[f"p_{tail}", *pair], rel=1e-11)
        assert row.p_holm == pytest.approx(in_r[f"holm_{tail}", *pair], rel=1e-11)


def test_effect_sizes_are_those_of_pingouin(users):
    theirs = pd.read_csv(FOLDER / "pingouin.csv")
    ours = comparisons.mann_whitney(users, PAIRS, alternative="two-sided")
    columns = ["u", "p", "rank_biserial", "cles"]
    pd.testing.assert_frame_equal(ours[columns], theirs[columns], rtol=1e-11)


def test_wilson_intervals_are_those_of_r(in_r):
    for k, n in in_r["wilson_low"].index:
        theirs = in_r["wilson_low", k, n], in_r["wilson_high", k, n]
        assert wilson(int(k), int(n)) == pytest.approx(theirs, abs=1e-12)


def test_pass_rates_are_compared_as_in_r(in_r):
    for (a, b), p in in_r["fisher"].items():
        (k_a, n_a), (k_b, n_b) = (map(int, share.split("/")) for share in (a, b))
        rates = pd.DataFrame(
            {"condition": ["a", "b"], "n_passed": [k_a, k_b], "n_measured": [n_a, n_b]}
        )
        assert pass_rates.fisher(rates)["p"].item() == pytest.approx(p, rel=1e-11)


def test_d_prime_and_criterion_are_those_of_rs_normal_quantiles(in_r):
    accepted = {True: 12, False: 4}
    rows = [
        ("p1", "confidence", "natural", right, "accept" if i < k else "reject")
        for right, k in accepted.items()
        for i in range(15)
    ]
    columns = ["participant_id", "condition", "kind", "ai_right", "decision"]
    (user,) = reliance.per_user(pd.DataFrame(rows, columns=columns)).to_dict("records")
    assert user["d_prime"] == pytest.approx(in_r["d_prime", "12/15", "4/15"], rel=1e-11)
    assert user["criterion"] == pytest.approx(in_r["criterion", "12/15", "4/15"], rel=1e-11)
