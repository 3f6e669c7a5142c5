"""What people said of themselves: counts, shares and means by condition.

A9 of Nguyen et al. 2021 tells who took part. There are no tests: conditions are drawn at random, so
a difference between their people is chance. Free text is never among it.
"""

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.export.columns import PARTICIPANTS
from analysis.export.read import Export
from analysis.export.study_file import QuestionTable
from analysis.statistics.sample.exclusions import ALL

STUDY, PROLIFIC, BROWSER = "study", "Prolific", "browser"
FREE_TEXT = "text"  # the kind of question whose answers are written, not chosen
MOST_ANSWERS = 30  # different ones to a question of Prolific; more may be people's own words
ALTERED = QuestionTable(
    name="altered_noticed",
    text="Did any picture look altered?",
    options=PARTICIPANTS["altered_noticed"].levels,
)
DEVICE = QuestionTable(name="device", text="Device")
QUESTION = ["source", "question"]
COLUMNS = (
    *(*QUESTION, "answer", "condition", "n", "n_answered", "share_percent"),
    *("mean", "std", "min", "median", "max"),
)


def study_answers(
    export: Export, people: pd.DataFrame, questions: Sequence[QuestionTable]
) -> pd.DataFrame:
    """What people answered to questions of the study file, and to its last one.

    Args:
        export: as it was read.
        people: participant_id and condition of those who count.
        questions: which ones; those of free text are left out.

    Returns:
        source ("study"), question, answer and condition, by the order of the questions.
    """
    last = export.participants[["participant_id", "altered_noticed"]].dropna()
    last = last.rename(columns={"altered_noticed": "value"}).assign(name=ALTERED.name)
    answers = pd.concat([export.questionnaire, last])
    asked = [question.name for question in questions if question.kind != FREE_TEXT]
    own = answers[answers["name"].isin(asked)]
    return _of_people(
        own.sort_values("name", key=lambda name: name.map(asked.index)), people, STUDY
    )


def prolific_answers(export: Export, people: pd.DataFrame) -> pd.DataFrame:
    """What people told Prolific, likewise, by the names of the questions.

    Left out is what has more than `MOST_ANSWERS` different answers that are no numbers.
    """
    answers = _of_people(export.demographics.sort_values("name"), people, PROLIFIC)
    by_question = answers.groupby("question")["answer"]
    countable = (by_question.transform("nunique") <= MOST_ANSWERS) | by_question.transform(
        lambda own: are_numbers(own)
    ).astype(bool)
    return answers[countable]


def device_answers(devices: pd.Series, people: pd.DataFrame) -> pd.DataFrame:
    """What people took part on (`device_classes.device_of`), as if they had been asked."""
    rows = devices.rename("value").rename_axis("participant_id").reset_index()
    return _of_people(rows.assign(name=DEVICE.name), people, BROWSER)


def by_condition(
    answers: pd.DataFrame,
    conditions: Sequence[str],
    options: Mapping[str, Sequence[str]],
) -> pd.DataFrame:
    """How often each answer was given, or mean and spread where all answers are numbers.

    Args:
        answers: as the functions above return them.
        conditions: in the order in which they are reported.
        options: of questions that have an order of their own, by name.

    Returns:
        source, question, answer (empty for numbers), condition (at last "All"), n, n_answered (to
        the question), share_percent (missing where nobody answered), and for numbers mean, std
        (over n - 1), min, median and max. Options in their order, other answers with the most
        frequent first.
    """
    rows: list[tuple[object, ...]] = []
    for (source, question), own in answers.groupby(QUESTION, sort=False):
        groups = {c: own.loc[own["condition"] == c, "answer"] for c in conditions}
        groups[ALL] = own["answer"]
        known_options = options.get(str(question), ())
        if not known_options and are_numbers(own["answer"]):
            rows += [(source, question, "", c, *_spread(given)) for c, given in groups.items()]
            continue
        for answer in known_options or own["answer"].sort_values().value_counts().index:
            for condition, given in groups.items():
                n, whole = int((given == answer).sum()), len(given)
                share = 100 * n / whole if whole else math.nan
                rows.append((source, question, answer, condition, n, whole, share, *[math.nan] * 5))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def are_numbers(answers: pd.Series) -> bool:
    """Whether all of them are."""
    return bool(pd.to_numeric(answers, errors="coerce").notna().all())


def _of_people(rows: pd.DataFrame, people: pd.DataFrame, source: str) -> pd.DataFrame:
    named = rows.rename(columns={"name": "question", "value": "answer"}).assign(source=source)
    known = named.merge(people[["participant_id", "condition"]], on="participant_id")
    return known[[*QUESTION, "answer", "condition"]]


def _spread(answers: pd.Series) -> tuple[object, ...]:
    """n to max of a question that was answered by numbers."""
    values = pd.to_numeric(answers).astype("float64")
    n = len(values)
    std = values.std(ddof=1) if n > 1 else math.nan
    return n, n, math.nan, values.mean(), std, values.min(), values.median(), values.max()
