"""What people asked to see, or waited for, before they answered."""

from analysis.report.listing import TableColumn, listing
from analysis.report.section import Section
from analysis.report.sections.shared_columns import ACCURACY, CONDITION, INTERVAL, RIGHT, TRIALS
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures.steps import revealed_parts

PLACE = 37

PARTS = (("answer", "the AI’s answer"), ("best", "its best answers"), ("card", "class card"))
WHAT = (
    CONDITION,
    TableColumn(column="step", header="Step"),
    TableColumn(column="part", header="Part", words=PARTS),
    TableColumn(column="how", header="Comes"),
)
REVEALED_COLUMNS = (
    *(*WHAT, TRIALS),
    TableColumn(column="n_seen", header="Seen"),
    TableColumn(column="seen_percent", header="Seen, %", digits=1),
    INTERVAL,
    TableColumn(column="median_s", header="Median, s", digits=1),
    TableColumn(column="lower_quartile_s", to="upper_quartile_s", header="Quartiles", digits=1),
)
ACCURACY_COLUMNS = (
    *WHAT,
    TableColumn(column="seen", header="Seen", words=((True, "yes"), (False, "no"))),
    *(TRIALS, RIGHT, ACCURACY, INTERVAL),
)


def section(analysed: Analysed) -> Section | None:
    """What was seen of the parts that come later; None where no step has such parts."""
    parts = revealed_parts.seen(analysed.test_steps, analysed.export.facts.steps)
    if parts.empty:
        return None
    table = revealed_parts.per_condition(parts, analysed.conditions)
    right = revealed_parts.accuracy(parts, analysed.conditions)
    tables = [listing("revealed", "Seen of what comes later", table, REVEALED_COLUMNS, grouped=1)]
    if len(right):
        title = "Right with and without it"
        tables.append(listing("revealed_accuracy", title, right, ACCURACY_COLUMNS, grouped=3))
    return Section(
        name="revealing",
        title="What people asked for or waited for",
        listings=tuple(tables),
        prose={"right": len(right) > 0},
    )
