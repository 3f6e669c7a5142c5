import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.measures import reliance

COUNTS = st.integers(1, 12).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def trials_of(right, wrong, participant="p1", condition="a", kind="natural"):
    """Trials of a person who accepted k of n right, and k of n wrong AI answers."""
    rows = [
        (participant, condition, kind, ai_right, "accept" if number < k else "reject")
        for ai_right, (k, n) in ((True, right), (False, wrong))
        for number in range(n)
    ]
    columns = ["participant_id", "condition", "kind", "ai_right", "decision"]
    return pd.DataFrame(rows, columns=columns)


def test_rates_d_prime_and_criterion_by_hand():
    # H = 3.5 / 5 = .7, F = 1.5 / 5 = .3; z(.7) = 0.524401 = -z(.3)
    row = reliance.per_user(trials_of((3, 4), (1, 4))).iloc[0]
    assert (row["n_ai_right"], row["n_ai_wrong"]) == (4, 4)
    assert (row["hit_rate"], row["over_reliance"]) == pytest.approx((0.7, 0.3))
    assert row["under_reliance"] == pytest.approx(0.3)
    assert row["d_prime"] == pytest.approx(2 * 0.524401, abs=1e-6)
    assert row["criterion"] == pytest.approx(0, abs=1e-12)


def test_who_accepts_everything_tells_nothing_apart_and_has_a_finite_criterion():
    # H = F = 4.5 / 5 = .9; z(.9) = 1.281552
    row = reliance.per_user(trials_of((4, 4), (4, 4))).iloc[0]
    assert row["d_prime"] == 0
    assert row["criterion"] == pytest.approx(-1.281552, abs=1e-6)


@pytest.mark.slow
@given(right=COUNTS, wrong=COUNTS)
def test_the_opposite_answers_turn_both_signs_around(right, wrong):
    own = reliance.per_user(trials_of(right, wrong)).iloc[0]
    mirrored = [(n - k, n) for k, n in (right, wrong)]
    other = reliance.per_user(trials_of(*mirrored)).iloc[0]
    assert other["d_prime"] == pytest.approx(-own["d_prime"], abs=1e-12)
    assert other["criterion"] == pytest.approx(-own["criterion"], abs=1e-12)


def test_adversarial_trials_and_people_without_wrong_answers_are_left_out():
    trials = pd.concat(
        [
            trials_of((2, 3), (1, 3)),
            trials_of((3, 3), (3, 3), kind="adversarial"),
            trials_of((2, 2), (0, 0), participant="p2"),
        ]
    )
    users = reliance.per_user(trials)
    assert users[["participant_id", "n_ai_right"]].to_numpy().tolist() == [["p1", 3]]


def test_a_condition_has_the_mean_and_the_spread_of_its_people():
    users = reliance.per_user(
        pd.concat([trials_of((3, 4), (1, 4)), trials_of((4, 4), (4, 4), participant="p2")])
    )
    summary = reliance.per_condition(users, ["a", "b"]).set_index(["condition", "measure"])
    hits = summary.loc[("a", "hit_rate")]  # .7 and .9: std is .2 / sqrt(2)
    assert (hits["n_participants"], hits["mean"]) == (2, pytest.approx(0.8))
    assert hits["std"] == pytest.approx(0.141421, abs=1e-6)
    assert summary.loc[("b", "d_prime"), "n_participants"] == 0
    assert pd.isna(summary.loc[("b", "d_prime"), "mean"])


def test_nobody_gives_a_table_of_nobody():
    users = reliance.per_user(trials_of((0, 0), (0, 0)))
    assert users.empty
    assert set(reliance.per_condition(users, ["a"])["n_participants"]) == {0}
