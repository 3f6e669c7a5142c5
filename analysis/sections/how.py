"""How the numbers were made: rules, references, and what was fixed before data were seen."""

from analysis.analysed import Analysed
from analysis.section import Section


def section(analysed: Analysed) -> Section:
    """Rules and digests."""
    return Section(name="how")
