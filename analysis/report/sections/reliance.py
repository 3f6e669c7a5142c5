"""Reliance: too much trust or too much doubt."""

from functools import partial

from analysis.report.figures.acceptance_by_confidence import by_tenth
from analysis.report.listing import TableColumn, listing
from analysis.report.phrasing.ais import left_out_in_words
from analysis.report.section import Section
from analysis.report.sections.shared_columns import CONDITION, INTERVAL, TRIALS
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures import acceptance_by_confidence, reliance

PLACE = 70

MEASURES = (
    ("hit_rate", "H: accepted where the AI is right"),
    ("over_reliance", "F: accepted where it is wrong (over-reliance)"),
    ("under_reliance", "1 − H: rejected where it is right (under-reliance)"),
    ("d_prime", "d′: tells right from wrong"),
    ("criterion", "c: below 0, accepts readily"),
)

TENTHS = tuple((low, f"{low} to {low + 9 if low < 90 else 100}") for low in range(0, 100, 10))
RELIANCE_COLUMNS = (
    CONDITION,
    TableColumn(column="measure", header="Measure", words=MEASURES),
    TableColumn(column="n_participants", header="Participants"),
    TableColumn(column="mean", header="Mean", digits=2),
    TableColumn(column="std", header="Std", digits=2),
    TableColumn(column="low", to="high", header="95 % interval", digits=2),
)
USER_COLUMNS = (
    TableColumn(column="participant_id", header="Participant"),
    CONDITION,
    TableColumn(column="n_ai_right", header="AI right"),
    TableColumn(column="n_ai_wrong", header="AI wrong"),
    TableColumn(column="hit_rate", header="H", digits=2),
    TableColumn(column="over_reliance", header="F", digits=2),
    TableColumn(column="d_prime", header="d′", digits=2),
    TableColumn(column="criterion", header="c", digits=2),
)
CONFIDENCE_COLUMNS = (
    CONDITION,
    TableColumn(column="from_percent", header="Confidence shown, %", words=TENTHS),
    TRIALS,
    TableColumn(column="accepted_percent", header="Accepted, %", digits=1),
    INTERVAL,
    TableColumn(column="ai_right_percent", header="AI right, %", digits=1),
)
CONFIDENCE_TITLE = "Accepted, by confidence"


def section(analysed: Analysed) -> Section | None:
    """Signal detection over people who were shown the AI; None where nobody decided on it."""
    if not analysed.asks_decisions:
        return None
    trials, conditions = analysed.decided, analysed.advised
    users = reliance.per_user(trials)
    summary = reliance.per_condition(users, conditions)
    tenths = acceptance_by_confidence.by_tenth(trials, conditions)
    return Section(
        name="reliance",
        title="Reliance",
        listings=(
            listing("reliance", "Reliance", summary, RELIANCE_COLUMNS, grouped=1),
            listing("reliance_users", "Reliance of every participant", users, USER_COLUMNS),
            listing(
                "acceptance_by_confidence", CONFIDENCE_TITLE, tenths, CONFIDENCE_COLUMNS, grouped=1
            ),
        ),
        figures={"acceptance_by_confidence": partial(by_tenth, tenths, conditions)},
        prose={"left_out": left_out_in_words(analysed.export.facts)},
    )
