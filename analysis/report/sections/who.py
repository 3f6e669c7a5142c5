"""Who is in: the flow of participants, and whether the gate lets conditions pass alike."""

from collections.abc import Mapping

import pandas as pd

from analysis.report.listing import Cell, Listing, Shown, listing
from analysis.report.phrasing import unequal_pass_rates
from analysis.report.section import Section
from analysis.report.sections.shared_columns import ACCURACY, CONDITION, INTERVAL, RIGHT, TRIALS
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures.accuracy_by_threshold import accuracy_by_threshold
from analysis.statistics.sample import exclusions, pass_rates
from analysis.statistics.sample.exclusions import BELOW_GATE, NOT_COMPLETED, SIMULATED, STARTED

DOUBTFUL = 0.05  # p below which pass rates are called unequal


def section(analysed: Analysed) -> Section:
    """Who started, who left by which rule, and who is analysed."""
    min_correct = analysed.min_correct
    flow = exclusions.flow(analysed.people, analysed.conditions)
    gated = analysed.people if min_correct is not None else analysed.people.head(0)
    passed = pass_rates.pass_rates(gated, analysed.conditions, rehearsal=analysed.rehearsal)
    tests = pass_rates.fisher(passed)
    return Section(
        name="who",
        listings=(
            _flow(flow, min_correct=min_correct, rehearsal=analysed.rehearsal),
            *(_gate(analysed, passed, tests) if min_correct is not None else ()),
            _participants(analysed),
        ),
        prose={
            "steps": totals(flow),
            "unequal": [
                unequal_pass_rates(test) for _, test in tests.iterrows() if test["p"] < DOUBTFUL
            ],
        },
    )


def totals(flow: pd.DataFrame) -> Mapping[str, int]:
    """How many people there are at each step, over all conditions."""
    rows = flow[(flow["condition"] == exclusions.ALL) & (flow["outcome"] == "")]
    return {str(step): int(n) for step, n in zip(rows["step"], rows["n"], strict=True)}


def _flow(flow: pd.DataFrame, *, min_correct: int | None, rehearsal: bool) -> Listing:
    # A column for each condition; its CSV file stays long.
    groups = list(dict.fromkeys(flow["condition"]))
    rows = []
    for (step, outcome), counts in flow.groupby(["step", "outcome"], sort=False):
        n = counts.set_index("condition")["n"]
        words = _step_words(str(step), str(outcome), min_correct=min_correct, rehearsal=rehearsal)
        rows.append((Cell(text=words), *(Cell(text=f"{n[g]:,}", number=True) for g in groups)))
    headers = ("", *(group.lower() for group in groups))
    return Listing(
        name="flow", title="Participant flow", frame=flow, headers=headers, rows=tuple(rows)
    )


def _step_words(step: str, outcome: str, *, min_correct: int | None, rehearsal: bool) -> str:
    if outcome:
        return f"of these: {outcome.replace('_', ' ')}"
    gate = "not applied: no validation phase"
    return {
        STARTED: "Started",
        NOT_COMPLETED: "− did not complete",
        SIMULATED: "− simulated" + (" (kept: rehearsal)" if rehearsal else ""),
        BELOW_GATE: "− below the gate "
        + (f"({gate})" if min_correct is None else f"(fewer than {min_correct} right)"),
    }.get(step, "= analysed")


def _gate(
    analysed: Analysed, passed: pd.DataFrame, tests: pd.DataFrame
) -> tuple[Listing, Listing, Listing]:
    rates = (
        CONDITION,
        Shown(column="n_measured", header="Measured"),
        Shown(column="n_passed", header="Passed"),
        Shown(column="passed_percent", header="Passed, %", digits=1),
        INTERVAL,
    )
    pairs = (
        Shown(column="condition_a", header="a"),
        Shown(column="condition_b", header="b"),
        Shown(column="p", header="p, Fisher", p=True),
    )
    moved = (
        Shown(column="threshold", header="Right answers asked for"),
        CONDITION,
        Shown(column="n_participants", header="Participants"),
        Shown(column="mean_percent", header="Mean accuracy, %", digits=1),
        Shown(column="std_percent", header="Std, points", digits=1),
        INTERVAL,
    )
    accuracies = accuracy_by_threshold(analysed.export, analysed.conditions)
    return (
        listing("pass_rates", "Passing the gate", passed, rates),
        listing("pass_tests", "Pass rates in pairs", tests, pairs),
        listing("thresholds", "If the gate moves", accuracies, moved, grouped=1),
    )


def _participants(analysed: Analysed) -> Listing:
    scores = analysed.users.drop(columns="condition")
    people = analysed.people.merge(scores, on="participant_id", how="left")
    columns = (
        Shown(column="participant_id", header="Participant"),
        CONDITION,
        Shown(column="simulated", header="Simulated", words=((True, "yes"), (False, "no"))),
        Shown(column="outcome", header="Outcome"),
        Shown(column="validation_right", header="Validation right"),
        Shown(column="step", header="Step"),
        TRIALS,
        RIGHT,
        ACCURACY,
    )
    whole = people.astype({"n_trials": "Int64", "n_right": "Int64"})
    return listing("participants", "Every participant", whole, columns)
