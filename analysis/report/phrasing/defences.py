"""Who passes the defences of a study unseen, in words."""

import pandas as pd

from analysis.report.phrasing.words import unbroken
from analysis.statistics.sample.completion import COMPLETED
from analysis.statistics.sample.defences import ALL_HONEST, UNSEEN


def sent_in_words(n_sent: int, n_analysed: int) -> str:
    """That people are analysed who were sent to be caught, as a warning; empty where none is."""
    if not n_sent:
        return ""
    return (
        f"Of those analysed, {n_sent} of {n_analysed} were sent to be caught, so every number of "
        "this page is theirs too. Rehearse without them to see what was planted."
    )


def unseen_in_words(caught: pd.DataFrame) -> list[str]:
    """A sentence for each sort that was sent to be caught: how many nothing marked.

    Args:
        caught: as `defences.caught` returns them.
    """
    sent = caught[caught["sort"] != ALL_HONEST]
    n_sent = sent.loc[sent["defence"] == COMPLETED].set_index("sort")["n_people"]
    return [
        _sentence(row, int(n_sent[row["sort"]]))
        for _, row in sent[sent["defence"] == UNSEEN].iterrows()
    ]


def _sentence(unseen: pd.Series, n_sent: int) -> str:
    completed = f"“{unseen['sort']}”: {unseen['n_people']} of {n_sent} completed the study"
    if not unseen["n_people"]:
        return f"{completed}."
    interval = f"[{unseen['low_percent']:.0f}, {unseen['high_percent']:.0f}]"
    return unbroken(
        f"{completed}; {unseen['n']} of these {unseen['n_people']} marked by nothing, "
        f"{unseen['share_percent']:.0f} % (95 % CI {interval})."
    )
