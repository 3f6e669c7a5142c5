"""What the defences catch: a rehearsal in which some people were sent to be caught."""

import pandas as pd

from analysis.report.listing import MISSING, Cell, Listing
from analysis.report.phrasing.defences import sent_in_words, unseen_in_words
from analysis.report.section import Section
from analysis.statistics.analysed import Analysed
from analysis.statistics.sample import defences, signals
from analysis.statistics.sample.completion import COMPLETED
from analysis.statistics.sample.exclusions import ANALYSED
from analysis.statistics.sample.subsets import FAST_BELOW_MS

PLACE = 44

LABELS = {
    COMPLETED: "Completed",
    "gate": "Gate",
    "attention_checks": "Attention checks",
    "fast_answers": "Fast answers",
    "page_left": "Page left",
    signals.ANY_STRONG: "Strong signals of a program",
    "pasted_chars": "Pasted text",
    "unkeyed_chars": "Text without keys",
    "still_clicks": "Clicks by a mouse at rest",
    defences.UNSEEN: "Completed, marked by nothing",
}


def section(analysed: Analysed) -> Section | None:
    """Each defence against each sort; None where no simulated person was sent to be caught."""
    sorts = defences.sorts_of(analysed.export.participants)
    if (sorts == defences.ALL_HONEST).all():
        return None
    table = defences.caught(defences.marked(analysed.export, analysed.min_correct))
    people = analysed.participants[analysed.participants["step"] == ANALYSED]
    own_sorts = people["participant_id"].map(sorts).dropna()
    n_sent = int((own_sorts != defences.ALL_HONEST).sum())
    return Section(
        name="defences",
        title="What the defences catch",
        warnings=tuple(filter(None, [sent_in_words(n_sent, len(people))])),
        listings=(_by_sort(table),),
        prose={
            "sentences": unseen_in_words(table),
            "has_agents": bool((sorts == defences.AGENT).any()),
            "has_honest": bool((sorts == defences.ALL_HONEST).any()),
            "fast_below_ms": FAST_BELOW_MS,
        },
    )


def _by_sort(table: pd.DataFrame) -> Listing:
    """A row for each defence that can tell of anybody, a column for each sort; its file is long."""
    sorts = list(dict.fromkeys(table["sort"]))
    cells = {(row["sort"], row["defence"]): _cell(row) for _, row in table.iterrows()}
    told = set(table.loc[table["n_people"] > 0, "defence"])
    rows = [
        (Cell(text=label), *(cells[sort, defence] for sort in sorts))
        for defence, label in LABELS.items()
        if defence in told
    ]
    return Listing(
        name="defences",
        title="Defences against sorts of people",
        frame=table,
        headers=("", *sorts),
        rows=tuple(rows),
    )


def _cell(row: pd.Series) -> Cell:
    """Their share, and under it how many of how many, and its interval."""
    if not row["n_people"]:
        return Cell(text=MISSING, number=True)
    counts = f"{row['n']:,}/{row['n_people']:,}"
    under = f"{counts}, {row['low_percent']:.0f} to {row['high_percent']:.0f} %"
    return Cell(text=f"{row['share_percent']:.0f} %", under=under, number=True)
