"""Rows that pandas splits are those of the strict reader."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.export.csv_blocks import read_blocks
from analysis.export.plain_rows import read_rows

CELLS = st.text(st.sampled_from('ab01.,"\n\r \té#'), max_size=4)
TABLES = st.integers(1, 4).flatmap(
    lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=1, max_size=30)
)
WANTED = ("c0", "c2", "c9")


def cells_of(blocks):
    """Every column's texts, the rows' lines, and what is ragged."""
    columns, lines, ragged = {}, [], []
    for block in blocks:
        for name, column in block.columns.items():
            texts = column.texts.take(column.codes)
            columns.setdefault(name, []).extend(texts.tolist())
        lines += block.lines.tolist()
        ragged += block.ragged
    return columns, lines, ragged


def both(path: Path, size: int = 2**24):
    return cells_of(read_rows(path, WANTED, size=size)), cells_of(read_blocks(path, WANTED))


@settings(max_examples=40)
@given(TABLES, st.integers(10, 60))
def test_any_table_is_read_as_the_strict_reader_reads_it(tmp_path_factory, table, size):
    path = tmp_path_factory.mktemp("t") / "t.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([f"c{i}" for i in range(len(table[0]))])
        writer.writerows(table)
    ours, strict = both(path, size)
    assert ours == strict


@given(
    st.lists(st.sampled_from(["0", "00", "007", "1.0", "1.50", "true", "-0", "1e3"]), min_size=1)
)
def test_what_looks_like_a_number_stays_as_it_was_written(tmp_path_factory, cells):
    """Class names are texts, 007 and 7 two of them."""
    path = tmp_path_factory.mktemp("t") / "t.csv"
    path.write_text("c0,c1,c2\n" + "".join(f"{cell},x,{cell}\n" for cell in cells * 3), "utf-8")
    (columns, lines, _), strict = both(path)
    assert columns["c0"] == columns["c2"] == cells * 3
    assert lines == strict[1]


@pytest.mark.parametrize(
    "text",
    [
        "c0,c1,c2\n",
        "c0,c1,c2",
        "c0,c1,c2\n1,2,3",
        "\ufeffc0,c1,c2\n1,2,3\n",
        "c0,c1,c2\n1,2,3\n\n4,5\n6,7,8\n",
        "c0\n1\n\n2\n",
        "c0,c1,c2\r\n1,2,3\r\n",
        'c0,"c1",c2\n1,2,3\n',
        "c0,c1,c2\nNA,null,\n,,\n",
        "c0,c1,c2\n1,2,3\n\ufeff4,5,6\n",
        "x,y\n1,2\n",
    ],
)
def test_a_file_with_its_oddities_is_read_as_the_strict_reader_reads_it(tmp_path, text):
    path = tmp_path / "t.csv"
    path.write_text(text, "utf-8", newline="")
    for size in (1, 2**24):
        ours, strict = both(path, size)
        assert ours == strict


@pytest.mark.parametrize("column", ["c0", "c1"])
def test_what_is_no_utf8_is_refused_in_any_column(tmp_path, column):
    row = {"c0": b"1", "c1": b"2", "c2": b"3", column: b"\xff"}
    (tmp_path / "t.csv").write_bytes(b"c0,c1,c2\n1,2,3\n" + b",".join(row.values()) + b"\n")
    with pytest.raises(ValueError, match="utf-8"):
        list(read_rows(tmp_path / "t.csv", WANTED))


def test_rows_after_a_quote_keep_their_lines(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('c0,c1,c2\n1,2,3\n4,"5\n5",6\n7,8,9\n')
    (columns, lines, _), _ = both(path, size=1)
    assert columns["c0"] == ["1", "4", "7"]
    assert lines == [2, 3, 5]
