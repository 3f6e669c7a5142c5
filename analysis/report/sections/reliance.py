"""Reliance: too much trust or too much doubt."""

from functools import partial

import pandas as pd

from analysis.report.figures.calibration import by_confidence
from analysis.report.listing import Listing, Shown, listing
from analysis.report.section import Section
from analysis.report.sections.shared_columns import CONDITION, INTERVAL, TRIALS
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures import calibration, reliance

MEASURES = (
    ("hit_rate", "H: accepted where the AI is right"),
    ("over_reliance", "F: accepted where it is wrong (over-reliance)"),
    ("under_reliance", "1 − H: rejected where it is right (under-reliance)"),
    ("d_prime", "d′: tells right from wrong"),
    ("criterion", "c: below 0, accepts readily"),
)

TENTHS = tuple((low, f"{low} to {low + 9 if low < 90 else 100}") for low in range(0, 100, 10))


def section(analysed: Analysed) -> Section:
    """Signal detection over the people of each condition, and calibration over its trials."""
    users = reliance.per_user(analysed.trials)
    summary = reliance.per_condition(users, analysed.conditions)
    tenths = calibration.by_tenth(analysed.trials, analysed.conditions)
    errors = calibration.reliance_error(tenths, analysed.conditions)
    return Section(
        name="reliance",
        listings=(_conditions(summary), _users(users), _errors(errors), _tenths(tenths)),
        figures={"calibration": partial(by_confidence, tenths, errors)},
    )


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


def _errors(errors: pd.DataFrame) -> Listing:
    columns = (
        CONDITION,
        TRIALS,
        Shown(column="error_points", header="ECE of reliance, points", digits=1),
    )
    return listing("calibration_error", "Expected calibration error of reliance", errors, columns)


def _tenths(tenths: pd.DataFrame) -> Listing:
    columns = (
        CONDITION,
        Shown(column="from_percent", header="Confidence shown, %", words=TENTHS),
        TRIALS,
        Shown(column="accepted_percent", header="Accepted, %", digits=1),
        INTERVAL,
        Shown(column="ai_right_percent", header="AI right, %", digits=1),
        Shown(column="gap_points", header="Gap, points", digits=1),
    )
    return listing("calibration", "Accepted and right, by confidence", tenths, columns, grouped=1)
