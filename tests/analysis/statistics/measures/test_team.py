import math
from pathlib import Path

import pandas as pd
import pytest

from analysis.export.facts import AiOnly, ConditionFacts
from analysis.export.read import read_export
from analysis.statistics.measures import accuracy, team
from analysis.statistics.sample import exclusions
from tests.analysis.exports import pool_of, write_export
from tests.analysis.participants import Participant

REFERENCE = Path(__file__).parents[3] / "reference" / "nguyen2021"

# The paper's experts on natural images, right and shown, and the natural weights of its
# Figure A1: easy, medium, hard where the AI is right, then where it is wrong.
WEIGHTS = list(pd.read_csv(REFERENCE / "figure_a1.csv")["percent"])  # they sum to 99.95
GRADCAM = [(12, 12), (17, 19), (16, 21), (13, 15), (7, 16), (5, 21)]
NEIGHBOURS = [(21, 21), (18, 19), (20, 22), (14, 15), (10, 19), (8, 20)]

CELLS = [(name, right) for right in (True, False) for name in ("easy", "medium", "hard")]


def bins_of(counts, condition="confidence"):
    rows = [
        (condition, right, name, n, k, 100 * k / n if n else math.nan)
        for (name, right), (k, n) in zip(CELLS, counts, strict=True)
    ]
    columns = ["condition", "ai_right", "bin", "n_trials", "n_right", "accuracy_percent"]
    return pd.DataFrame(rows, columns=columns)


@pytest.mark.parametrize(
    ("counts", "raw", "normalised"), [(GRADCAM, 88.19, 88.23), (NEIGHBOURS, 91.11, 91.16)]
)
def test_the_papers_experts_weighted_by_its_natural_bins(counts, raw, normalised):
    share = bins_of(counts)["accuracy_percent"]
    percent = team.weighted_accuracy(share, pd.Series(WEIGHTS))
    assert round(percent, 2) == normalised
    assert round(percent * sum(WEIGHTS) / 100, 2) == raw


def pool_frame(counts, **outside):
    rows = pool_of(dict(zip(CELLS, counts, strict=True)), **outside)
    frame = pd.DataFrame(rows).replace({"bin": {"": None}})
    return frame.astype({"ai_right": bool})


def test_weights_are_shares_of_the_six_bins_and_of_the_pool():
    pool = pool_frame([5, 1, 0, 1, 1, 2], outside_right=6, outside_wrong=4)
    weights = team.natural_weights(pool, ["tiny"])
    assert list(weights["n_images"]) == [5, 1, 0, 1, 1, 2]
    assert list(weights["weight_percent"]) == pytest.approx([50, 10, 0, 10, 10, 20])
    assert list(weights["pool_percent"]) == pytest.approx([25, 5, 0, 5, 5, 10])


def test_the_val_split_and_other_classifiers_have_no_weight():
    pool = pool_frame([1, 1, 1, 1, 1, 1])
    others = pd.concat([pool, pool.assign(split="val"), pool.assign(classifier="large")])
    pd.testing.assert_frame_equal(
        team.natural_weights(others, ["tiny"]), team.natural_weights(pool, ["tiny"])
    )


def test_a_bin_with_weight_and_no_trials_is_named_and_the_others_normalised():
    weights = team.natural_weights(pool_frame([5, 1, 0, 1, 1, 2]), ["tiny"])
    bins = bins_of([(4, 4), (1, 2), (0, 0), (0, 0), (0, 1), (0, 0)])
    (row,) = team.team_accuracy(
        bins, weights, [ConditionFacts(name="confidence", classifier="tiny")]
    ).to_dict("records")
    assert row["bins_without_trials"] == "easy wrong, hard wrong"  # hard right has no weight
    assert row["covered_percent"] == pytest.approx(70)
    assert row["accuracy_percent"] == pytest.approx((50 * 100 + 10 * 50 + 10 * 0) / 70)
    assert row["n_trials"] == 7


def test_a_condition_without_trials_has_no_team_accuracy():
    weights = team.natural_weights(pool_frame([1] * 6), ["tiny"])
    table = team.team_accuracy(
        bins_of([(0, 0)] * 6), weights, [ConditionFacts(name="confidence", classifier="tiny")]
    )
    assert math.isnan(table.loc[0, "accuracy_percent"])


def alone(folder, participants, counts, threshold=0.55, **outside):
    export = read_export(write_export(folder / "e", participants))
    trials = accuracy.test_trials(
        export.responses, exclusions.dispositions(export.participants, min_correct=8)
    )
    settings = AiOnly(classifier="tiny", threshold=threshold, chosen_on="val", accuracy=0.8)
    return team.ai_only(trials, pool_frame(counts, **outside), [settings])


def test_ai_only_on_three_bases_by_hand(tmp_path):
    participants = [Participant(), Participant()]  # twelve trials, six distinct stimuli
    table = alone(
        tmp_path, participants, [50, 10, 5, 10, 15, 10], outside_right=60, outside_wrong=40
    ).set_index("basis")
    # Shown: right on easy (2), medium right at .58 (accepted) and medium wrong at .45 (rejected).
    assert table["n_images"].to_dict() == {"stimuli shown": 6, "six bins": 100, "whole pool": 200}
    assert table.loc["stimuli shown", "accuracy_percent"] == pytest.approx(100 * 4 / 6)
    assert table.loc["six bins", "accuracy_percent"] == 50 + 10 + 10 + 15
    assert table.loc["whole pool", "accuracy_percent"] == (85 + 60) / 2


@pytest.mark.parametrize("threshold", [0.3, 0.45, 0.55, 0.8])
def test_between_the_bands_every_easy_is_right_and_every_hard_wrong(threshold):
    pool = pool_frame([3, 0, 4, 5, 0, 6])
    right = team.accepts_rightly(pool, threshold)
    assert (right == (pool["bin"] == "easy")).all()


def test_the_threshold_itself_is_accepted():
    answers = pd.DataFrame({"confidence": [0.55, 0.5499], "ai_right": [True, True]})
    assert list(team.accepts_rightly(answers, 0.55)) == [True, False]


def test_adversarial_stimuli_are_a_basis_of_their_own_and_are_computed(tmp_path):
    participant = Participant(right=(True,) * 9)  # six natural, three adversarial
    table = alone(tmp_path, [participant] * 2, [1] * 6).set_index("basis")
    assert table.loc["stimuli shown", "n_images"] == 6
    # Wrong with confidence .1, .45 and .85: the first two are rejected at .55, which is right.
    assert table.loc["adversarial stimuli", "n_images"] == 3
    assert table.loc["adversarial stimuli", "accuracy_percent"] == pytest.approx(200 / 3)


def test_teams_on_adversarial_stimuli_stand_beside_ai_only_on_them(tmp_path):
    participant = Participant(right=(True,) * 8 + (False,))
    folder = write_export(tmp_path / "e", [participant], conditions=["confidence"])
    export = read_export(folder)
    participants = exclusions.dispositions(export.participants, min_correct=8)
    trials = accuracy.test_trials(export.responses, participants)
    kinds = accuracy.by_kind(trials, ["confidence"])
    bins = accuracy.by_bin(trials, ["confidence"], kind="natural")
    weights = team.natural_weights(export.pool, ["tiny"])
    teams = team.team_accuracy(bins, weights, export.facts.conditions)
    alone = team.ai_only(trials, export.pool, export.facts.ai_only)
    table = team.against_ai(kinds, teams, alone).set_index(["basis", "who"])
    assert table.loc[("adversarial stimuli", "confidence"), "accuracy_percent"] == 200 / 3
    assert table.loc[("stimuli shown", "confidence"), "accuracy_percent"] == 100
    assert table.loc[("adversarial stimuli", "AI-only"), "n"] == 3


def test_six_bins_is_the_weighted_sum_of_the_bins(tmp_path):
    counts = [50, 10, 5, 10, 15, 10]
    table = alone(tmp_path, [Participant()], counts, outside_right=7)
    weights = team.natural_weights(pool_frame(counts, outside_right=7), ["tiny"])
    by_bin = pd.Series([100.0, 100, 0, 100, 100, 0])
    assert table.loc[1, "accuracy_percent"] == pytest.approx(
        team.weighted_accuracy(by_bin, weights["weight_percent"])
    )
