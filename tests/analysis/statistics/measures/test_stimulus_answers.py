import pandas as pd
import pytest

from analysis.export.read import read_export
from analysis.statistics.analysed import analysed
from analysis.statistics.measures.stimulus_answers import per_stimulus, right_shares
from tests.analysis.exports import write_export
from tests.analysis.participants import ADVERSARIAL, NATURAL, Participant, Stimulus

WRONG_FOR_OTHER = (Stimulus(bin="hard", ai_right=False, label="ringlet"), *NATURAL[1:])


def read_of(folder, participants, **settings):
    return analysed(read_export(write_export(folder / "e", participants, **settings)))


def table_of(read) -> pd.DataFrame:
    export = read.export
    conditions = export.facts.conditions
    return per_stimulus(read.trials, export.stimuli, export.predictions, conditions)


def test_each_pair_of_stimulus_and_condition_has_its_people_and_its_share(tmp_path):
    participants = [
        Participant(right=(True, False)),
        Participant(right=(False, False)),
        Participant(right=(True, None)),
        Participant(condition="gradcam", shown=(7,), right=(True,)),
    ]
    table = table_of(read_of(tmp_path, participants)).set_index(["condition", "stimulus_id"])
    assert len(table) == 2 * len(NATURAL + ADVERSARIAL)  # also what nobody judged
    counts = table[["n_people", "n_right"]]
    assert counts.loc["confidence"].to_numpy().tolist()[:3] == [[3, 2], [2, 0], [0, 0]]
    assert table.loc[("confidence", "t0"), "right_percent"] == pytest.approx(200 / 3)
    assert pd.isna(table.loc[("confidence", "t2"), "right_percent"])
    seven = table.loc[("gradcam", "t7")]
    assert (seven["kind"], seven["n_people"], seven["right_percent"]) == ("adversarial", 1, 100)


def test_what_the_ai_says_is_that_of_the_conditions_classifier(tmp_path):
    read = read_of(
        tmp_path,
        [Participant(right=(True,))],
        stimuli=NATURAL,
        judged={"gradcam": "other"},
        others={"other": WRONG_FOR_OTHER},
        pool=[],
    )
    first = table_of(read).query("stimulus_id == 't0'").set_index("condition")
    assert first["classifier"].to_dict() == {"confidence": "tiny", "gradcam": "other"}
    assert first["label"].to_dict() == {"confidence": "monarch", "gradcam": "ringlet"}
    assert first["ai_right"].tolist() == [True, False]
    assert first["true_label"].tolist() == ["monarch", "monarch"]


def test_conditions_keep_their_order_and_ids_theirs(tmp_path):
    conditions = ("neighbours", "confidence")
    table = table_of(read_of(tmp_path, [], conditions=conditions, stimuli=NATURAL))
    assert table["condition"].drop_duplicates().tolist() == list(conditions)
    assert table["stimulus_id"].tolist() == [f"t{i}" for i in range(6)] * 2


def test_who_met_a_stimulus_twice_counts_once_with_the_first_answer(tmp_path):
    read = read_of(tmp_path, [Participant(shown=(0, 0), right=(False, True))])
    (row,) = right_shares(read.trials).to_dict("records")
    assert (row["n_people"], row["n_right"], row["right_percent"]) == (1, 0, 0)
