import math

import pandas as pd
import pytest

from analysis.export.facts import ConditionFacts
from analysis.export.read import read_export
from analysis.statistics.measures import accuracy
from analysis.statistics.measures.teams import ai_alone, team
from analysis.statistics.measures.teams.natural_weights import natural_weights
from analysis.statistics.sample import exclusions
from tests.analysis.exports import write_export
from tests.analysis.participants import Participant
from tests.analysis.pools import CELLS, pool_frame


def bins_of(counts, condition="confidence"):
    rows = [
        (condition, right, name, n, k, 100 * k / n if n else math.nan)
        for (name, right), (k, n) in zip(CELLS, counts, strict=True)
    ]
    columns = ["condition", "ai_right", "bin", "n_trials", "n_right", "accuracy_percent"]
    return pd.DataFrame(rows, columns=columns)


def test_a_bin_with_weight_and_no_trials_is_named_and_the_others_normalised():
    weights = natural_weights(pool_frame([5, 1, 0, 1, 1, 2]), ["tiny"])
    bins = bins_of([(4, 4), (1, 2), (0, 0), (0, 0), (0, 1), (0, 0)])
    (row,) = team.team_accuracy(
        bins, weights, [ConditionFacts(name="confidence", classifier="tiny")]
    ).to_dict("records")
    assert row["bins_without_trials"] == "easy wrong, hard wrong"  # hard right has no weight
    assert row["covered_percent"] == pytest.approx(70)
    assert row["accuracy_percent"] == pytest.approx((50 * 100 + 10 * 50 + 10 * 0) / 70)
    assert row["n_trials"] == 7
    assert row["pool_percent"] == pytest.approx(70)  # all of this pool lies in a bin
    # Weights 50, 10 and 10 over 4, 2 and 1 trials: 70² / (50² / 4 + 10² / 2 + 10² / 1)
    assert row["effective_n"] == pytest.approx(4900 / 775)


def test_a_condition_without_trials_has_no_team_accuracy():
    weights = natural_weights(pool_frame([1] * 6), ["tiny"])
    table = team.team_accuracy(
        bins_of([(0, 0)] * 6), weights, [ConditionFacts(name="confidence", classifier="tiny")]
    )
    assert math.isnan(table.loc[0, "accuracy_percent"])


def test_teams_on_adversarial_stimuli_stand_beside_ai_only_on_them(tmp_path):
    participant = Participant(right=(True,) * 8 + (False,))
    folder = write_export(tmp_path / "e", [participant], conditions=["confidence"])
    export = read_export(folder)
    participants = exclusions.dispositions(export.participants, min_correct=8)
    trials = accuracy.test_trials(export.responses, participants)
    kinds = accuracy.by_kind(trials, ["confidence"])
    bins = accuracy.by_bin(trials, ["confidence"], kind="natural")
    weights = natural_weights(export.pool, ["tiny"])
    teams = team.team_accuracy(bins, weights, export.facts.conditions)
    alone = ai_alone.ai_only(trials, export.pool, export.facts.ai_only)
    everything = ai_alone.accept_everything(trials, export.pool, weights)
    table = team.against_ai(kinds, teams, alone, everything).set_index(["basis", "who"])
    adversarial = table.loc[("adversarial stimuli", "confidence"), "accuracy_percent"]
    assert adversarial == pytest.approx(200 / 3)
    assert table.loc[("stimuli shown", "confidence"), "accuracy_percent"] == 100
    assert table.loc[("adversarial stimuli", "AI-only"), "n"] == 3
    assert table.loc[("adversarial stimuli", "accept everything"), "accuracy_percent"] == 0


def test_a_basis_on_which_nothing_is_known_has_no_rows():
    counts = [50, 10, 5, 10, 15, 10]
    weights = natural_weights(pool_frame(counts).head(0), ["tiny"])
    conditions = [ConditionFacts(name="confidence", classifier="tiny")]
    teams = team.team_accuracy(bins_of([(1, 2)] * 6), weights, conditions)
    kinds = pd.DataFrame(
        [("confidence", "natural", 12, 50.0)],
        columns=["condition", "kind", "n_trials", "accuracy_percent"],
    )
    nobody = pd.DataFrame(columns=["classifier", "basis", "n_images", "accuracy_percent"])
    table = team.against_ai(kinds, teams, nobody, nobody)
    assert table["basis"].tolist() == ["stimuli shown"]
