from dataclasses import replace

import pytest

from analysis.export.read import read_export
from analysis.report.phrasing.answer import what_it_survives
from analysis.statistics.analysed import analysed
from analysis.statistics.sensitivity import sensitivity
from tests.analysis.exports import write_export
from tests.analysis.participants import NATURAL, Participant, someone


def table_of(folder, participants, **facts):
    sample = analysed(read_export(write_export(folder / "e", participants, **facts)))
    return sensitivity(sample), sample


def test_the_primary_row_is_the_primary_comparison_and_without_the_gate_more_people_count(tmp_path):
    people = [someone(name, k) for name in ("confidence", "gradcam") for k in (2, 3, 5)]
    low = Participant(condition="gradcam", right=(False,) * 6, validation_right=3)
    table, _ = table_of(tmp_path, [*people, low])
    rows = table.set_index("row")
    assert rows.loc["primary", ["n_a", "n_b"]].tolist() == [3, 3]
    assert rows.loc["without the gate", ["n_a", "n_b"]].tolist() == [3, 4]
    assert rows.loc["primary", "difference"] == pytest.approx(0)
    assert rows.loc["without the gate", "difference"] == pytest.approx(
        100 * 10 / 6 * (1 / 3 - 1 / 4)
    )
    assert "undisputed" not in rows.index


def test_debatable_stimuli_are_left_out_in_a_row_of_their_own(tmp_path):
    stimuli = [replace(NATURAL[0], debatable=True), *NATURAL[1:]]
    people = [someone(name, k) for name in ("confidence", "gradcam") for k in (2, 5)]
    table, _ = table_of(tmp_path, people, stimuli=stimuli)
    rows = table.set_index("row")
    # Of the right ones, two or five of six, the first is gone.
    assert rows.loc["undisputed", "difference"] == pytest.approx(0)
    assert rows.loc["undisputed", "n_trials"] == rows.loc["primary", "n_trials"] - 4


def test_the_answer_says_how_far_the_difference_moves(tmp_path):
    people = [someone(name, k) for name in ("confidence", "gradcam") for k in (2, 3, 5)]
    low = Participant(condition="gradcam", right=(False,) * 6, validation_right=3)
    table, _ = table_of(tmp_path, [*people, low])
    text = what_it_survives(table).replace("\N{NO-BREAK SPACE}", " ")
    assert text.startswith("Under 1 other choice of people or trials (without the gate)")
    assert "from 0.0 to 13.9" in text
    assert "none changes sign" in text
    assert what_it_survives(table[table["row"] == "primary"]) == ""
