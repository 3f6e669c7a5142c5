"""Per-user accuracy: what people with each condition got right."""

from functools import partial

import pandas as pd

from analysis.report.figures.users import per_user
from analysis.report.listing import Listing, Shown, listing
from analysis.report.phrasing import different_ais, few_people, matched_ais, unequal_mix
from analysis.report.section import Section
from analysis.report.sections.shared_columns import AI_RIGHT, BIN, CONDITION, TRIALS
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures import accuracy
from analysis.statistics.measures.table_one import table_one
from analysis.statistics.pairs import comparable
from analysis.statistics.sample.stimulus_mix import largest_difference, mix

ENOUGH = 20  # people: at the paper's std of about 10 points, an interval of ± 5 points
UNEQUAL = 5.0  # points by which shares of a sort of stimulus may differ before the page warns


def section(analysed: Analysed) -> Section:
    """The mean of the people of each condition, and a dot for each person."""
    summary = accuracy.per_condition(analysed.users, analysed.conditions)
    shares = mix(analysed.trials, analysed.conditions)
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
            _mix(shares),
        ),
        figures={"accuracy": partial(per_user, analysed.users, summary)},
        prose={
            "cautions": _cautions(analysed, summary, shares),
            "same_answers": matched_ais(analysed.export.facts),
        },
    )


def _cautions(analysed: Analysed, summary: pd.DataFrame, shares: pd.DataFrame) -> list[str]:
    if analysed.users.empty:
        return []
    few = summary[summary["n_participants"] < ENOUGH]
    facts = analysed.export.facts
    points, more, less = max(
        largest_difference(shares[shares["condition"].isin(names)]) for names in comparable(facts)
    )
    return [
        *([few_people(few, enough=ENOUGH)] if len(few) else []),
        *([unequal_mix(points, more, less)] if points >= UNEQUAL else []),
        *filter(None, [different_ais(facts)]),
    ]


def _mix(shares: pd.DataFrame) -> Listing:
    columns = (
        Shown(column="kind", header="Kind"),
        AI_RIGHT,
        BIN,
        CONDITION,
        TRIALS,
        Shown(column="share_percent", header="Of its trials, %", digits=1),
    )
    return listing("mix", "Stimuli that people met", shares, columns, grouped=3)


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
