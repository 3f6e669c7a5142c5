"""Looks at the data: those that were planned, and those that exports made possible."""

import pandas as pd

from analysis.report.listing import TableColumn, listing
from analysis.report.phrasing.looks import look_in_words, shares_in_words, too_many_in_words
from analysis.report.section import Section
from analysis.statistics.analysed import Analysed

PLACE = 12

COLUMNS = (
    TableColumn(column="exported", header="Exported"),
    TableColumn(column="n_analysed", header="People"),
    TableColumn(column="share_percent", header="Of those planned, %", digits=1),
)


def section(analysed: Analysed) -> Section | None:
    """The looks until now; None of a study that has none, and was not exported while people came.

    Where no looks are planned, several exports are told of, and nothing is warned of: nobody knows
    who read them.
    """
    facts, look, planned = analysed.export.facts, analysed.look, analysed.planned_people
    taken = analysed.looks_taken
    if analysed.users.empty or (look is None and len(taken) < 2):
        return None
    told = look_in_words(analysed)
    too_many = too_many_in_words(len(taken), look.number) if look else ""
    return Section(
        name="looks",
        title="Looks at the data",
        answers=((15, told),) if told else (),
        warnings=(too_many,) if too_many else (),
        listings=(listing("looks", "Exports while people came", _table(taken, planned), COLUMNS),),
        prose={
            "look": told,
            "planned": shares_in_words(facts.analysis.looks),
            "n_taken": len(taken),
            "is_known": facts.exported_before is not None,
        },
    )


def _table(taken: pd.DataFrame, planned: int | None) -> pd.DataFrame:
    share = 100 * taken["n_analysed"] / planned if planned else float("nan")
    told = [f"{at.day} {at:%B %Y, %H:%M} UTC" for at in taken["exported_at"]]
    return taken.assign(exported=told, share_percent=share)
