"""The study beside its preregistration: every deviation, or that there is none."""

from analysis.report.deviations import deviations
from analysis.report.listing import TableColumn, listing
from analysis.report.phrasing.words import listed
from analysis.report.section import Section
from analysis.statistics.analysed import Analysed

PLACE = 7

MOST_NAMED = 4
COLUMNS = (
    TableColumn(column="what", header="What"),
    TableColumn(column="registered", header="Registered"),
    TableColumn(column="done", header="As it was done"),
)


def section(analysed: Analysed) -> Section | None:
    """Every deviation; None where no preregistration was given."""
    registration = analysed.registration
    if registration is None:
        return None
    table = deviations(analysed, registration)
    at, n = registration.facts.created_at, len(table)
    day = f"{at.day} {at:%B %Y}"
    none = f"The study was done as it was preregistered on {day}: no deviation was found."
    names = list(table["what"])
    more = [f"{n - MOST_NAMED} more"] if n > MOST_NAMED else []
    some = (
        f"{n} {'deviation' if n == 1 else 'deviations'} from the preregistration of {day}: "
        f"{listed([*names[:MOST_NAMED], *more])}."
    )
    left_open = [f"“{point.partition(':')[0]}”" for point in registration.left_open]
    still = f"The preregistration left open: {listed(left_open)}."
    return Section(
        name="preregistered",
        title="Beside the preregistration",
        answers=() if n else ((12, none),),
        warnings=(*([some] if n else []), *([still] if left_open else [])),
        listings=(listing("deviations", "Deviations", table, COLUMNS),) if n else (),
        prose={"registration": registration, "day": day, "n": n},
    )
