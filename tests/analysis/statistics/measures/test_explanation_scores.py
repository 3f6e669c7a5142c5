import statistics

import numpy as np
import pandas as pd
import pytest

from analysis.export.read import read_export
from analysis.export.study_file import ConditionTable, StudyFile
from analysis.report.figures.facets import grid
from analysis.report.figures.scores import SPREAD, against_people, limits, sideways
from analysis.report.sections.scores import section
from analysis.statistics.analysed import analysed
from analysis.statistics.measures import explanation_scores
from tests.analysis.exports import scores_of, write_export
from tests.analysis.people import Person, Stimulus

RIGHT = range(6)  # stimuli t0 to t5 of the exports below


def trials_of(answers, condition="a", ai_right=True, kind="natural"):
    """Answered trials: for each person, what they judged well, stimulus by stimulus."""
    rows = [
        (person, condition, kind, stimulus, ai_right, right)
        for person, own in answers.items()
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
    shown = explanation_scores.shown_scores(explanations, panels, judged)
    assert shown.drop(columns="stimulus_id").to_numpy().tolist() == [
        ["both", "knn", "distance", 0.3],
        ["both", "cam", "iou", 0.1],
        ["theirs", "cam", "iou", 0.2],
    ]


def test_a_study_file_without_panels_shows_the_explainer_that_is_named_like_the_condition():
    names = ["confidence", "cam"]
    assert StudyFile().panels_of(names) == {"confidence": ("confidence",), "cam": ("cam",)}
    table = ConditionTable(name="cam", panels=("cam", "knn"))
    study = StudyFile(conditions=(ConditionTable(name="confidence"), table))
    assert study.panels_of([*names, "new"]) == {
        "confidence": (),
        "cam": ("cam", "knn"),
        "new": (),
    }


def correlated(values, shares):
    """`correlations` of one metric; shares are (people, right) by stimulus."""
    frame = pd.DataFrame(
        [("a", s, n, k, 100 * k / n) for s, (n, k) in shares.items()],
        columns=["condition", "stimulus_id", "n_people", "n_right", "right_percent"],
    )
    shown = explanation_scores.shown_scores(explained(values), {"a": ("cam",)}, {"a": "net"})
    return explanation_scores.correlations(shown, frame)


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


def six():
    return [Stimulus(bin="easy", ai_right=True) for _ in RIGHT]


def people(condition, n_right, n):
    """`n` people; the k-th stimulus is judged well by the first `n_right[k]` of them."""
    return [Person(condition=condition, right=[person < k for k in n_right]) for person in range(n)]


def section_of(folder, crowd, *, explanations, panels=None):
    export = write_export(folder, crowd, stimuli=six(), explanations=explanations, panels=panels)
    return section(analysed(read_export(export)))


def test_the_section_finds_a_planted_correlation_and_its_bound(tmp_path):
    rising = {f"t{i}": i / 10 for i in RIGHT}
    made = section_of(
        tmp_path / "e",
        people("gradcam", [0, 0, 0, 4, 4, 4], 4) + people("confidence", [4] * 6, 4),
        explanations=scores_of("gradcam", "iou", rising),
        panels={"confidence": [], "gradcam": ["gradcam"]},
    )
    table, reliable = (listing.frame for listing in made.listings)
    assert table["condition"].tolist() == ["gradcam"]
    # x = 0 … 5, y = 0 0 0 1 1 1: r = 4.5 / √(17.5 · 1.5) = .878310
    assert table["r"].iloc[0] == pytest.approx(0.878310, abs=1e-6)
    assert reliable["largest_r"].iloc[0] == pytest.approx(1)
    (sentence,) = made.prose["sentences"]
    sentence = sentence.replace("\N{NO-BREAK SPACE}", " ")
    assert "“gradcam”: iou is its one score, r = 0.88 (95 % interval" in sentence
    assert "This interval excludes 0. The answers have a reliability of 1.00" in sentence
    assert list(made.figures) == ["scores"]


def test_several_scores_are_told_apart_and_answers_without_agreement_are_admitted(tmp_path):
    made = section_of(
        tmp_path / "e",
        people("gradcam", [1, 1, 2, 1, 1, 1], 2),
        explanations=[
            *scores_of("gradcam", "iou", {f"t{i}": (3 * i) % 7 for i in RIGHT}),
            *scores_of("gradcam", "wsl", {f"t{i}": i % 2 for i in RIGHT}),
            *scores_of("gradcam", "none", dict.fromkeys([f"t{i}" for i in RIGHT], "")),
        ],
    )
    (sentence,) = made.prose["sentences"]
    assert "None of the 2 intervals excludes 0." in sentence
    assert "cannot carry a correlation with any score: halves do not agree." in sentence
    assert "Why missing" in made.listings[0].headers
    figure = made.figures["scores"]()
    assert len(figure.axes) == 3


@pytest.mark.parametrize("n_people", [0, 1])
def test_nobody_and_one_person_are_said_to_be_too_few(tmp_path, n_people):
    rows = scores_of("gradcam", "iou", {f"t{i}": i for i in RIGHT})
    crowd = people("gradcam", [1] * 6, n_people)
    made = section_of(tmp_path / "e", crowd, explanations=rows)
    assert made.prose["sentences"] == [
        "“gradcam”: no correlation can be computed (fewer than 4 stimuli)."
    ]
    assert not made.figures


def test_an_export_without_scores_and_one_whose_scores_nobody_sees_say_so(tmp_path):
    crowd = people("confidence", [1] * 6, 2)
    none = section_of(tmp_path / "a", crowd, explanations=[])
    assert none.prose == {"why_none": "the export has no scores of explanations"}
    hidden = section_of(tmp_path / "b", crowd, explanations=scores_of("cam", "iou", {"t0": 1}))
    assert hidden.prose["why_none"].startswith("there are scores of “cam”, but no condition")
    assert not none.listings
    assert not hidden.figures


@pytest.mark.parametrize("groups", [[1], [1] * 6, [3, 3], [1, 3], [5], [12], [2] * 6])
def test_every_panel_has_a_place_and_a_group_starts_a_line(groups):
    _, axes = grid(groups)
    assert len(axes) == sum(groups)
    assert all(len(panel.get_subplotspec().get_gridspec().get_geometry()) == 2 for panel in axes)
    starts = np.cumsum([0, *groups[:-1]])
    if max(groups) > 1:
        assert all(axes[start].get_subplotspec().is_first_col() for start in starts)


def test_dots_that_share_a_score_are_spread_and_others_stay():
    x = np.array([1.0, 0.0, 1.0, 1.0, 2.0])
    offsets = sideways(x, np.array([50.0, 50, 50, 100, 0]))
    assert offsets[[1, 4]].tolist() == [0, 0]
    assert len(set(offsets[[0, 2, 3]].round(6))) == 3
    assert np.abs(sideways(np.zeros(400), np.arange(400.0))).max() <= SPREAD / 2


def test_the_axis_has_room_beside_all_values_even_beside_one():
    assert limits(np.array([])) == (0, 1)
    assert limits(np.array([0.0])) == pytest.approx((-0.12, 0.12))
    low, high = limits(np.array([2.0, 4.0]))
    assert (low, high) == pytest.approx((1.76, 4.24))


def test_the_line_is_that_of_least_squares():
    table = correlated({"s1": 1, "s2": 2, "s3": 3, "s4": 4}, SHARES)
    points = pd.DataFrame(
        {
            "condition": "a",
            "explainer": "cam",
            "metric": "iou",
            "value": [1.0, 2, 3, 4],
            "right_percent": [25.0, 75, 50, 100],
        }
    )
    (axes,) = against_people(table, points, ["a"]).axes
    x, y = axes.lines[-1].get_data()
    slope, intercept = np.polyfit([1, 2, 3, 4], [25, 75, 50, 100], 1)
    assert y == pytest.approx(intercept + slope * np.array(x))
