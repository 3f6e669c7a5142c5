"""What a study can find, in sentences."""

import pandas as pd

from analysis.power.design import Design
from analysis.power.forecast import MOST_PEOPLE
from analysis.report.phrasing.words import listed, unbroken
from analysis.statistics.differences import PEOPLE
from analysis.statistics.measures.compared import MEASURES

OF_WHOM = {True: "on these stimuli alone", False: "that holds for other stimuli of the sort too"}


def answers(
    design: Design, needed: pd.DataFrame, least: pd.DataFrame, *, money: str, leaning: bool
) -> list[str]:
    """What the page begins with: what the planned people find, then people for each effect.

    Args:
        design: of the study.
        needed: as `tables.needed_rows` yields them.
        least: as `tables.least_rows` yields them, those of the planned number first.
        money: the currency.
        leaning: whether conditions are assumed to suit single stimuli, which people do not mend.
    """
    own = needed[needed["in_sentence"] & (needed["target"] == needed["target"].min())]
    planned = least.iloc[0]
    n_planned = int(planned["n_per_condition"])
    first = (
        f"With {n_planned:,} people in each condition the study finds differences "
        f"from {planned['least_80']:.1f} points on in four of five cases."
        if pd.notna(planned["least_80"])
        else f"{n_planned:,} people in each condition find no difference in four of "
        "five cases, however large."
    )
    reached, beyond = (
        own[own["n_per_condition"].isna() == is_missing] for is_missing in (False, True)
    )
    texts = [first, *(_reached(design, row, money) for _, row in reached.iterrows())]
    if len(beyond):
        names = listed([_effect(design, row).rstrip(",") for _, row in beyond.iterrows()])
        advice = " More stimuli would do more than more people." if leaning else ""
        texts.append(f"Out of reach of {MOST_PEOPLE:,} people in each condition: {names}.{advice}")
    return [unbroken(text) for text in texts]


def _reached(design: Design, row: pd.Series, money: str) -> str:
    what = _effect(design, row)
    cost = "" if pd.isna(row["cost"]) else f", {money} {row['cost']:,.2f} in rewards"
    whom = "" if row["question"] == "interaction" else f" {OF_WHOM[row['claim'] == PEOPLE]}"
    people = f"takes {row['n_per_condition']:,} people in each condition"
    return f"{what[0].upper()}{what[1:]}{whom} {people}{cost}."


def _effect(design: Design, row: pd.Series) -> str:
    points = f"{row['effect_points']:g} points"
    match row["question"]:
        case "equivalence":
            return f"equivalence within ± {design.margin:g} points, where nothing differs,"
        case "interaction":
            return f"an effect on accuracy that is {points} larger where the AI is right"
    return f"a difference of {points} in {MEASURES[design.measure].title.lower()}"
