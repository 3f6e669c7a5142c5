"""How the numbers were made: a paragraph to paste, rules, software and the files that were read."""

from analysis.report.listing import TableColumn, listing
from analysis.report.methods import paragraph
from analysis.report.phrasing.differences import TAILS
from analysis.report.provenance import inputs, software
from analysis.report.section import Section
from analysis.statistics.analysed import Analysed

PLACE = 90


def section(analysed: Analysed) -> Section:
    """Everything that somebody needs to make the page again."""
    columns = (
        TableColumn(column="file", header="File"),
        TableColumn(column="n_rows", header="Rows"),
        TableColumn(column="sha256", header="SHA-256"),
    )
    return Section(
        name="how",
        title="How these numbers were made",
        listings=(listing("inputs", "Files that were read", inputs(analysed.export), columns),),
        prose={
            "paragraph": paragraph(analysed),
            "software": software(),
            "tail": TAILS[analysed.export.facts.analysis.alternative],
        },
    )
