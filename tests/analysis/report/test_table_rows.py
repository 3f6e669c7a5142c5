import pandas as pd

from analysis.report.listing import Cell, Listing
from analysis.report.table_rows import table_rows


def rows_of(*rows, headers=("Who", "n"), grouped=False):
    listing = Listing(
        name="x", title="X", frame=pd.DataFrame(), headers=headers, rows=rows, grouped=grouped
    )
    return table_rows(listing).splitlines()


def test_a_cell_has_the_header_of_its_column_and_says_whether_it_is_a_number():
    assert rows_of((Cell(text="a"), Cell(text="5", number=True, under="of 7"))) == [
        (
            '<tr class=""><td class="first" data-label="Who">a</td>'
            '<td class=" number" data-label="n">5<small>of 7</small></td></tr>'
        )
    ]


def test_a_cell_that_spans_rows_stands_in_the_first_of_them_which_begins_a_group():
    spanning = (Cell(text="a", span=2), Cell(text="1"))
    spanned = (Cell(text="a", span=0), Cell(text="2"))
    assert rows_of(spanning, spanned, grouped=True) == [
        (
            '<tr class="group"><td class="first" data-label="Who" rowspan="2">a</td>'
            '<td class="" data-label="n">1</td></tr>'
        ),
        '<tr class=""><td class="" data-label="n">2</td></tr>',
    ]


def test_parts_and_totals_are_told_apart():
    rows = rows_of(
        (Cell(text="of these right"), Cell(text="1")), (Cell(text="= all"), Cell(text="2"))
    )
    assert [row.split(">")[0] for row in rows] == ['<tr class="part"', '<tr class="total"']


def test_what_people_wrote_is_text_and_no_html():
    (row,) = rows_of((Cell(text="<b>", under="a & b"), Cell(text="1")), headers=('"Who"', "n"))
    assert 'data-label="&#34;Who&#34;"' in row
    assert "&lt;b&gt;<small>a &amp; b</small>" in row
