"""Who the people are by their own account, whether they read on, and what they noticed."""

from analysis.report.listing import TableColumn, listing
from analysis.report.section import Section
from analysis.report.sections.shared_columns import CONDITION
from analysis.statistics.analysed import Analysed
from analysis.statistics.sample import self_reports
from analysis.statistics.sample.exclusions import ANALYSED

PLACE = 15

ASKED = (
    TableColumn(column="source", header="Asked by"),
    TableColumn(column="question", header="Question"),
)
ANSWERED = TableColumn(column="n_answered", header="Answers")
NUMBER_COLUMNS = (
    *ASKED,
    CONDITION,
    ANSWERED,
    TableColumn(column="mean", header="Mean", digits=1),
    TableColumn(column="std", header="Std", digits=1),
    TableColumn(column="median", header="Median", digits=1),
    TableColumn(column="min", to="max", header="Range", digits=0),
)
ANSWER_COLUMNS = (
    *ASKED,
    TableColumn(column="answer", header="Answer", words=(("not_sure", "not sure"),)),
    CONDITION,
    TableColumn(column="n", of="n_answered", header="People"),
    TableColumn(column="share_percent", header="Share, %", digits=1),
)
ATTENTION_COLUMNS = (
    TableColumn(column="check", header="Check"),
    TableColumn(column="kind", header="Kind"),
    CONDITION,
    TableColumn(column="n", of="n_answered", header="Passed"),
    TableColumn(column="share_percent", header="Passed, %", digits=1),
)


def section(analysed: Analysed) -> Section | None:
    """Answers and attention checks by condition; None where the export has neither."""
    everybody, names = analysed.participants, analysed.conditions
    told = self_reports.told(analysed.export, everybody[everybody["step"] == ANALYSED])
    met_checks = everybody[analysed.rehearsal | ~everybody["simulated"].astype(bool)]
    checks = self_reports.attention(analysed.export.attention, met_checks, names)
    numbers, shares = self_reports.numbers(told, names), self_reports.shares(told, names)
    listings = (
        listing("told_numbers", "Answers in numbers", numbers, NUMBER_COLUMNS, grouped=2),
        listing("told", "Answers that were chosen", shares, ANSWER_COLUMNS, grouped=3),
        listing("attention_checks", "Attention checks", checks, ATTENTION_COLUMNS, grouped=2),
    )
    known = tuple(table for table in listings if table.rows)
    prose = {"most_answers": self_reports.MOST_ANSWERS}
    if not known:
        return None
    return Section(name="people", title="Who the people are", listings=known, prose=prose)
