"""Who is in: the flow of participants, and whether the gate lets conditions pass alike."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.report.answer_table import answer_table
from analysis.report.listing import Cell, Listing, TableColumn, listing
from analysis.report.phrasing.sample import unequal_completion, unequal_pass_rates
from analysis.report.phrasing.words import p_in_words
from analysis.report.section import Section
from analysis.report.sections.shared_columns import ACCURACY, CONDITION, INTERVAL, RIGHT, TRIALS
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures.accuracy_by_threshold import accuracy_by_threshold
from analysis.statistics.sample import completion, comprehension, exclusions, pass_rates
from analysis.statistics.sample.exclusions import (
    ANALYSED,
    BELOW_GATE,
    NOT_COMPLETED,
    SIMULATED,
    STARTED,
    TURNED_AWAY,
)

PLACE = 10

DOUBTFUL = 0.05  # p below which pass rates are called unequal
CHANCES = {"1": "right at once", "2": "right at the second chance"}
SEED = 1934  # of the random tables; fixed, so that the same export gives the same report

COMPLETION_COLUMNS = (
    CONDITION,
    TableColumn(column="n_assigned", header="Met it"),
    TableColumn(column="n_left", header="Left"),
    TableColumn(column="n_completed", header="Completed"),
    TableColumn(column="completed_percent", header="Completed, %", digits=1),
    INTERVAL,
)
RATE_COLUMNS = (
    CONDITION,
    TableColumn(column="n_measured", header="Measured"),
    TableColumn(column="n_passed", header="Passed"),
    TableColumn(column="passed_percent", header="Passed, %", digits=1),
    INTERVAL,
)
FISHER_COLUMNS = (
    TableColumn(column="condition_a", header="a"),
    TableColumn(column="condition_b", header="b"),
    TableColumn(column="p", header="p, Fisher", p=True),
)
THRESHOLD_COLUMNS = (
    TableColumn(column="threshold", header="Right answers asked for"),
    CONDITION,
    TableColumn(column="n_participants", header="Participants"),
    TableColumn(column="mean_percent", header="Mean accuracy, %", digits=1),
    TableColumn(column="std_percent", header="Std, points", digits=1),
    INTERVAL,
)
PARTICIPANT_COLUMNS = (
    TableColumn(column="participant_id", header="Participant"),
    CONDITION,
    TableColumn(column="simulated", header="Simulated", words=((True, "yes"), (False, "no"))),
    TableColumn(column="outcome", header="Outcome"),
    TableColumn(column="validation_right", header="Validation right"),
    TableColumn(column="step", header="Step"),
    TRIALS,
    RIGHT,
    ACCURACY,
)


def section(analysed: Analysed) -> Section:
    """Who started, who left by which rule, and who is analysed."""
    participants, names = analysed.participants, analysed.conditions
    flow = exclusions.flow(participants, names)
    listings = [_flow(analysed, flow)]
    stayed = completion.completion(
        analysed.export.participants, names, rehearsal=analysed.rehearsal
    )
    test, p = completion.difference(stayed, rng=np.random.default_rng(SEED))
    if stayed["n_left"].any():
        listings.append(listing("completion", "Completion", stayed, COMPLETION_COLUMNS))
    if len(analysed.export.comprehension):
        listings.append(_comprehension(analysed))
    warnings = [unequal_completion(stayed, test, p)]
    if analysed.min_correct is not None:
        rates = pass_rates.pass_rates(participants, names, rehearsal=analysed.rehearsal)
        tests = pass_rates.fisher(rates)
        moved = accuracy_by_threshold(analysed.export, names)
        listings += [
            listing("pass_rates", "Passing the gate", rates, RATE_COLUMNS),
            listing("pass_tests", "Pass rates in pairs", tests, FISHER_COLUMNS),
            listing("thresholds", "If the gate moves", moved, THRESHOLD_COLUMNS, grouped=1),
        ]
        warnings += [
            unequal_pass_rates(test) for _, test in tests.iterrows() if test["p"] < DOUBTFUL
        ]
    scores = analysed.users.drop(columns="condition")
    table = participants.merge(scores, on="participant_id", how="left")
    table = table.astype({"n_trials": "Int64", "n_right": "Int64"})
    listings.append(listing("participants", "Every participant", table, PARTICIPANT_COLUMNS))
    return Section(
        name="who",
        title="Who is in",
        warnings=tuple(filter(None, warnings)),
        listings=tuple(listings),
        prose={
            "steps": totals(flow),
            "completion_test": p_in_words(f"{test} p", p) if test else "",
        },
    )


def _comprehension(analysed: Analysed) -> Listing:
    people = analysed.participants
    people = people[analysed.rehearsal | ~people["simulated"].astype(bool)]
    answers = analysed.export.comprehension
    shares = comprehension.per_condition(answers, people, analysed.conditions)
    title = "Questions on the instructions"
    return answer_table(
        "comprehension", title, shares, CHANCES, question=["check"], answer="chance"
    )


def totals(flow: pd.DataFrame) -> Mapping[str, int]:
    """How many people there are at each step, over all conditions."""
    rows = flow[(flow["condition"] == exclusions.ALL) & (flow["outcome"] == "")]
    return {str(step): int(n) for step, n in zip(rows["step"], rows["n"], strict=True)}


def _flow(analysed: Analysed, flow: pd.DataFrame) -> Listing:
    # A column for each condition; its CSV file stays long.
    least = analysed.min_correct
    rule = "not applied: no validation phase" if least is None else f"fewer than {least} right"
    names = {
        TURNED_AWAY: "Turned away: no place, or took part before",
        STARTED: "Started",
        NOT_COMPLETED: "− did not complete",
        SIMULATED: "− simulated" + (" (kept: rehearsal)" if analysed.rehearsal else ""),
        BELOW_GATE: f"− below the gate ({rule})",
        ANALYSED: "= analysed",
    }
    groups = list(dict.fromkeys(flow["condition"]))
    rows = []
    for (step, outcome), counts in flow.groupby(["step", "outcome"], sort=False):
        name = f"of these: {str(outcome).replace('_', ' ')}" if outcome else names[str(step)]
        n = counts.set_index("condition")["n"]
        rows.append((Cell(text=name), *(Cell(text=f"{n[g]:,}", number=True) for g in groups)))
    headers = ("", *(group.lower() for group in groups))
    return Listing(
        name="flow", title="Participant flow", frame=flow, headers=headers, rows=tuple(rows)
    )
