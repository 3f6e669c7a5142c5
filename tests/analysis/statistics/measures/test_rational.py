import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.export.facts import ConditionFacts
from analysis.report.phrasing.rational import nothing_in_confidence, reached_in_words
from analysis.statistics.measures import rational
from analysis.statistics.measures.teams.natural_weights import natural_weights
from tests.analysis.pools import CELLS, pool_frame

CONDITIONS = (ConditionFacts(name="a", classifier="tiny"),)
POOL = [50, 10, 5, 10, 15, 10]
PEOPLE = 4


def trials_of(accepted, *, stimuli=2, people=PEOPLE, outside=0):
    """Trials in which so many of the people accept each stimulus of a cell; `outside` have none."""
    rows = [
        (person, f"{name}{right}{i}", name, right, person < n)
        for (name, right), n in zip(CELLS, accepted, strict=True)
        for i in range(stimuli)
        for person in range(people)
    ]
    rows += [(person, "outside", None, True, True) for person in range(outside)]
    columns = ["participant_id", "stimulus_id", "bin", "ai_right", "accepts"]
    trials = pd.DataFrame(rows, columns=columns)
    return trials.assign(
        condition="a",
        kind="natural",
        decision=np.where(trials["accepts"], "accept", "reject"),
        team_right=(trials["accepts"] == trials["ai_right"]).astype("boolean"),
    )


def table_of(accepted, pool=POOL, conditions=CONDITIONS, **facts):
    weights = natural_weights(pool_frame(pool) if pool else pool_frame([1] * 6).head(0), ["tiny"])
    return rational.benchmarks(trials_of(accepted, **facts), weights, conditions)


def test_all_payoffs_by_hand_under_natural_weights():
    # Accepted by 4, 2, 1 of 4 where right (easy, medium, hard), by 1, 2, 3 where wrong.
    row = table_of([4, 2, 1, 1, 2, 3]).iloc[0]
    assert row["prior"] == rational.NATURAL_WEIGHTS
    # High: 50 right, 10 wrong. Medium: 10 right, 15 wrong. Low: 5 right, 10 wrong.
    assert row["prior_percent"] == pytest.approx(65)
    assert row["rational_percent"] == pytest.approx(50 + 15 + 10)
    assert row["value_points"] == pytest.approx(10)
    accepted = 50 + 5 + 1.25 + 2.5 + 7.5 + 7.5
    assert row["accepted_percent"] == pytest.approx(accepted)
    team = 50 + 5 + 1.25 + 7.5 + 7.5 + 2.5
    assert row["team_percent"] == pytest.approx(team)
    # At that rate: all 60 high ones, and 13.75 of the 25 medium ones, of which 40 % are right.
    misreliant = 50 + 13.75 * 0.4 + 11.25 * 0.6 + 10
    assert row["misreliant_percent"] == pytest.approx(misreliant)
    assert row["misreliance_points"] == pytest.approx(75 - misreliant)
    assert row["discrimination_points"] == pytest.approx(misreliant - team)
    assert row["loss_points"] == pytest.approx(75 - team)
    assert np.isnan(row["team_low_percent"])
    assert row["missing_because"] == "fewer than 20 people"


def test_with_as_many_right_as_wrong_stimuli_in_each_band_the_confidence_is_worth_nothing():
    table = table_of([4, 2, 1, 1, 2, 3])
    row = table.iloc[1]
    assert row["prior"] == rational.OWN_MIX
    assert row["value_points"] == 0
    assert row["misreliance_points"] == 0
    assert row["rational_percent"] == row["prior_percent"] == 50
    assert row["discrimination_points"] == pytest.approx(50 - row["team_percent"])
    assert "carries nothing, by design" in nothing_in_confidence(table)


def test_an_ai_that_is_mostly_right_at_every_level_leaves_the_confidence_nothing_to_decide():
    row = {"prior": rational.OWN_MIX, "condition": "a", "value_points": 0.0, "prior_percent": 70.0}
    text = nothing_in_confidence(pd.DataFrame([row, row | {"value_points": 3.0, "condition": "b"}]))
    assert "shown with a, the confidence decides nothing" in text
    assert nothing_in_confidence(pd.DataFrame([row | {"value_points": 3.0}])) == ""


def test_trials_outside_the_bands_do_not_count():
    accepted = [4, 2, 1, 1, 2, 3]
    pd.testing.assert_frame_equal(table_of(accepted, outside=3), table_of(accepted))


def test_without_weights_the_natural_prior_is_missing_with_a_reason():
    table = table_of([4, 2, 1, 1, 2, 3], pool=None).set_index("prior")
    natural = table.loc[rational.NATURAL_WEIGHTS]
    assert np.isnan(natural["team_percent"])
    assert natural["missing_because"] == "how often the bins occur in practice is not known"
    assert not np.isnan(table.loc[rational.OWN_MIX, "team_percent"])


def test_a_condition_without_trials_says_so():
    nobody = ConditionFacts(name="b", classifier="tiny")
    table = table_of([4, 2, 1, 1, 2, 3], conditions=(nobody,))
    assert (table["missing_because"] == "no trials in the six bins").all()


@settings(max_examples=12)
@given(st.lists(st.integers(0, PEOPLE), min_size=6, max_size=6))
def test_losses_add_up_and_the_rate_alone_costs_nothing_less_than_nothing(accepted):
    for _, row in table_of(accepted).iterrows():
        parts = row["misreliance_points"] + row["discrimination_points"]
        assert row["loss_points"] == pytest.approx(parts)
        assert row["loss_points"] == pytest.approx(row["rational_percent"] - row["team_percent"])
        assert row["value_points"] >= -1e-9
        assert row["misreliance_points"] >= 0
        assert row["misreliant_percent"] <= row["rational_percent"] + 1e-9


def test_with_enough_people_and_stimuli_payoff_and_mis_reliance_have_intervals():
    many = {"people": 24, "stimuli": 6}
    row = table_of([20, 14, 9, 6, 10, 14], **many).iloc[0]
    assert row["missing_because"] == ""
    assert row["team_low_percent"] < row["team_percent"] < row["team_high_percent"]
    low, high = row["misreliance_low_points"], row["misreliance_high_points"]
    assert 0 <= low <= row["misreliance_points"] <= high


def test_the_sentence_says_what_is_lost_by_the_rate_and_by_the_choice():
    row = {
        "prior": rational.NATURAL_WEIGHTS,
        "condition": "a",
        "rational_percent": 75.0,
        "value_points": 10.0,
        "team_percent": 74.0,
        "team_low_percent": 70.04,
        "team_high_percent": 78.0,
        "loss_points": 1.0,
        "misreliance_points": 2.7,
        "discrimination_points": -1.7,
    }
    (text,) = reached_in_words(pd.DataFrame([row]))
    assert text.replace("\N{NO-BREAK SPACE}", " ") == (
        "“a”: who decides by the confidence alone is right in 75.0 %, 10.0 points more than "
        "without it. The team is 1.0 points below that (74.0 %, 95 % interval 70.0 to 78.0 %): it "
        "loses 2.7 points by how often it accepts, and gains 1.7 points by which answers."
    )
