"""A look at the data among several, in words."""

from collections.abc import Sequence

import numpy as np

from analysis.report.phrasing.words import listed, unbroken
from analysis.statistics.analysed import Analysed
from analysis.statistics.looks import sides_of

FAR = 0.05  # shares of the planned people that differ by more are told


def look_in_words(analysed: Analysed) -> str:
    """Which look this is, and how small p has to be; empty for a study that has none."""
    look, planned = analysed.look, analysed.planned_people
    if look is None or planned is None:
        return ""
    n, n_looks = analysed.n_analysed, len(look.planned)
    which = "the last" if look.number == n_looks else f"look {look.number}"
    meant = look.planned[look.number - 1]
    sides = sides_of(analysed.export.facts.analysis.alternative)
    kind = "two-sided" if sides == 2 else "one-sided"
    plan = f", meant for {shares_in_words([meant])}" if abs(meant - look.share) > FAR else ""
    return unbroken(
        f"This is {which} of {n_looks} planned looks{plan}: {n:,} of {planned:,} planned people "
        f"({100 * n / planned:.0f} %) are analysed. Here one {kind} p by itself would have to be "
        f"below {small(look.level(sides=sides))} to find a difference; p over looks, and Holm’s p "
        "of it, allow for that and are held against .05."
    )


def too_many_in_words(n_taken: int, n_planned: int) -> str:
    """That more looks were possible than planned, as a warning; empty where that is not so.

    Args:
        n_taken: exports while people came, this one included.
        n_planned: looks until now.
    """
    if n_taken <= n_planned:
        return ""
    return (
        f"The wave was exported {n_taken} times with ever more people, this time included, where "
        f"{n_planned} {'looks were' if n_planned > 1 else 'look was'} planned until now: p-values "
        "are too small if a decision to stop or to go on was taken at each."
    )


def shares_in_words(shares: Sequence[float]) -> str:
    """Shares of the planned people, as 50 % and 100 %."""
    return unbroken(listed([f"{100 * share:.3g} %" for share in shares]))


def small(level: float) -> str:
    """A small probability with two digits that count, without the 0 before the point."""
    text = np.format_float_positional(level, precision=2, fractional=False, trim="-")
    return text.replace("0.", ".", 1)
