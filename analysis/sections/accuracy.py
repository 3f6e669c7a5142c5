"""Per-user accuracy: what people with each condition got right."""

from functools import partial

import pandas as pd

from analysis import accuracy
from analysis.analysed import Analysed
from analysis.figures.users import per_user
from analysis.listing import Listing, Shown, listing
from analysis.section import Section
from analysis.sections.columns import CONDITION
from analysis.sentences import few_people
from analysis.table_one import table_one

ENOUGH = 20  # people: at the paper's std of about 10 points, an interval of ± 5 points


def section(analysed: Analysed) -> Section:
    """The mean of the people of each condition, and a dot for each person."""
    summary = accuracy.per_condition(analysed.users, analysed.conditions)
    columns = (
        CONDITION,
        Shown(column="n_participants", header="Participants"),
        Shown(column="mean_percent", header="Mean, %", digits=2),
        Shown(column="std_percent", header="Std, points", digits=2),
        Shown(column="low_percent", to="high_percent", header="95 % interval", digits=1),
    )
    return Section(
        name="accuracy",
        listings=(
            listing("accuracy", "Per-user accuracy", summary, columns),
            _table_one(analysed),
        ),
        figures={"accuracy": partial(per_user, analysed.users, summary)},
        prose={"few_people": _few_people(summary)},
    )


def _few_people(summary: pd.DataFrame) -> str:
    few = summary[summary["n_participants"] < ENOUGH]
    if few.empty or summary["n_participants"].sum() == 0:
        return ""
    return few_people(few, enough=ENOUGH)


def _table_one(analysed: Analysed) -> Listing:
    table = table_one(analysed.people, analysed.trials, analysed.users, analysed.conditions)
    kinds = [
        column
        for kind in ("natural", "adversarial")
        if kind == "natural" or table["adversarial_trials"].notna().any()
        for column in (
            Shown(column=f"{kind}_percent", header=f"{kind.capitalize()}, %", digits=2),
            Shown(column=f"{kind}_right", of=f"{kind}_trials", header="Trials"),
        )
    ]
    columns = (
        CONDITION,
        Shown(column="n_participants", header="Users"),
        Shown(column="mean_validation_right", of="n_validation", header="Validation", digits=2),
        *kinds,
        Shown(column="mean_percent", header="μ, %", digits=2),
        Shown(column="std_percent", header="σ, points", digits=2),
    )
    return listing("table1", "Users, validation and accuracy", table, columns)
