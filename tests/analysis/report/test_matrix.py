from itertools import combinations

import pandas as pd

from analysis.report.listing import TableColumn
from analysis.report.matrix import matrix

NAMES = ("none", "heatmap", "examples")
DIFFERENCE = TableColumn(column="difference_points", header="", digits=1)
INTERVAL = TableColumn(column="low", to="high", header="", digits=1, missing="")


def pairs(*values):
    """All pairs of three conditions in their order, a − b with its interval."""
    rows = [
        (a, b, value, value - 1, value + 1)
        for (a, b), value in zip(combinations(NAMES, 2), values, strict=True)
    ]
    columns = ["condition_a", "condition_b", "difference_points", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def shown(frame):
    return matrix("pairs", "Pairs", frame, NAMES, cell=DIFFERENCE, under=INTERVAL)


def test_a_pair_stands_in_the_row_of_a_and_the_column_of_b_with_its_interval_under_it():
    table = shown(pairs(2.5, -3.0, 0.25))
    assert table.headers == ("", "heatmap", "examples")
    assert [[(cell.text, cell.under) for cell in row] for row in table.rows] == [
        [("none", ""), ("2.5", "1.5 to 3.5"), ("−3.0", "−4.0 to −2.0")],
        [("heatmap", ""), ("", ""), ("0.2", "−0.8 to 1.2")],
    ]
    assert [table.is_number(column) for column in range(3)] == [False, True, True]


def test_a_difference_that_is_missing_has_a_dash_and_nothing_under_it():
    row = shown(pairs(float("nan"), 1.0, 1.0)).rows[0]
    assert (row[1].text, row[1].under) == ("–", "")


def test_a_pair_that_was_named_the_other_way_round_keeps_its_sign():
    frame = pairs(2.0, 1.0, 1.0).iloc[:1]
    turned = frame.assign(condition_a=frame["condition_b"], condition_b=frame["condition_a"])
    table = shown(turned)
    assert table.headers == ("", "none")
    assert [[cell.text for cell in row] for row in table.rows] == [["heatmap", "2.0"]]


def test_the_file_of_a_matrix_has_a_row_for_each_pair():
    assert shown(pairs(2.0, 1.0, 0.5)).csv.splitlines()[1:] == [
        "none,heatmap,2,1,3",
        "none,examples,1,0,2",
        "heatmap,examples,0.5,-0.5,1.5",
    ]
