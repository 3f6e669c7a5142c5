"""Per-user accuracy: what people with each condition got right."""

from functools import partial

import pandas as pd

from analysis.report.figures.users import per_user
from analysis.report.listing import TableColumn, listing
from analysis.report.phrasing.ais import different_ais, matched_ais
from analysis.report.phrasing.sample import few_people, unequal_mix
from analysis.report.section import Section
from analysis.report.sections.shared_columns import AI_RIGHT, BIN, CONDITION, TRIALS
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures import accuracy
from analysis.statistics.measures.table_one import table_one
from analysis.statistics.pairs import comparable
from analysis.statistics.sample.stimulus_mix import largest_difference, mix

PLACE = 20

ENOUGH = 20  # people: at the paper's std of about 10 points, an interval of ± 5 points
UNEQUAL = 5.0  # points by which shares of a sort of stimulus may differ before the page warns

ACCURACY_COLUMNS = (
    CONDITION,
    TableColumn(column="n_participants", header="Participants"),
    TableColumn(column="mean_percent", header="Mean, %", digits=2),
    TableColumn(column="std_percent", header="Std, points", digits=2),
    TableColumn(column="low_percent", to="high_percent", header="95 % interval", digits=1),
)
TABLE_ONE_COLUMNS = (
    CONDITION,
    TableColumn(column="n_participants", header="Users"),
    TableColumn(column="mean_validation_right", of="n_validation", header="Validation", digits=2),
    TableColumn(column="natural_percent", header="Natural, %", digits=2),
    TableColumn(column="natural_right", of="natural_trials", header="Trials"),
    TableColumn(column="adversarial_percent", header="Adversarial, %", digits=2),
    TableColumn(column="adversarial_right", of="adversarial_trials", header="Trials"),
    TableColumn(column="mean_percent", header="μ, %", digits=2),
    TableColumn(column="std_percent", header="σ, points", digits=2),
)
MIX_COLUMNS = (
    TableColumn(column="kind", header="Kind"),
    AI_RIGHT,
    BIN,
    CONDITION,
    TRIALS,
    TableColumn(column="share_percent", header="Of its trials, %", digits=1),
)


def section(analysed: Analysed) -> Section:
    """The mean of the people of each condition, and a dot for each person."""
    summary = accuracy.per_condition(analysed.users, analysed.conditions)
    shares = mix(analysed.trials, analysed.conditions)
    table = table_one(analysed.participants, analysed.trials, analysed.users, analysed.conditions)
    natural_only = table["adversarial_trials"].isna().all()
    columns = [
        column
        for column in TABLE_ONE_COLUMNS
        if not (natural_only and column.column.startswith("adversarial"))
    ]
    return Section(
        name="accuracy",
        title="Per-user accuracy",
        listings=(
            listing("accuracy", "Per-user accuracy", summary, ACCURACY_COLUMNS),
            listing("table1", "Users, validation and accuracy", table, columns),
            listing("mix", "Stimuli that people met", shares, MIX_COLUMNS, grouped=3),
        ),
        figures={"accuracy": partial(per_user, analysed.users, summary)},
        warnings=tuple(_warnings(analysed, summary, shares)),
        prose={"same_answers": matched_ais(analysed.export.facts)},
    )


def _warnings(analysed: Analysed, summary: pd.DataFrame, shares: pd.DataFrame) -> list[str]:
    if analysed.users.empty:
        return []
    few = summary[summary["n_participants"] < ENOUGH]
    facts = analysed.export.facts
    groups = comparable(facts)
    differences = [largest_difference(shares[shares["condition"].isin(g)]) for g in groups]
    largest = max(differences, key=lambda imbalance: imbalance.points)
    return [
        *([few_people(few, enough=ENOUGH)] if len(few) else []),
        *([unequal_mix(largest)] if largest.points >= UNEQUAL else []),
        *filter(None, [different_ais(facts)]),
    ]
