"""The page of `analysis.power`, in the frame of the report, with its tables, figure and JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

import pandas as pd

from analysis.power.assumptions import TITLES, Assumptions
from analysis.power.computing import Result
from analysis.power.design import Design
from analysis.power.figure import TITLES as QUESTIONS
from analysis.power.figure import curves
from analysis.power.forecast import MOST_PEOPLE
from analysis.power.losses import GAP
from analysis.power.phrasing import answers
from analysis.power.plan import Plan
from analysis.power.power_file import (
    POWER,
    LeastRow,
    NeededRow,
    PowerFile,
    PowerRow,
    as_json,
    records,
)
from analysis.power.tables import LARGER, RANGE, Asked
from analysis.report.figure_files import pictures_of
from analysis.report.listing import Listing, TableColumn, listing
from analysis.report.page import render
from analysis.report.section import Section
from analysis.report.writing import write_page
from analysis.statistics.differences import PEOPLE, STIMULI

PAGE = "power.html"
CLAIMS = ((STIMULI, "other stimuli too"), (PEOPLE, "these stimuli"))
CLAIM = TableColumn(column="claim", header="Holds for", words=CLAIMS)
N = TableColumn(column="n_per_condition", header="People in each condition")
COST = TableColumn(column="cost", header="Rewards", digits=2)
QUESTION = TableColumn(column="question", header="Question", words=tuple(QUESTIONS.items()))
POINTS = TableColumn(column="effect_points", header="Points", digits=1)
NEEDED = (
    *(QUESTION, POINTS, CLAIM),
    TableColumn(column="target", header="Power", digits=2),
    N,
    TableColumn(column="n_started", header="Who start"),
    COST,
)
POWERS = (
    *(QUESTION, POINTS, CLAIM),
    TableColumn(column="n_per_condition", header="People in each condition"),
    TableColumn(column="power", header="Power", digits=3),
    TableColumn(column="low", header="Interval", digits=3, to="high"),
    COST,
)
LEAST = (
    TableColumn(column="n_per_condition", header="People in each condition"),
    CLAIM,
    TableColumn(column="least_80", header="Least, power .8", digits=1, missing="none"),
    TableColumn(column="least_90", header="Least, power .9", digits=1, missing="none"),
    COST,
)
LOSSES = (
    TableColumn(column="case", header="Lost"),
    TableColumn(column="n_assigned", header="Assigned"),
    TableColumn(column="n_analysed", header="Analysed (first)"),
    TableColumn(column="filled_percent", header="Power, %", digits=1),
    TableColumn(column="unfilled_percent", header="Not refilled, %", digits=1),
    TableColumn(column="bounded_percent", header="Bounds without 0, %", digits=1),
    TableColumn(column="low_percent", header="95 % interval", digits=1, to="high_percent"),
)
SENSITIVITY = (
    TableColumn(column="change", header="Larger"),
    TableColumn(column="value", header="Then", digits=2),
    N,
    COST,
)
CELLS = (
    TableColumn(column="kind", header="Kind"),
    TableColumn(column="ai_right", header="AI", words=((True, "right"), (False, "wrong"))),
    TableColumn(column="bin", header="Bin"),
    TableColumn(column="n_stimuli", header="Stimuli"),
    TableColumn(column="trials", header="Trials of a person", digits=1),
    TableColumn(column="weight_percent", header="In practice, %", digits=1),
)
ASSUMED = (
    TableColumn(column="assumption", header="Assumed"),
    TableColumn(column="value", header="Value", digits=2),
    TableColumn(column="low", header="Likely range", digits=2, to="high"),
)


def write_power(plan: Plan, asked: Asked, result: Result, out: Path) -> Path:
    """Write the page with its tables, figure and `power.json`; returns the page."""
    section = _section(asked, result)
    pictures = pictures_of(section.figures)
    html = render(
        "power.html",
        kind="power",
        title=plan.study.study.title,
        plan=plan,
        asked=asked,
        result=result,
        design=asked.world.design,
        sentences=answers(
            asked.world.design,
            result.needed,
            result.least,
            money=plan.study.pay.currency,
            leaning=asked.world.assumed.leaning_sd > 0,
        ),
        tables={table.name: table for table in section.listings},
        pictures=pictures,
        larger=LARGER,
        most=MOST_PEOPLE,
        gap=100 * GAP,
        range=[round(100 * end) for end in RANGE],
    )
    beside = {POWER: as_json(power_file(plan, asked, result))}
    return write_page(out, html, section.listings, pictures, beside, page=PAGE)


def power_file(plan: Plan, asked: Asked, result: Result) -> PowerFile:
    """What `power.json` holds."""
    design, study = asked.world.design, plan.study
    return PowerFile(
        study=study.study.name,
        study_digest=plan.study_digest,
        bundle_digest=plan.bundle_digest,
        pilot=plan.pilot,
        seed=asked.seed,
        n_studies=asked.world.n_studies,
        measure=design.measure,
        alternative=design.alternative,
        pairs=design.pairs,
        margin=design.margin,
        n_stimuli=len(design.cell),
        trials=design.trials,
        currency=study.pay.currency,
        assumptions=asdict(asked.world.assumed),
        cautions=plan.cautions,
        rows=tuple(PowerRow.model_validate(row) for row in records(result.rows)),
        needed=tuple(NeededRow.model_validate(row) for row in records(result.needed)),
        least_effects=tuple(LeastRow.model_validate(row) for row in records(result.least)),
    )


def _section(asked: Asked, result: Result) -> Section:
    listings: Sequence[Listing] = (
        listing("needed", "People needed", result.needed, NEEDED, grouped=3),
        listing("power", "Power", result.rows, POWERS, grouped=3),
        listing("least", "Least differences", result.least, LEAST, grouped=1),
        listing("losses", "Gate and dropout", result.losses, LOSSES),
        listing("sensitivity", "If more differed", result.sensitivity, SENSITIVITY),
        listing(
            "assumptions",
            "Assumptions",
            assumptions_table([own for own, _ in asked.world.blocks]),
            ASSUMED,
        ),
        listing("stimuli", "Stimuli", cells_table(asked.world.design), CELLS, grouped=2),
    )
    return Section(
        name="power",
        title="Power",
        listings=tuple(listings),
        figures={"power": partial(curves, result.rows, planned=asked.people[0])},
    )


def assumptions_table(assumed: Sequence[Assumptions]) -> pd.DataFrame:
    """assumption, value and, where a pilot gives several, low and high of their likely range."""
    table = pd.DataFrame([asdict(own) for own in assumed])
    several = len(set(assumed)) > 1
    low, high = (table[1:].quantile(end) if several else float("nan") for end in RANGE)
    frame = pd.DataFrame({"value": table.iloc[0], "low": low, "high": high})
    return frame.rename(index=TITLES).rename_axis("assumption").reset_index()


def cells_table(design: Design) -> pd.DataFrame:
    """A row for each cell of stimuli, as `design.Cell` has it."""
    table = pd.DataFrame([asdict(cell) for cell in design.cells])
    return table.assign(weight_percent=100 * table.pop("weight"))
