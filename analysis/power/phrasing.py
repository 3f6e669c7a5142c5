"""What a study can find, in sentences."""

from collections.abc import Iterator

import pandas as pd

from analysis.power.design import Design
from analysis.power.forecast import MOST_PEOPLE
from analysis.report.phrasing.words import unbroken
from analysis.statistics.differences import PEOPLE
from analysis.statistics.measures.compared import MEASURES

OF_WHOM = {True: "on these stimuli alone", False: "that holds for other stimuli of the sort too"}


def answers(design: Design, needed: pd.DataFrame, least: pd.DataFrame, money: str) -> list[str]:
    """What the page begins with: people for each effect, then what the planned ones find.

    Args:
        design: of the study.
        needed: as `tables.needed_rows` yields them.
        least: as `tables.least_rows` yields them, those of the planned number first.
        money: the currency.
    """
    own = needed[needed["in_sentence"] & (needed["target"] == needed["target"].min())]
    planned = least.iloc[0]
    first = (
        f"With {planned['n_per_condition']} people in each condition the study finds differences "
        f"from {planned['least_80']:.1f} points on in four of five cases."
        if pd.notna(planned["least_80"])
        else f"{planned['n_per_condition']} people in each condition find no difference in four of "
        "five cases, however large."
    )
    return [unbroken(text) for text in (first, *_needed_in_words(design, own, money))]


def _needed_in_words(design: Design, rows: pd.DataFrame, money: str) -> Iterator[str]:
    for _, row in rows.iterrows():
        what, n = _effect_in_words(design, row), row["n_per_condition"]
        if pd.isna(n):
            yield (
                f"{what} is out of reach: {MOST_PEOPLE:,} people in each condition "
                "do not find it in four of five cases. More stimuli would do more than more people."
            )
            continue
        cost = "" if pd.isna(row["cost"]) else f", {money} {row['cost']:,.2f} in rewards"
        yield f"{what} takes {n} people in each condition{cost}."


def _effect_in_words(design: Design, row: pd.Series) -> str:
    measure = MEASURES[design.measure].title.lower()
    whom = OF_WHOM[row["claim"] == PEOPLE]
    match row["question"]:
        case "equivalence":
            return f"Equivalence within ± {design.margin:g} points {whom}, where nothing differs,"
        case "interaction":
            return (
                f"An effect on accuracy that is {row['effect_points']:g} points larger where the "
                "AI is right than where it is wrong"
            )
    return f"A difference of {row['effect_points']:g} points in {measure} {whom}"
