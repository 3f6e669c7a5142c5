"""Per-user accuracy: what people with each condition got right."""

from functools import partial

from analysis import accuracy
from analysis.analysed import Analysed
from analysis.figures.users import per_user
from analysis.listing import Shown, listing
from analysis.section import Section
from analysis.sections.columns import CONDITION


def section(analysed: Analysed) -> Section:
    """The mean of the people of each condition, and a dot for each person."""
    summary = accuracy.per_condition(analysed.users, analysed.conditions)
    columns = (
        CONDITION,
        Shown(column="n_participants", header="Participants"),
        Shown(column="mean_percent", header="Mean, %", digits=2),
        Shown(column="std_percent", header="Std, points", digits=2),
        Shown(column="low_percent", to="high_percent", header="95 % interval", digits=1),
    )
    return Section(
        name="accuracy",
        listings=(listing("accuracy", "Per-user accuracy", summary, columns),),
        figures={"accuracy": partial(per_user, analysed.users, summary)},
    )
