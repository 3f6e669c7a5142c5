import pandas as pd

from analysis.report.listing import MOST_ROWS, TableColumn, listing

FRAME = pd.DataFrame(
    {
        "condition": ["a", "a", "b"],
        "right": pd.array([True, None, False], dtype="boolean"),
        "share": [12.345, float("nan"), -1.0],
        "high": [20.0, float("nan"), 0.0],
        "p": [0.0004, 0.25, 1.0],
    }
)
COLUMNS = [
    TableColumn(column="condition", header="Condition"),
    TableColumn(column="right", header="AI", words=((True, "right"), (False, "wrong"))),
    TableColumn(column="share", to="high", header="Interval", digits=1),
    TableColumn(column="p", header="p", p=True),
]


def shown():
    return listing("name", "Title", FRAME, COLUMNS, grouped=1)


def test_cells_have_fixed_decimals_words_and_a_dash_for_what_is_missing():
    texts = [[cell.text for cell in row] for row in shown().rows]
    assert texts == [
        ["a", "right", "12.3 to 20.0", "< 0.001"],
        ["a", "–", "–", "0.250"],
        ["b", "wrong", "−1.0 to 0.0", "1.000"],
    ]


def test_equal_neighbours_are_shown_once():
    assert [row[0].span for row in shown().rows] == [2, 0, 1]


def test_the_csv_file_has_every_digit_and_writes_flags_as_the_export_does():
    assert shown().csv.splitlines() == [
        "condition,right,share,high,p",
        "a,1,12.345,20,0.0004",
        "a,,,,0.25",
        "b,0,-1,0,1",
    ]


def test_a_count_is_shown_with_its_whole():
    frame = pd.DataFrame({"right": [9.8, None], "n": [10, None]}).astype({"n": "Int64"})
    table = listing("t", "T", frame, [TableColumn(column="right", of="n", header="R", digits=2)])
    assert [row[0].text for row in table.rows] == ["9.80/10", "–"]


def test_a_number_that_spans_rows_stays_a_number():
    frame = pd.DataFrame({"difference": [2.5, 2.5], "who": ["a", "b"]})
    columns = [
        TableColumn(column="difference", header="D", digits=1),
        TableColumn(column="who", header="Who"),
    ]
    first = listing("t", "T", frame, columns, grouped=1).rows[0][0]
    assert (first.text, first.number, first.span) == ("2.5", True, 2)


def test_a_long_table_is_cut_on_the_page_and_whole_in_its_file():
    frame = pd.DataFrame({"n": range(MOST_ROWS + 7)})
    table = listing("long", "Long", frame, [TableColumn(column="n", header="n")])
    assert len(table.rows) == MOST_ROWS
    assert table.n_more == 7
    assert len(table.csv.splitlines()) == 1 + MOST_ROWS + 7
