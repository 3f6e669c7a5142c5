"""The tables of the page, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from stimuli.ceiling.ceilings import ACCEPTS_ALL, ACCURACY, AI_ALONE, AUC, Ceilings
from stimuli.ceiling.findings import differences, interval, signed, whole
from stimuli.ceiling.population import NATURAL, SHOWN
from stimuli.ceiling.readers import LINEAR, MEAN, TREES

PERMUTED_OVER = {
    "permuted_auc": "over everything",
    "permuted_within_bins_auc": "within bins",
    "permuted_within_kinds_auc": "within kinds",
}


@dataclass(frozen=True, kw_only=True)
class WordTable:
    """A table whose first columns are names, under `names` headers, and the others numbers."""

    headers: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    names: int = 1


def as_shown(found: Ceilings) -> WordTable:
    """Area of each reader, and share judged rightly of the mean of both."""
    columns = {
        "mean of both": whole(found, AUC),
        "linear alone": whole(found, AUC, LINEAR),
        "trees alone": whole(found, AUC, TREES),
        "judged rightly": whole(found, ACCURACY),
    }
    return _by_reading(columns, SHOWN)


def under_natural_weights(found: Ceilings) -> WordTable:
    """Area and share judged rightly, beside what no look is needed for."""
    areas, shares = whole(found, AUC), whole(found, ACCURACY)
    table = _by_reading({"AUC": areas, "judged rightly": shares}, NATURAL)
    fixed = {name: _of(found, name) for name in (ACCEPTS_ALL, AI_ALONE)}
    worth = shares[shares["population"] == NATURAL].groupby("condition")["n_effective"].first()
    rows = [
        (*row, *(f"{by_name[row[0]]:.2f}" for by_name in fixed.values()), f"{worth[row[0]]:.0f}")
        for row in table.rows
    ]
    headers = (*table.headers, "accepting everything", "the AI alone", "worth")
    return WordTable(headers=headers, rows=rows, names=2)


def _of(found: Ceilings, reader: str) -> Mapping[str, float]:
    rows = whole(found, ACCURACY, reader)
    return dict(rows[rows["population"] == NATURAL].groupby("condition")["value"].first())


def _by_reading(columns: Mapping[str, pd.DataFrame], population: str) -> WordTable:
    """A row for each condition and what of it was read, a column for each of some measures."""
    first = next(iter(columns.values()))
    keys = first.loc[first["population"] == population, ["condition", "shows"]]
    rows = []
    for condition, shows in keys.itertuples(index=False):
        cells = []
        for column in columns.values():
            same = (column["condition"] == condition) & (column["shows"] == shows)
            of = column[same & (column["population"] == population)]
            cells.append(_cell(of))
        rows.append((condition, shows, *cells))
    return WordTable(headers=("condition", "readers get", *columns), rows=rows, names=2)


def compared(found: Ceilings) -> WordTable:
    """Differences of areas."""
    rows = [
        (row["condition"], row["less"], row["shows"], row["population"], signed(row))
        for of_panels in (True, False)
        for _, row in differences(found, of_panels=of_panels).iterrows()
    ]
    headers = ("condition", "less", "readers get", "weights", "difference of AUC")
    return WordTable(headers=headers, rows=rows, names=4)


def by_kind_and_bin(found: Ceilings) -> WordTable:
    """Of all that is shown, as shown: each kind and each bin by itself."""
    rows = found.rows
    parts = rows[(rows["kind"] != "all") | (rows["bin"] != "all")]
    parts = parts[(parts["reader"] == MEAN) & (parts["shows"] == "all")]
    cells = []
    for (condition, kind, bin), both in parts.groupby(["condition", "kind", "bin"], sort=False):
        part = kind if bin == "all" else bin
        numbers = [_cell(both[both["measure"] == name]) for name in (AUC, ACCURACY)]
        cells.append((str(condition), str(part), str(both["n"].iloc[0]), *numbers))
    headers = ("condition", "stimuli", "number", "AUC", "judged rightly")
    return WordTable(headers=headers, rows=cells, names=2)


def with_permuted_truth(found: Ceilings) -> WordTable:
    """Mean areas over permutations, a column for each way to permute."""
    rows = found.rows[found.rows["measure"].isin(PERMUTED_OVER)]
    over = [name for name in PERMUTED_OVER if name in set(rows["measure"])]
    cells = [
        (str(condition), *(_cell(of[of["measure"] == name]) for name in over))
        for condition, of in rows.groupby("condition", sort=False)
    ]
    return WordTable(headers=("condition", *(PERMUTED_OVER[name] for name in over)), rows=cells)


def _cell(rows: pd.DataFrame) -> str:
    """The number and its interval of the one row, if there is one."""
    for _, row in rows.iterrows():
        return interval(row["value"], row["low"], row["high"])
    return "too few"
