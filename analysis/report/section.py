"""What a section of the page is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from matplotlib.figure import Figure

from analysis.report.listing import Listing


@dataclass(frozen=True, kw_only=True)
class Section:
    """A section of the page.

    Attributes:
        name: of its template, `templates/sections/NAME.html`, and of its anchor.
        title: above it, and in the table of contents.
        answers: sentences that the page begins with, each with its place among all.
        warnings: what limits its numbers; they stand above them, and once more under the answer.
        listings: its tables, each also a CSV file.
        figures: what draws each figure, by the name of its files; nothing is drawn before the
            page is written.
        prose: what its sentences need, by the name that the template uses.
        foremost: whether it is what the reader came for: it has no number and never folds.
    """

    name: str
    title: str
    answers: tuple[tuple[int, str], ...] = ()
    warnings: tuple[str, ...] = ()
    listings: tuple[Listing, ...] = ()
    figures: Mapping[str, Callable[[], Figure]] = field(default_factory=dict)
    prose: Mapping[str, object] = field(default_factory=dict)
    foremost: bool = False
