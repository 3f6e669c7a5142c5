"""The tables of the page, in reading order: the words above each column, the decimals of each."""

from collections.abc import Sequence

import pandas as pd

from analysis.exclusions import BELOW_GATE, NOT_COMPLETED, SIMULATED, STARTED
from analysis.listing import Cell, Listing, Shown, listing
from analysis.results import Results

CONDITION = Shown(column="condition", header="Condition")
AI_RIGHT = Shown(column="ai_right", header="AI", words=((True, "right"), (False, "wrong")))
BIN = Shown(column="bin", header="Bin")
TRIALS = Shown(column="n_trials", header="Trials")
RIGHT = Shown(column="n_right", header="Right")
ACCURACY = Shown(column="accuracy_percent", header="Accuracy, %", digits=1)
INTERVAL = Shown(column="low_percent", to="high_percent", header="95 % interval", digits=1)


def listings(results: Results, *, min_correct: int | None) -> dict[str, Listing]:
    """Every table of the page, by the name of its CSV file."""
    tables = [
        flow_listing(results.flow, min_correct=min_correct, rehearsal=results.rehearsal),
        *(_pass_rates(results) if min_correct is not None else []),
        _participants(results.participants),
        _accuracy(results.accuracy),
        listing("bins", "Accuracy by bin, natural stimuli", results.bins, _BIN_COLUMNS, grouped=2),
        *_adversarial(results),
        listing("acceptance", "Acceptance", results.acceptance, _ACCEPTANCE_COLUMNS, grouped=1),
        listing("weights", "Natural weights", results.weights, _WEIGHT_COLUMNS, grouped=2),
        listing("ai_only", "AI-only", results.ai_only, _AI_COLUMNS, grouped=3),
        listing("team", "Team accuracy in practice", results.team, _TEAM_COLUMNS),
        listing("against_ai", "Teams and AI-only", results.against_ai, _AGAINST, grouped=1),
        listing("comparisons", "Pairs of conditions", results.comparisons, _PAIR_COLUMNS),
        listing("reliance", "Reliance", results.reliance, _RELIANCE_COLUMNS, grouped=1),
        listing(
            "reliance_users", "Reliance of every participant", results.reliance_users, _RELIANT
        ),
    ]
    return {table.name: table for table in tables}


def _pass_rates(results: Results) -> list[Listing]:
    return [
        listing("pass_rates", "Passing the gate", results.pass_rates, _PASS_COLUMNS),
        listing("pass_tests", "Pass rates in pairs", results.pass_tests, _PASS_TESTS),
    ]


def _adversarial(results: Results) -> list[Listing]:
    if results.adversarial.empty:
        return []
    bins, kinds = results.adversarial, results.kinds
    title = "Accuracy by bin, adversarial stimuli"
    return [
        listing("adversarial", title, bins, _BIN_COLUMNS, grouped=2),
        listing("kinds", "Accuracy by kind", kinds, _KIND_COLUMNS, grouped=1),
    ]


_PASS_COLUMNS = (
    CONDITION,
    Shown(column="n_measured", header="Measured"),
    Shown(column="n_passed", header="Passed"),
    Shown(column="passed_percent", header="Passed, %", digits=1),
    INTERVAL,
)
_PASS_TESTS = (
    Shown(column="condition_a", header="a"),
    Shown(column="condition_b", header="b"),
    Shown(column="p", header="p, Fisher", p=True),
)
_BIN_COLUMNS = (CONDITION, AI_RIGHT, BIN, TRIALS, RIGHT, ACCURACY, INTERVAL)
_KIND_COLUMNS = (CONDITION, Shown(column="kind", header="Kind"), TRIALS, RIGHT, ACCURACY, INTERVAL)
_ACCEPTANCE_COLUMNS = (
    CONDITION,
    AI_RIGHT,
    TRIALS,
    Shown(column="n_accepted", header="Accepted"),
    Shown(column="accepted_percent", header="Accepted, %", digits=1),
    INTERVAL,
)
_WEIGHT_COLUMNS = (
    Shown(column="classifier", header="Classifier"),
    AI_RIGHT,
    BIN,
    Shown(column="n_images", header="Images"),
    Shown(column="pool_percent", header="Of the pool, %", digits=2),
    Shown(column="weight_percent", header="Weight, %", digits=2),
)
_AI_COLUMNS = (
    Shown(column="classifier", header="Classifier"),
    Shown(column="threshold", header="T*", digits=2),
    Shown(column="chosen_on", header="Chosen on"),
    Shown(column="basis", header="Basis"),
    Shown(column="n_images", header="Images"),
    ACCURACY,
)
_TEAM_COLUMNS = (
    CONDITION,
    Shown(column="classifier", header="Classifier"),
    TRIALS,
    ACCURACY,
    Shown(column="covered_percent", header="Weight with trials, %", digits=1),
    Shown(column="bins_without_trials", header="Bins without trials", words=(("", "none"),)),
)
_AGAINST = (
    Shown(column="basis", header="Basis"),
    Shown(column="who", header="Who decides"),
    Shown(column="classifier", header="Classifier"),
    Shown(column="n", header="Trials or images"),
    ACCURACY,
)
_PAIR_COLUMNS = (
    Shown(column="condition_a", header="a"),
    Shown(column="condition_b", header="b"),
    Shown(column="n_a", header="n of a"),
    Shown(column="n_b", header="n of b"),
    Shown(column="difference_points", header="a − b, points", digits=1),
    Shown(column="u", header="U", digits=1),
    Shown(column="p", header="p", p=True),
    Shown(column="p_holm", header="p, Holm", p=True),
    Shown(column="cles", header="P(a > b)", digits=2),
    Shown(column="rank_biserial", header="Rank-biserial", digits=2),
)
_MEASURES = (
    ("hit_rate", "H: accepted where the AI is right"),
    ("over_reliance", "F: accepted where it is wrong (over-reliance)"),
    ("under_reliance", "1 − H: rejected where it is right (under-reliance)"),
    ("d_prime", "d′: tells right from wrong"),
    ("criterion", "c: below 0, accepts readily"),
)
_RELIANCE_COLUMNS = (
    CONDITION,
    Shown(column="measure", header="Measure", words=_MEASURES),
    Shown(column="n_participants", header="Participants"),
    Shown(column="mean", header="Mean", digits=2),
    Shown(column="std", header="Std", digits=2),
    Shown(column="low", to="high", header="95 % interval", digits=2),
)
_RELIANT = (
    Shown(column="participant_id", header="Participant"),
    CONDITION,
    Shown(column="n_ai_right", header="AI right"),
    Shown(column="n_ai_wrong", header="AI wrong"),
    Shown(column="hit_rate", header="H", digits=2),
    Shown(column="over_reliance", header="F", digits=2),
    Shown(column="d_prime", header="d′", digits=2),
    Shown(column="criterion", header="c", digits=2),
)


def flow_listing(flow: pd.DataFrame, *, min_correct: int | None, rehearsal: bool) -> Listing:
    """The flow with a column for each condition; its CSV file stays long."""
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


def _participants(people: pd.DataFrame) -> Listing:
    columns: Sequence[Shown] = (
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
    return listing("participants", "Every participant", people, columns)


def _accuracy(summary: pd.DataFrame) -> Listing:
    columns = (
        CONDITION,
        Shown(column="n_participants", header="Participants"),
        Shown(column="mean_percent", header="Mean, %", digits=2),
        Shown(column="std_percent", header="Std, points", digits=2),
        Shown(column="low_percent", to="high_percent", header="95 % interval", digits=1),
    )
    return listing("accuracy", "Per-user accuracy", summary, columns)
