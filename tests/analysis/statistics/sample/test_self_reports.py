import pandas as pd
import pytest

from analysis.export.read import read_export
from analysis.statistics.analysed import Analysed, analysed
from analysis.statistics.sample import self_reports
from tests.analysis.exports import write_export
from tests.analysis.participants import Participant

# p000 and p001 with confidence, p002 with gradcam; p003 failed too many checks.
PEOPLE = [
    Participant(altered="yes"),
    Participant(altered="not_sure"),
    Participant(condition="gradcam", altered="no"),
    Participant(condition="gradcam", outcome="failed_attention", altered="yes"),
]
QUESTIONS = """
[[questions]]
name = "age"
kind = "number"
[[questions]]
name = "ai_use"
kind = "scale"
options = ["Never", "Sometimes", "Daily"]
[[questions]]
name = "job"
kind = "text"
"""


def rows(name: str, values: list[str]) -> list[dict[str, object]]:
    return [
        {"participant_id": f"p{i:03d}", "name": name, "value": value}
        for i, value in enumerate(values)
    ]


TOLD = {
    "questionnaire": [
        *rows("age", ["20", "31", "40", "99"]),
        *rows("ai_use", ["Sometimes", "Never", "Sometimes"]),
        *rows("job", ["the baker of our village"]),
    ],
    "demographics": rows("Sex", ["Female", "Male", "Male"]),
    "attention": [
        {**row, "kind": "instructed", "passed": int(str(row["value"]) == "Pink")}
        for row in rows("pink", ["Pink", "Blue", "Pink", "Blue"])
    ],
}


def read_of(folder, told=TOLD) -> Analysed:
    export = write_export(folder / "e", PEOPLE, told=told, questions=QUESTIONS)
    return analysed(read_export(export))


@pytest.fixture(scope="module")
def read(tmp_path_factory) -> Analysed:
    return read_of(tmp_path_factory.mktemp("told"))


def told_by(read: Analysed) -> pd.DataFrame:
    participants = read.participants
    return self_reports.told(read.export, participants[participants["step"] == "analysed"])


def test_answers_are_counted_by_condition_in_the_order_of_the_options(read):
    table = self_reports.shares(told_by(read), read.conditions)
    keys = table[["question", "answer", "condition"]].to_numpy().tolist()
    assert keys[:4] == [
        ["ai_use", "Never", "confidence"],
        ["ai_use", "Never", "gradcam"],
        ["ai_use", "Sometimes", "confidence"],
        ["ai_use", "Sometimes", "gradcam"],
    ]
    counts = table[["n", "n_answered", "share_percent"]].to_numpy().tolist()
    assert counts[:4] == [[1, 2, 50], [0, 1, 0], [1, 2, 50], [1, 1, 100]]
    assert table["source"].drop_duplicates().tolist() == ["study", "Prolific"]


def test_whether_pictures_looked_altered_is_counted_of_the_people_analysed(read):
    table = self_reports.shares(told_by(read), read.conditions)
    own = table[table["question"] == "altered_noticed"].set_index(["answer", "condition"])["n"]
    assert own[own > 0].to_dict() == {
        ("yes", "confidence"): 1,
        ("no", "gradcam"): 1,
        ("not_sure", "confidence"): 1,
    }


def test_numbers_have_a_mean_and_a_spread_and_only_of_the_people_analysed(read):
    table = self_reports.numbers(told_by(read), read.conditions).set_index("condition")
    assert table["question"].tolist() == ["age", "age"]
    own = table.loc["confidence", ["n_answered", "mean", "min", "median", "max"]]
    assert own.tolist() == [2, 25.5, 20, 25.5, 31]
    assert table.loc["confidence", "std"] == pytest.approx(11 / 2**0.5)
    assert table.loc["gradcam", "n_answered"] == 1  # the second has failed_attention
    assert pd.isna(table.loc["gradcam", "std"])


def test_free_text_and_questions_that_the_study_file_lacks_are_never_counted(tmp_path, read):
    assert "job" not in set(told_by(read)["question"])
    stray = {**TOLD, "questionnaire": rows("unheard", ["a word of my own"])}
    assert "unheard" not in set(told_by(read_of(tmp_path, stray))["question"])


def test_words_of_which_prolific_knows_too_many_are_not_counted_and_numbers_are(monkeypatch, read):
    monkeypatch.setattr(self_reports, "MOST_ANSWERS", 1)
    assert "Sex" not in set(told_by(read)["question"])
    assert {"age", "ai_use"} <= set(told_by(read)["question"])


def test_attention_checks_count_those_whom_they_left_out_too(read):
    table = self_reports.attention(read.export.attention, read.participants, read.conditions)
    assert table[["check", "kind", "condition", "n", "n_answered"]].to_numpy().tolist() == [
        ["pink", "instructed", "confidence", 1, 2],
        ["pink", "instructed", "gradcam", 1, 2],
    ]
    assert table["share_percent"].tolist() == [50, 50]


def test_nothing_told_gives_tables_without_rows(tmp_path):
    read = analysed(read_export(write_export(tmp_path / "e", [Participant()])))
    told = told_by(read)
    assert self_reports.shares(told, read.conditions).empty
    assert self_reports.numbers(told, read.conditions).empty
    checks = self_reports.attention(read.export.attention, read.participants, read.conditions)
    assert checks.empty
