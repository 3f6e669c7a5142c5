"""Ordinal answers as numbers: options counted from 1, reversed items turned round."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.export.study_file import QuestionTable, StudyFile
from analysis.statistics.means import mean_over_people

ORDINAL = "scale"  # the kind of question whose options have an order
PERSON = ["participant_id", "condition"]
COLUMNS = (
    *("scale", "n_items", "lowest", "highest", "condition"),
    *("n_people", "n_partly", "mean", "std", "low", "high"),
)


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Questions that measure one thing.

    Attributes:
        name: of `[[scales]]`; that of the question where it is alone.
        label: for people.
        items: the questions, each with as many options.
        reversed: names of the items whose first option means most.
        is_outcome: whether it was asked after the trials, so that conditions may differ in it.
    """

    name: str
    label: str
    items: tuple[QuestionTable, ...]
    reversed: tuple[str, ...] = ()
    is_outcome: bool = True

    @property
    def n_options(self) -> int:
        """Options of each item: the highest score."""
        return len(self.items[0].options)


def scales_of(study: StudyFile) -> tuple[Scale, ...]:
    """The scales that the study file declares, and each ordinal question after the trials that is
    in none of them."""
    ordinal = {q.name: q for q in study.questions if q.kind == ORDINAL}
    declared = [
        Scale(
            name=table.name,
            label=table.name.replace("_", " "),
            items=tuple(ordinal[name] for name in table.items),
            reversed=table.reversed,
            is_outcome=all(ordinal[name].when == "after" for name in table.items),
        )
        for table in study.scales
    ]
    used = {item.name for scale in declared for item in scale.items}
    alone = [
        Scale(name=question.name, label=question.label, items=(question,))
        for question in ordinal.values()
        if question.when == "after" and question.name not in used
    ]
    return (*declared, *alone)


def item_scores(scale: Scale, questionnaire: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """What each person answered to each item of a scale, as numbers.

    Args:
        scale: one of `scales_of`.
        questionnaire: as in the export.
        people: participant_id and condition of those who count.

    Returns:
        participant_id, condition, and a column for each item, 1 to `n_options`, reversed items
        turned round; missing where there is no answer, or one that is no option.
    """
    names = [item.name for item in scale.items]
    own = questionnaire[questionnaire["name"].isin(names)]
    words = own.pivot(index="participant_id", columns="name", values="value")
    numbers = pd.DataFrame(index=words.index)
    for item in scale.items:
        places = {option: float(place) for place, option in enumerate(item.options, 1)}
        if item.name in scale.reversed:
            places = {option: scale.n_options + 1 - place for option, place in places.items()}
        column = words[item.name] if item.name in words else pd.Series(index=words.index)
        numbers[item.name] = column.map(places).astype("float64")
    return people[PERSON].merge(numbers, how="left", left_on=PERSON[0], right_index=True)


def scale_scores(items: pd.DataFrame) -> pd.DataFrame:
    """The mean over the items of everybody who answered all of them.

    Args:
        items: as `item_scores` returns them.

    Returns:
        participant_id, condition and score.
    """
    complete = items.dropna()
    return complete[PERSON].assign(score=complete.drop(columns=PERSON).mean(axis=1))


def per_condition(answers: Mapping[Scale, pd.DataFrame], conditions: Sequence[str]) -> pd.DataFrame:
    """Mean and spread of each scale in each condition.

    Args:
        answers: `item_scores` of each scale.
        conditions: in the order in which they are reported.

    Returns:
        scale, n_items, lowest and highest (score that can be had), condition, n_people (who
        answered all items), n_partly (who answered some), mean, std (over n - 1), low and high
        (`mean_over_people`).
    """
    rows = []
    for scale, items in answers.items():
        numbers, scores = items.drop(columns=PERSON), scale_scores(items)
        partly = numbers.notna().any(axis=1) & numbers.isna().any(axis=1)
        for condition in conditions:
            own = mean_over_people(scores.loc[scores["condition"] == condition, "score"])
            n_partly = int(partly[items["condition"] == condition].sum())
            known = (scale.name, len(scale.items), 1, scale.n_options, condition)
            rows.append((*known, own.n, n_partly, own.mean, own.std, own.low, own.high))
    return pd.DataFrame(rows, columns=list(COLUMNS))
