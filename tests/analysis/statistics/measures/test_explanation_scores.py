import numpy as np
import pandas as pd
import pytest

from analysis.statistics.measures import explanation_scores


def trials_of(answers, condition="a", ai_right=True, kind="natural", bin="easy"):
    """Answered trials: for each person, what they judged well, stimulus by stimulus."""
    rows = [
        (participant, condition, kind, stimulus, bin, ai_right, right)
        for participant, own in answers.items()
        for stimulus, right in own.items()
    ]
    columns = ["participant_id", "condition", "kind", "stimulus_id", "bin", "ai_right"]
    frame = pd.DataFrame(rows, columns=[*columns, "team_right"])
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
            trials_of({"p4": {"s1": 1, "s3": 0}, "p5": {"s3": 1}}, condition="b", bin=None),
            trials_of({"p1": {"w": True}, "p2": {"w": True}}, ai_right=False),
            trials_of({"p1": {"adv": True}, "p2": {"adv": True}}, kind="adversarial"),
        ]
    )
    shares = explanation_scores.right_shares(trials).set_index(["condition", "stimulus_id"])
    assert shares.index.tolist() == [("a", "s1"), ("b", "s3")]
    numbers = ["n_people", "n_right", "right_percent"]
    assert shares.loc[("a", "s1"), numbers].tolist() == pytest.approx([3, 2, 200 / 3])
    assert shares.loc[("b", "s3"), numbers].tolist() == [2, 1, 50]
    assert shares["bin"].tolist() == ["easy", explanation_scores.NO_BIN]


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


def test_stimuli_of_a_condition_have_all_its_scores_and_its_people_in_one_order():
    explanations = pd.concat(
        [
            explained({"s3": 0.3, "s1": 0.1, "s2": 0.2, "unseen": 0.9}),
            explained({"s2": 5.0, "s1": np.nan, "s4": np.nan}, metric="distance_1"),
        ]
    )
    shares = pd.DataFrame(
        {
            "condition": ["a", "a", "b", "a", "a"],
            "stimulus_id": ["s2", "s1", "s3", "s3", "s4"],
            "n_people": [4, 2, 3, 5, 2],
            "n_right": [1, 2, 3, 0, 1],
            "bin": ["hard", "easy", "easy", "", "easy"],
        }
    )
    panels, judged = {"a": ("cam",), "plain": ()}, {"a": "net", "plain": "net"}
    scores = explanation_scores.shown_scores(explanations, panels, judged)
    (stimuli,) = explanation_scores.scored_stimuli(scores, shares)
    assert stimuli.condition == "a"
    assert stimuli.scores.index.tolist() == ["s1", "s2", "s3"]  # s4 has no score
    assert stimuli.scores["cam", "iou"].tolist() == [0.1, 0.2, 0.3]
    assert stimuli.scores["cam", "distance_1"].tolist() == pytest.approx(
        [np.nan, 5, np.nan], nan_ok=True
    )
    assert stimuli.right_percent.tolist() == [100, 25, 0]
    assert stimuli.bins.tolist() == [0, 2, 3]


@pytest.mark.parametrize(
    ("metric", "good"),
    [
        *((name, "large") for name in ("pointing", "energy", "iou", "wsl", "dice", "insertion")),
        *((name, "small") for name in ("deletion", "distance", "distance_1", "distance_12")),
        *((name, "large") for name in ("faithfulness_correlation", "monotonicity", "sparseness")),
        *((name, "small") for name in ("infidelity", "max_sensitivity", "lipschitz", "entropy")),
        *(("randomisation", "small"), ("IoU", "large"), ("plausibility", ""), ("iou_of_mine", "")),
    ],
)
def test_a_metric_says_which_of_its_values_are_good(metric, good):
    assert explanation_scores.good_values(metric) == good
