"""What people said of themselves, and whether they read on: counts and shares by condition.

A9 of Nguyen et al. 2021 tells who took part. There are no tests: conditions are drawn at random, so
a difference between their people is chance. Free text is never among it.
"""

from collections.abc import Iterable, Sequence

import pandas as pd

from analysis.export.columns import PARTICIPANTS
from analysis.export.read import Export
from analysis.export.study_file import QuestionTable

QUESTION = ["source", "question"]
STUDY, PROLIFIC = "study", "Prolific"
FREE_TEXT = "text"  # the kind of question whose answers are written, not chosen
MOST_ANSWERS = 30  # different ones to a question of Prolific; more may be people's own words
ALTERED = QuestionTable(name="altered_noticed", options=PARTICIPANTS["altered_noticed"].levels)


def told(export: Export, people: pd.DataFrame) -> pd.DataFrame:
    """Every answer that may be counted: to the study's questions, its last one, and Prolific's.

    Args:
        export: as it was read.
        people: participant_id and condition of those who count.

    Returns:
        source ("study" or "Prolific"), question, answer, place (among the options of the study
        file; 0 where there are none) and condition. Left out are questions that the study file
        lacks or whose answers are free text, and those of Prolific with more than `MOST_ANSWERS`
        different answers that are no numbers.
    """
    questions = [q for q in export.study.questions if q.kind != FREE_TEXT] + [ALTERED]
    last = export.participants[["participant_id", "altered_noticed"]].dropna()
    last = last.rename(columns={"altered_noticed": "value"}).assign(name=ALTERED.name)
    own = pd.concat([export.questionnaire, last])
    own = own[own["name"].isin([question.name for question in questions])]
    answers = pd.concat([own.assign(source=STUDY), export.demographics.assign(source=PROLIFIC)])
    answers = answers.rename(columns={"name": "question", "value": "answer"})
    answers = answers.merge(people[["participant_id", "condition"]], on="participant_id")
    different = answers.groupby(QUESTION)["answer"].transform("nunique")
    countable = (answers["source"] == STUDY) | _in_numbers(answers) | (different <= MOST_ANSWERS)
    answers = answers[countable].reset_index(drop=True)
    answers["place"] = _places(answers, questions)
    return answers[[*QUESTION, "answer", "place", "condition"]]


def shares(answers: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """How often each answer was given, to questions whose answers are not all numbers.

    Args:
        answers: as `told` returns them.
        conditions: in the order in which they are reported.

    Returns:
        source, question, answer, condition, n, n_answered (of the condition, to that question)
        and share_percent (missing where nobody answered); options of the study file in their
        order, other answers by the alphabet.
    """
    chosen = answers[~_in_numbers(answers)]
    order = chosen.sort_values([*QUESTION, "place", "answer"], key=_study_first)
    return _counted(order, chosen, [*QUESTION, "answer"], QUESTION, conditions)


def numbers(answers: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    """Mean and spread of the answers to questions that were all answered by numbers.

    Args:
        answers: as `told` returns them.
        conditions: in the order in which they are reported.

    Returns:
        source, question, condition, n_answered, mean, std (over n - 1), min, median, max.
    """
    own = answers[_in_numbers(answers)].sort_values(QUESTION, key=_study_first)
    values = own.assign(answer=pd.to_numeric(own["answer"]).astype("float64"))
    of_condition = values.groupby([*QUESTION, "condition"], observed=True)["answer"]
    table = of_condition.agg(["count", "mean", "std", "min", "median", "max"]).reset_index()
    rows = _for_each(values[QUESTION].drop_duplicates(), conditions)
    table = rows.merge(table, on=[*QUESTION, "condition"], how="left")
    table = table.rename(columns={"count": "n_answered"})
    return table.fillna({"n_answered": 0}).astype({"n_answered": "int64"})


def attention(
    checks: pd.DataFrame, people: pd.DataFrame, conditions: Sequence[str]
) -> pd.DataFrame:
    """How many people passed each attention check.

    Args:
        checks: as in the export.
        people: participant_id and condition of everybody who counts here: also of those whom
            failed checks leave out of the analysis.
        conditions: in the order in which they are reported.

    Returns:
        check, kind, condition, n (who passed), n_answered and share_percent (missing where nobody
        answered).
    """
    answers = checks.rename(columns={"name": "check"}).merge(
        people[["participant_id", "condition"]], on="participant_id"
    )
    keys = ["check", "kind"]
    return _counted(answers, answers[answers["passed"].astype(bool)], keys, keys, conditions)


def _counted(
    everything: pd.DataFrame,
    counted: pd.DataFrame,
    keys: list[str],
    whole: list[str],
    conditions: Sequence[str],
) -> pd.DataFrame:
    """How many of `counted` have each of the `keys`, of all that have its `whole`."""
    rows = _for_each(everything[keys].drop_duplicates(), conditions)
    for rows_of, name, by in ((counted, "n", keys), (everything, "n_answered", whole)):
        sizes = rows_of.groupby([*by, "condition"], observed=True).size().rename(name)
        rows = rows.merge(sizes.reset_index(), on=[*by, "condition"], how="left")
    table = rows.fillna({"n": 0, "n_answered": 0}).astype({"n": "int64", "n_answered": "int64"})
    known = table["n_answered"].where(table["n_answered"] > 0)
    return table.assign(share_percent=100 * table["n"] / known)


def _for_each(rows: pd.DataFrame, conditions: Sequence[str]) -> pd.DataFrame:
    return rows.merge(pd.Series(conditions, name="condition", dtype="str"), how="cross")


def _in_numbers(answers: pd.DataFrame) -> pd.Series:
    """Whether all answers to the question of each row are numbers."""
    is_number = pd.to_numeric(answers["answer"], errors="coerce").notna()
    return is_number.groupby([answers[name] for name in QUESTION]).transform("all").astype(bool)


def _places(answers: pd.DataFrame, questions: Iterable[QuestionTable]) -> list[int]:
    places = {
        (STUDY, question.name, option): place
        for question in questions
        for place, option in enumerate(question.options)
    }
    keys = answers[[*QUESTION, "answer"]].itertuples(index=False, name=None)
    return [places.get(key, 0) for key in keys]


def _study_first(column: pd.Series) -> pd.Series:
    return column != STUDY if column.name == "source" else column
