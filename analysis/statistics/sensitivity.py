"""Does the primary result survive a choice that could have been made otherwise?

Each row is the primary comparison on other people or other trials than the primary ones. No row is
a test of its own: where one differs from the others, the result hangs on that choice.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from analysis.statistics.analysed import Analysed
from analysis.statistics.measures import accuracy, compared
from analysis.statistics.measures.debatable import on_debatable
from analysis.statistics.sample import kinds
from analysis.statistics.sample.exclusions import dispositions
from analysis.statistics.sample.subsets import subsets

MOST_TRIALS = 50_000  # beyond which the table is made on request only
PRIMARY = "primary"
COLUMNS = (
    *("condition_a", "condition_b", "row", "description", "n_a", "n_b", "n_trials"),
    *("difference", "people_low", "people_high", "low", "high", "p", "people_p"),
)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Another choice of trials.

    Attributes:
        name: of the row.
        description: what is left out or taken in.
        trials: that are compared.
    """

    name: str
    description: str
    trials: pd.DataFrame


def is_told(analysed: Analysed) -> bool:
    """Whether the table is made: of a large study only where it is asked for."""
    return analysed.full or len(analysed.trials) <= MOST_TRIALS


def sensitivity(analysed: Analysed) -> pd.DataFrame:
    """The primary comparison under every choice that the export allows.

    Returns:
        condition_a, condition_b, row ("primary" first), description, n_a, n_b, n_trials (of both),
        difference, people_low, people_high, low, high, p and people_p, as `compared.primary` has
        them, none adjusted for the number of rows; by pair.
    """
    parts = [_row(analysed, choice) for choice in choices(analysed)]
    table = pd.concat(parts).sort_index(kind="stable")
    return table.reset_index(drop=True)[list(COLUMNS)]


def choices(analysed: Analysed) -> Iterator[Choice]:
    """Every choice, the primary one first."""
    trials = analysed.trials
    yield Choice(name=PRIMARY, description="as everywhere on this page", trials=trials)
    if analysed.min_correct is not None:
        description = "everybody who finished, whatever their validation answers"
        yield Choice(name="without the gate", description=description, trials=ungated(analysed))
    debatable = on_debatable(trials, analysed.export.stimuli)
    if debatable.any():
        description = "without stimuli whose true label is debatable"
        yield Choice(name="undisputed", description=description, trials=trials[~debatable])
    export = analysed.export
    for name, subset in subsets(trials, export.participants, export.attention).items():
        yield Choice(name=name, description=subset.description, trials=trials[subset.mask])


def ungated(analysed: Analysed) -> pd.DataFrame:
    """The trials that would be pooled if nobody had been left out for validation answers."""
    export = analysed.export
    everybody = dispositions(export.participants, min_correct=None)
    answered = accuracy.test_trials(export.responses, everybody)
    judged = kinds.as_judged(answered, export.stimuli)
    return judged[judged["kind"].isin(kinds.POOLED)]


def _row(analysed: Analysed, choice: Choice) -> pd.DataFrame:
    settings = analysed.export.facts.analysis
    pairs = analysed.primary_pairs
    table = compared.primary(choice.trials, pairs, settings, apart=analysed.apart)
    n = choice.trials["condition"].value_counts()
    both = [n.get(a, 0) + n.get(b, 0) for a, b in pairs]
    return table.assign(row=choice.name, description=choice.description, n_trials=both)
