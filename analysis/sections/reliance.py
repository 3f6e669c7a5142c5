"""Reliance: too much trust or too much doubt."""

import pandas as pd

from analysis import reliance
from analysis.analysed import Analysed
from analysis.listing import Listing, Shown, listing
from analysis.section import Section
from analysis.sections.columns import CONDITION

MEASURES = (
    ("hit_rate", "H: accepted where the AI is right"),
    ("over_reliance", "F: accepted where it is wrong (over-reliance)"),
    ("under_reliance", "1 − H: rejected where it is right (under-reliance)"),
    ("d_prime", "d′: tells right from wrong"),
    ("criterion", "c: below 0, accepts readily"),
)


def section(analysed: Analysed) -> Section:
    """Signal detection over the people of each condition."""
    users = reliance.per_user(analysed.trials)
    summary = reliance.per_condition(users, analysed.conditions)
    return Section(name="reliance", listings=(_conditions(summary), _users(users)))


def _conditions(summary: pd.DataFrame) -> Listing:
    columns = (
        CONDITION,
        Shown(column="measure", header="Measure", words=MEASURES),
        Shown(column="n_participants", header="Participants"),
        Shown(column="mean", header="Mean", digits=2),
        Shown(column="std", header="Std", digits=2),
        Shown(column="low", to="high", header="95 % interval", digits=2),
    )
    return listing("reliance", "Reliance", summary, columns, grouped=1)


def _users(users: pd.DataFrame) -> Listing:
    columns = (
        Shown(column="participant_id", header="Participant"),
        CONDITION,
        Shown(column="n_ai_right", header="AI right"),
        Shown(column="n_ai_wrong", header="AI wrong"),
        Shown(column="hit_rate", header="H", digits=2),
        Shown(column="over_reliance", header="F", digits=2),
        Shown(column="d_prime", header="d′", digits=2),
        Shown(column="criterion", header="c", digits=2),
    )
    return listing("reliance_users", "Reliance of every participant", users, columns)
