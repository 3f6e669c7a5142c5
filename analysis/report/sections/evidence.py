"""Whether people of all conditions saw the evidence that they were to judge by."""

from analysis.report.listing import TableColumn, listing
from analysis.report.phrasing.viewing import unequal_evidence
from analysis.report.section import Section
from analysis.report.sections.shared_columns import CONDITION, TRIALS
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures import evidence_seen

PLACE = 35

EVIDENCE_COLUMNS = (
    CONDITION,
    TRIALS,
    TableColumn(column="whole_percent", header="All in view, %", digits=1),
    TableColumn(column="photo_percent", header="Photo, %", digits=1),
    TableColumn(column="panels_percent", header="Panels, %", digits=1),
    TableColumn(column="photo_s", header="Photo, s", digits=1),
    TableColumn(column="panels_s", header="Panels, s", digits=1),
    TableColumn(column="window_w", header="Window, width", digits=0),
    TableColumn(column="window_h", header="height", digits=0),
    TableColumn(column="zoomed_percent", header="Zoomed, %", digits=1),
    TableColumn(column="enlarged_percent", header="Enlarged, %", digits=1),
    TableColumn(column="card_opened_percent", header="Card opened, %", digits=1),
)


def section(analysed: Analysed) -> Section:
    """What was in view before decisions, by condition; without a table where nothing tells."""
    seen = evidence_seen.measured(analysed.trials, analysed.export.participants)
    table = evidence_seen.per_condition(seen, analysed.conditions)
    unequal = unequal_evidence(table, evidence_seen.difference(seen)) if len(seen) else ""
    tables = [listing("evidence", "What was in view", table, EVIDENCE_COLUMNS)]
    return Section(
        name="evidence",
        title="What was in view",
        listings=tuple(tables) if len(seen) else (),
        warnings=(unequal,) if unequal else (),
        prose={"n_measured": len(seen), "n_trials": len(analysed.trials)},
    )
