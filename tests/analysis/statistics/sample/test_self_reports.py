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
name = "ai_use"
kind = "scale"
options = ["Never", "Sometimes", "Daily"]
[[questions]]
name = "age"
kind = "number"
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
}


def read_of(folder, told=TOLD) -> Analysed:
    export = write_export(folder / "e", PEOPLE, told=told, questions=QUESTIONS)
    return analysed(read_export(export))


@pytest.fixture(scope="module")
def read(tmp_path_factory) -> Analysed:
    return read_of(tmp_path_factory.mktemp("told"))


def people(read: Analysed) -> pd.DataFrame:
    return read.participants[read.participants["step"] == "analysed"]


def told_by(read: Analysed) -> pd.DataFrame:
    asked = (*read.export.study.questions, self_reports.ALTERED)
    return self_reports.study_answers(read.export, people(read), asked)


def counted(read: Analysed, answers: pd.DataFrame) -> pd.DataFrame:
    options = {q.name: q.options for q in (*read.export.study.questions, self_reports.ALTERED)}
    return self_reports.by_condition(answers, read.conditions, options)


def test_answers_are_counted_in_the_order_of_the_questions_and_of_their_options(read):
    table = counted(read, told_by(read))
    assert table["question"].drop_duplicates().tolist() == ["ai_use", "age", "altered_noticed"]
    own = table[table["question"] == "ai_use"]
    assert own[["answer", "condition", "n", "n_answered"]].to_numpy().tolist() == [
        ["Never", "confidence", 1, 2],
        ["Never", "gradcam", 0, 1],
        ["Never", "All", 1, 3],
        ["Sometimes", "confidence", 1, 2],
        ["Sometimes", "gradcam", 1, 1],
        ["Sometimes", "All", 2, 3],
        ["Daily", "confidence", 0, 2],
        ["Daily", "gradcam", 0, 1],
        ["Daily", "All", 0, 3],
    ]
    assert own["share_percent"].head(3).tolist() == pytest.approx([50, 0, 100 / 3])


def test_whether_pictures_looked_altered_is_counted_of_the_people_analysed(read):
    table = counted(read, told_by(read)).set_index(["question", "answer", "condition"])["n"]
    own = table["altered_noticed"]
    assert own[own > 0].to_dict() == {
        ("yes", "confidence"): 1,
        ("yes", "All"): 1,
        ("no", "gradcam"): 1,
        ("no", "All"): 1,
        ("not_sure", "confidence"): 1,
        ("not_sure", "All"): 1,
    }


def test_numbers_have_a_mean_and_a_spread_and_only_of_the_people_analysed(read):
    table = counted(read, told_by(read))
    own = table[table["question"] == "age"].set_index("condition")
    first = own.loc["confidence", ["n_answered", "mean", "min", "median", "max"]]
    assert first.tolist() == [2, 25.5, 20, 25.5, 31]
    assert own.loc["confidence", "std"] == pytest.approx(11 / 2**0.5)
    assert own.loc["gradcam", "n_answered"] == 1  # the second has failed_attention
    assert pd.isna(own.loc["gradcam", "std"])
    assert own.loc["All", "mean"] == pytest.approx(91 / 3)


def test_free_text_and_questions_that_were_not_asked_for_are_never_counted(tmp_path, read):
    assert "job" not in set(told_by(read)["question"])
    stray = {**TOLD, "questionnaire": rows("unheard", ["a word of my own"])}
    assert "unheard" not in set(told_by(read_of(tmp_path, stray))["question"])


def test_words_of_which_prolific_knows_too_many_are_not_counted_and_numbers_are(
    monkeypatch, tmp_path
):
    both = {"demographics": [*TOLD["demographics"], *rows("Age", ["20", "31", "40"])]}
    read = read_of(tmp_path, both)
    answers = self_reports.prolific_answers(read.export, people(read))
    assert answers["question"].drop_duplicates().tolist() == ["Age", "Sex"]
    table = counted(read, answers)
    assert table.loc[table["question"] == "Sex", "answer"].tolist() == ["Male"] * 3 + ["Female"] * 3
    monkeypatch.setattr(self_reports, "MOST_ANSWERS", 1)
    few = self_reports.prolific_answers(read.export, people(read))
    assert few["question"].drop_duplicates().tolist() == ["Age"]


def test_devices_are_counted_like_answers(read):
    devices = pd.Series({"p000": "phone", "p001": "computer", "p003": "phone"})
    answers = self_reports.device_answers(devices, people(read))
    assert answers["answer"].tolist() == ["phone", "computer"]
    assert answers["source"].unique().tolist() == ["browser"]


def test_nothing_told_gives_tables_without_rows(tmp_path):
    read = analysed(read_export(write_export(tmp_path / "e", [Participant()])))
    assert counted(read, told_by(read)).empty
    assert self_reports.prolific_answers(read.export, people(read)).empty
