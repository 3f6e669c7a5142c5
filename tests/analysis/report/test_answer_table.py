import math

import pandas as pd

from analysis.report.answer_table import MOST_SHOWN, answer_table

NUMBERS = ("mean", "std", "min", "median", "max")


def counts(
    question: str, answer: str, condition: str, n: int, n_answered: int
) -> dict[str, object]:
    share = 100 * n / n_answered if n_answered else math.nan
    row = {"source": "study", "question": question, "answer": answer, "condition": condition}
    return row | {"n": n, "n_answered": n_answered, "share_percent": share}


def texts(listing) -> list[list[str]]:
    return [[cell.text for cell in row if cell.span] for row in listing.rows]


def test_each_condition_is_a_column_and_who_gave_no_answer_is_counted() -> None:
    rows = [
        counts("use", "Never", "a", 1, 4),
        counts("use", "Never", "All", 1, 4),
        counts("use", "not_sure", "a", 3, 4),
        counts("use", "not_sure", "All", 3, 4),
    ]
    table = answer_table(
        "characteristics",
        "Participants",
        pd.DataFrame(rows, columns=[*rows[0], *NUMBERS]),
        {"use": "How often?", "not_sure": "not sure"},
        n_people=pd.Series({"a": 4, "All": 5}),
    )
    assert table.headers == ("", "", "a", "all")
    assert texts(table) == [
        ["People", "", "4", "5"],
        ["How often?", "Never", "1 (25 %)", "1 (25 %)"],
        ["not sure", "3 (75 %)", "3 (75 %)"],
        ["no answer", "0", "1"],
    ]
    assert table.rows[1][0].span == 3


def test_numbers_have_their_mean_and_range_and_a_dash_where_nobody_answered() -> None:
    known = counts("age", "", "a", 2, 2) | dict(
        zip(NUMBERS, (25.5, 7.78, 20, 25.5, 31), strict=True)
    )
    alone = counts("age", "", "b", 1, 1) | dict(zip(NUMBERS, (40, None, 40, 40, 40), strict=True))
    table = answer_table("t", "T", pd.DataFrame([known, alone, counts("age", "", "c", 0, 0)]), {})
    assert texts(table) == [
        ["age", "mean (SD)", "25.5 (7.8)", "40.0", "–"],
        ["range", "20 to 31", "40 to 40", "–"],
    ]


def test_of_many_answers_the_rest_are_counted_together() -> None:
    rows = [counts("country", f"c{k}", "a", 10 - k, 55) for k in range(10)]
    table = answer_table("t", "T", pd.DataFrame(rows), {})
    assert len(table.rows) == MOST_SHOWN
    assert texts(table)[-1] == ["3 other answers", "6 (11 %)"]  # 3, 2 and 1 of 55
    assert len(table.frame) == 10


def test_other_counts_can_be_laid_out_by_their_own_columns() -> None:
    row = {"check": "pink", "kind": "instructed", "condition": "a"}
    rows = pd.DataFrame([row | {"n": 1, "n_answered": 2, "share_percent": 50.0}])
    table = answer_table("t", "T", rows, {}, question=["check"], answer="kind")
    assert texts(table) == [["pink", "instructed", "1 (50 %)"]]
    assert "check,kind,condition" in table.csv
