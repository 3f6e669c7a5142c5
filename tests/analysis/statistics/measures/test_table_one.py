from pathlib import Path

import pandas as pd
import pytest

from analysis.export.read import read_export
from analysis.statistics.analysed import analysed
from analysis.statistics.measures.table_one import table_one
from tests.analysis.exports import write_export
from tests.analysis.participants import Participant, Stimulus, someone

REFERENCE = Path(__file__).parents[3] / "reference" / "nguyen2021"


def expert(row):
    """Validation right, natural right of trials, adversarial right of trials."""
    counts = f"{row.natural}/{row.adversarial}".split("/")
    return (row.validation, *map(int, counts))


EXPERTS = {
    name: [expert(row) for row in own.itertuples()]
    for name, own in pd.read_csv(REFERENCE / "experts.csv").groupby("condition")
}


@pytest.fixture(scope="module")
def experts(tmp_path_factory):
    natural = [Stimulus(bin="medium", ai_right=True) for _ in range(24)]
    adversarial = [Stimulus(bin="hard", ai_right=False, kind="adversarial") for _ in range(13)]
    participants = [
        Participant(
            condition=condition,
            validation_right=validation,
            right=[i < right for i in range(n)] + [i < fooled for i in range(m)],
            shown=[*range(n), *range(24, 24 + m)],
        )
        for condition, experts in EXPERTS.items()
        for validation, right, n, fooled, m in experts
    ]
    export = write_export(
        tmp_path_factory.mktemp("experts") / "e",
        participants,
        conditions=tuple(EXPERTS),
        stimuli=natural + adversarial,
    )
    return analysed(read_export(export))


def test_table_1_of_the_paper_comes_out_of_its_eleven_experts(experts):
    table = table_one(experts.participants, experts.trials, experts.users, experts.conditions)
    assert table.round(2).to_numpy().tolist() == [
        ["gradcam", 5, 9.8, 10, 67.31, 70, 104, 69.57, 32, 46, 68.0, 8.69],
        ["neighbours", 6, 9.83, 10, 78.45, 91, 116, 73.44, 47, 64, 76.67, 2.98],
    ]


def test_a_condition_without_people_and_a_kind_without_trials_are_missing(tmp_path):
    read = analysed(read_export(write_export(tmp_path / "e", [someone("gradcam", 3)])))
    table = table_one(read.participants, read.trials, read.users, read.conditions).set_index(
        "condition"
    )
    assert table.loc["confidence", "n_participants"] == 0
    assert table.loc["confidence"].drop("n_participants").isna().all()
    own = table.loc["gradcam"]
    assert (own["natural_right"], own["natural_trials"], own["mean_percent"]) == (3, 6, 50)
    assert own[["adversarial_percent", "adversarial_trials", "std_percent"]].isna().all()


def test_people_below_the_gate_are_not_in_the_mean_of_validation(tmp_path):
    participants = [someone("gradcam", 3, validation_right=k) for k in (2, 8, 9)]
    read = analysed(read_export(write_export(tmp_path / "e", participants)))
    table = table_one(read.participants, read.trials, read.users, ["gradcam"])
    assert table["mean_validation_right"].tolist() == [8.5]


def test_without_validation_trials_their_mean_is_missing():
    participants = pd.DataFrame(
        {"condition": ["a"], "step": "analysed", "n_validation": 0, "validation_right": 0}
    )
    trials = pd.DataFrame({"condition": ["a"], "kind": "natural", "team_right": True})
    users = pd.DataFrame({"condition": ["a"], "accuracy_percent": 100.0})
    row = table_one(participants, trials, users, ["a"]).iloc[0]
    assert pd.isna(row["mean_validation_right"])
    assert row["natural_right"] == 1
