"""What the defences of a study catch, of simulated people some of whom were sent to be caught.

A defence marks a person, does not, or cannot tell: the gate and the attention checks by what
somebody answered, fast answers and leaving the page where at least half of the test decisions were
so, a signal where it was set off once. `study simulate` counts the same in its database.
"""

import math

import pandas as pd

from analysis.export.columns import SORTS
from analysis.export.read import Export
from analysis.statistics.intervals import wilson
from analysis.statistics.sample import signals
from analysis.statistics.sample.completion import COMPLETED
from analysis.statistics.sample.gate import passes_gate
from analysis.statistics.sample.pass_rates import FAILED
from analysis.statistics.sample.subsets import FAST_BELOW_MS

# Who looks and judges for himself, as well as he can: a mark on one of them is a false alarm.
HONEST = (
    *("calibrated", "over-reliant", "under-reliant", "quitting"),
    *("reloading", "double-clicking", "dropping"),
)
ALL_HONEST = "honest"
AGENT = "agent"
ENOUGH = 0.5  # share of a person's test decisions that were fast, or with the page left
MEASURED = (COMPLETED, "failed_attention", FAILED)  # outcomes after the whole validation
SIGNALS = (signals.ANY_STRONG, *signals.SIGNALS[signals.WEAK])
DEFENCES = ("gate", "attention_checks", "fast_answers", "page_left", *SIGNALS)
UNSEEN = "unseen"
COLUMNS = ("sort", "defence", "n", "n_people", "share_percent", "low_percent", "high_percent")


def sorts_of(participants: pd.DataFrame) -> pd.Series:
    """The sort of each simulated person, by participant_id; "honest" for every honest one.

    Args:
        participants: as in the export; one of before tells no sorts.
    """
    if "simulated_sort" not in participants:
        return pd.Series(dtype=object)
    simulated = participants[participants["simulated"].astype(bool)]
    sorts = simulated.set_index("participant_id")["simulated_sort"].dropna()
    return sorts.replace(dict.fromkeys(HONEST, ALL_HONEST))


def marked(export: Export, min_correct: int | None) -> pd.DataFrame:
    """Which defences marked whom, of the simulated people whose sort is known.

    Args:
        export: as it was read.
        min_correct: right validation answers needed; None where there was no validation.

    Returns:
        By participant_id: sort, completed, each of `DEFENCES` (missing where it cannot tell), and
        unseen: whether nothing marked somebody who completed.
    """
    sorts = sorts_of(export.participants)
    people = export.participants.set_index("participant_id").loc[sorts.index]
    is_measured = people["outcome"].isin(MEASURED) & (min_correct is not None)
    answered = export.responses["team_right"].notna() & (export.responses["phase"] == "test")
    decisions = export.responses[answered]
    times, away = decisions["decision_rt_ms"].dropna(), decisions["away_count"].dropna()
    told = {
        "gate": ~passes_gate(people["validation_right"], min_correct or 0)[is_measured],
        "attention_checks": ~export.attention.groupby("participant_id")["passed"].all(),
        "fast_answers": _mostly(times < FAST_BELOW_MS, decisions["participant_id"]),
        "page_left": _mostly(away > 0, decisions["participant_id"]),
        **signals.set_off(export.participants)[list(SIGNALS)],
    }
    marks = {name: mark.reindex(sorts.index).astype("boolean") for name, mark in told.items()}
    completed = people["outcome"].eq(COMPLETED).fillna(False).astype("boolean")
    nothing = ~pd.DataFrame(marks).fillna(False).any(axis=1)
    facts = {"sort": sorts, COMPLETED: completed, **marks, UNSEEN: nothing.where(completed)}
    return pd.DataFrame(facts)


def caught(people: pd.DataFrame) -> pd.DataFrame:
    """How many of each sort each defence marks; how many complete, and how many of these unseen.

    Args:
        people: as `marked` returns them.

    Returns:
        sort, defence ("completed", each of `DEFENCES`, "unseen"), n, n_people (of whom the defence
        can tell), share_percent, low_percent, high_percent (95 % Wilson interval: each person
        counts once; missing where there is nobody).
    """
    rows = []
    for sort in (*SORTS, ALL_HONEST):
        own = people[people["sort"] == sort]
        for defence in (COMPLETED, *DEFENCES, UNSEEN) if len(own) else ():
            known = own[defence].dropna()
            n, n_people = int(known.sum()), len(known)
            share = n / n_people if n_people else math.nan
            percent = (100 * value for value in (share, *wilson(n, n_people)))
            rows.append((sort, defence, n, n_people, *percent))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _mostly(flags: pd.Series, participants: pd.Series) -> pd.Series:
    """By person, whether a flag is set for enough of the decisions of which it is known."""
    people = participants.loc[flags.index].astype(str)
    return flags.astype("float64").groupby(people).mean() >= ENOUGH
