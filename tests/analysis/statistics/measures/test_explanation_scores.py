import statistics

import numpy as np
import pandas as pd
import pytest

from analysis.statistics.measures import explanation_scores


def trials_of(answers, condition="a", ai_right=True, kind="natural"):
    """Answered trials: for each person, what they judged well, stimulus by stimulus."""
    rows = [
        (participant, condition, kind, stimulus, ai_right, right)
        for participant, own in answers.items()
        for stimulus, right in own.items()
    ]
    columns = ["participant_id", "condition", "kind", "stimulus_id", "ai_right", "team_right"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"ai_right": "boolean", "team_right": "boolean"})


def explained(values, explainer="cam", metric="iou", classifier="net"):
    return pd.DataFrame(
        {
            "stimulus_id": list(values),
            "classifier": classifier,
            "explainer": explainer,
            "metric": metric,
            "value": list(values.values()),
        }
    ).astype({"value": "float64"})


def test_shares_count_natural_stimuli_with_a_right_ai_that_two_people_saw():
    trials = pd.concat(
        [
            trials_of({"p1": {"s1": True, "s2": True}, "p2": {"s1": False}, "p3": {"s1": True}}),
            trials_of({"p4": {"s1": True, "s3": False}, "p5": {"s3": True}}, condition="b"),
            trials_of({"p1": {"w": True}, "p2": {"w": True}}, ai_right=False),
            trials_of({"p1": {"adv": True}, "p2": {"adv": True}}, kind="adversarial"),
        ]
    )
    shares = explanation_scores.right_shares(trials).set_index(["condition", "stimulus_id"])
    assert shares.index.tolist() == [("a", "s1"), ("b", "s3")]
    assert shares.loc[("a", "s1")].tolist() == pytest.approx([3, 2, 200 / 3])
    assert shares.loc[("b", "s3")].tolist() == [2, 1, 50]


def test_who_met_a_stimulus_twice_counts_once_with_the_first_answer():
    again = trials_of({"p1": {"s": False}})
    trials = pd.concat([trials_of({"p1": {"s": True}, "p2": {"s": True}}), again])
    assert explanation_scores.right_shares(trials)[["n_people", "n_right"]].to_numpy().tolist() == [
        [2, 2]
    ]


def test_a_condition_has_the_scores_of_its_panels_and_its_classifier():
    explanations = pd.concat(
        [
            explained({"s1": 0.1}),
            explained({"s1": 0.2}, classifier="other"),
            explained({"s1": 0.3}, explainer="knn", metric="distance"),
        ]
    )
    panels = {"plain": (), "both": ("knn", "cam", "knn"), "theirs": ("cam",)}
    judged = {"plain": "net", "both": "net", "theirs": "other"}
    scores = explanation_scores.shown_scores(explanations, panels, judged)
    assert scores.drop(columns="stimulus_id").to_numpy().tolist() == [
        ["both", "knn", "distance", 0.3],
        ["both", "cam", "iou", 0.1],
        ["theirs", "cam", "iou", 0.2],
    ]


def correlated(values, shares):
    """`correlations` of one metric; shares are (people, right) by stimulus."""
    frame = pd.DataFrame(
        [("a", s, n, k, 100 * k / n) for s, (n, k) in shares.items()],
        columns=["condition", "stimulus_id", "n_people", "n_right", "right_percent"],
    )
    scores = explanation_scores.shown_scores(explained(values), {"a": ("cam",)}, {"a": "net"})
    return explanation_scores.correlations(scores, frame)


SHARES = {"s1": (4, 1), "s2": (4, 3), "s3": (4, 2), "s4": (4, 4), "s5": (2, 1)}


def test_a_correlation_is_that_of_plain_python_over_the_stimuli_with_both_sides():
    values = {"s1": 0.2, "s2": 0.7, "s3": np.nan, "s4": 0.6, "s5": 0.1, "unseen": 0.9}
    row = correlated(values, SHARES).iloc[0]
    x, y = [0.2, 0.7, 0.6, 0.1], [25, 75, 100, 50]
    assert row["n_stimuli"] == 4
    assert row["r"] == pytest.approx(statistics.correlation(x, y))
    assert row["rho"] == pytest.approx(statistics.correlation([2, 4, 3, 1], [1, 3, 4, 2]))
    assert row["r_low"] < row["r"] < row["r_high"]
    assert row["reason"] == ""


@pytest.mark.parametrize(
    ("values", "shares", "n", "reason"),
    [
        (dict.fromkeys(SHARES, 0.5), SHARES, 5, explanation_scores.FLAT_SCORE),
        (dict.fromkeys(SHARES, np.nan), SHARES, 0, explanation_scores.NO_VALUES),
        ({"s1": 0.1, "s2": 0.2, "s3": 0.3}, SHARES, 3, explanation_scores.FEW),
        (dict(zip(SHARES, range(5), strict=True)), dict.fromkeys(SHARES, (3, 1)), 5, None),
        (dict(zip(SHARES, range(5), strict=True)), {}, 0, explanation_scores.FEW),
    ],
)
def test_what_cannot_be_correlated_is_missing_and_says_why(values, shares, n, reason):
    row = correlated(values, shares).iloc[0]
    assert (row["n_stimuli"], row["reason"]) == (n, reason or explanation_scores.FLAT_PEOPLE)
    assert row[["r", "r_low", "r_high", "rho", "rho_low", "rho_high"]].isna().all()
