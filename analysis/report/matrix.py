"""A table of pairs as a square: six conditions have 15 pairs, and a reader compares both ways."""

from collections.abc import Sequence

import pandas as pd

from analysis.report.listing import Cell, Listing, TableColumn, cell_of


def matrix(
    name: str,
    title: str,
    frame: pd.DataFrame,
    conditions: Sequence[str],
    *,
    cell: TableColumn,
    under: TableColumn,
) -> Listing:
    """Lay out pairs of conditions, row against column.

    A pair stands once, as it was computed: `condition_a` names its row and `condition_b` its
    column, so that no sign is turned around. Pairs in the order of the conditions fill the upper
    triangle.

    Args:
        name: of the CSV file, which has a row for each pair.
        title: above the table.
        frame: a row for each pair, with condition_a and condition_b.
        conditions: in the order in which they are reported; those without a pair are left out.
        cell: what stands in the row of a and the column of b, such as a − b.
        under: what stands under it, such as the interval of a − b.
    """
    cells = {
        (row["condition_a"], row["condition_b"]): Cell(
            text=cell_of(row, cell).text, under=cell_of(row, under).text, number=True
        )
        for row in frame.to_dict("records")
    }
    sides = [a for a in conditions if any(pair[0] == a for pair in cells)]
    tops = [b for b in conditions if any(pair[1] == b for pair in cells)]
    rows = [(Cell(text=a), *(cells.get((a, b), Cell(text="")) for b in tops)) for a in sides]
    return Listing(name=name, title=title, frame=frame, headers=("", *tops), rows=tuple(rows))
