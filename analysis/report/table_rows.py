"""The rows of a table in HTML. A page has ten thousand cells, and Jinja takes 10 µs for each."""

from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape

from analysis.report.listing import Cell, Listing


def table_rows(listing: Listing) -> Markup:
    """All rows that the page shows; `data-label` has the header of each cell, for phones."""
    labels = [escape(header) for header in listing.headers]
    rows = (
        f'<tr class="{_kind(row, grouped=listing.grouped)}">{"".join(_cells(row, labels))}</tr>\n'
        for row in listing.rows
    )
    return Markup("".join(rows))


def _kind(row: Sequence[Cell], *, grouped: bool) -> str:
    if row[0].text.startswith("of these"):
        return "part"
    if row[0].text.startswith("="):
        return "total"
    return "group" if grouped and row[0].span else ""


def _cells(row: Sequence[Cell], labels: Sequence[Markup]) -> Iterator[str]:
    kind = "first"
    for cell, label in zip(row, labels, strict=True):
        if cell.span:
            kind += " number" if cell.number else ""
            span = f' rowspan="{cell.span}"' if cell.span > 1 else ""
            under = f"<small>{escape(cell.under)}</small>" if cell.under else ""
            text = escape(cell.text)
            yield f'<td class="{kind}" data-label="{label}"{span}>{text}{under}</td>'
        kind = ""
