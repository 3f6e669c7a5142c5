"""The answer first: what was found, for whom it holds, and what limits it.

The sentences are those of the sections that found something, and so are the warnings.
"""

from analysis.report.phrasing.answer import who_judged_what
from analysis.report.section import Section
from analysis.statistics.analysed import Analysed

PLACE = 5


def section(analysed: Analysed) -> Section | None:
    """The frame of the answer; None where nobody is analysed."""
    if analysed.users.empty:
        return None
    margin = analysed.export.facts.analysis.equivalence_points
    return Section(
        name="answer",
        title="The answer",
        foremost=True,
        answers=((20, who_judged_what(analysed)),),
        prose={"margin": margin, "has_looks": analysed.look is not None},
    )
