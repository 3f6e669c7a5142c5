"""Counts as papers print them: a row for each answer, a column for each condition and for all."""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from analysis.report.listing import MISSING, Cell, Listing
from analysis.statistics.sample.exclusions import ALL
from analysis.statistics.sample.self_reports import QUESTION

MOST_SHOWN = 8  # answers to a question; the file has all of them


def answer_table(
    name: str,
    title: str,
    answers: pd.DataFrame,
    labels: Mapping[str, str],
    *,
    n_people: pd.Series | None = None,
    question: Sequence[str] = QUESTION,
    answer: str = "answer",
) -> Listing:
    """Lay out answers; the CSV file stays long.

    Args:
        name: of the CSV file.
        title: above the table.
        answers: as `self_reports.by_condition` returns them: condition, n, n_answered and
            share_percent, and where answers are numbers mean, std, min and max.
        labels: what questions and answers are called on the page, by name.
        n_people: of each condition and of "All"; who gave no answer is then counted too.
        question: the columns that tell questions apart; the last of them is shown.
        answer: the column that tells answers apart.
    """
    groups = list(dict.fromkeys(answers["condition"]))
    rows = [] if n_people is None else [_row("People", 1, "", [f"{n_people[g]:,}" for g in groups])]
    for _, own in answers.rename(columns={answer: "answer"}).groupby(list(question), sort=False):
        lines = [*_lines(own, groups), *(() if n_people is None else _silent(own, n_people))]
        asked = str(own[question[-1]].iloc[0])
        rows += [
            _row(labels.get(asked, asked), 0 if k else len(lines), labels.get(line, line), cells)
            for k, (line, cells) in enumerate(lines)
        ]
    headers = ("", "", *(group if group != ALL else group.lower() for group in groups))
    return Listing(
        name=name, title=title, frame=answers, headers=headers, rows=tuple(rows), grouped=True
    )


def _row(label: str, span: int, answer: str, cells: Sequence[str]) -> tuple[Cell, ...]:
    numbers = (Cell(text=cell, number=True) for cell in cells)
    return (Cell(text=label, span=span), Cell(text=answer), *numbers)


def _lines(own: pd.DataFrame, groups: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """What is said of one question: a name and a cell for each group."""
    answers = list(dict.fromkeys(own["answer"]))
    if answers == [""]:
        spreads = [_spread(own[own["condition"] == group].iloc[0]) for group in groups]
        yield "mean (SD)", [mean for mean, _ in spreads]
        yield "range", [ends for _, ends in spreads]
        return
    shown = answers if len(answers) <= MOST_SHOWN else answers[: MOST_SHOWN - 1]
    for answer in shown:
        yield answer, _counts(own[own["answer"] == answer], groups)
    if len(answers) > len(shown):
        others = own[~own["answer"].isin(shown)]
        yield f"{len(answers) - len(shown)} other answers", _counts(others, groups)


def _silent(own: pd.DataFrame, n_people: pd.Series) -> Iterator[tuple[str, list[str]]]:
    """How many gave no answer to the question; nothing where everybody did."""
    missing = n_people - own.groupby("condition")["n_answered"].first().reindex(n_people.index)
    if missing.any():
        yield "no answer", [f"{int(n):,}" for n in missing]


def _counts(rows: pd.DataFrame, groups: Sequence[str]) -> list[str]:
    """Number and share of people of each group, over all of these answers together."""
    of_group = rows.groupby("condition")
    n, shares = of_group["n"].sum(), of_group["share_percent"].sum(min_count=1)
    return [MISSING if pd.isna(shares[g]) else f"{n[g]:,} ({shares[g]:.0f} %)" for g in groups]


def _spread(row: pd.Series) -> tuple[str, str]:
    """Mean with standard deviation, and range, of answers in numbers."""
    if not row["n"]:
        return MISSING, MISSING
    std = "" if pd.isna(row["std"]) else f" ({row['std']:.1f})"
    return f"{row['mean']:.1f}{std}", f"{row['min']:g} to {row['max']:g}"
