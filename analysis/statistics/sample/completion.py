"""How many of those who met their condition completed it. Unequal shares make unequal groups.

People are assigned at random, but who leaves may hang on what the condition shows; then those who
are left differ in more than the condition. What counts is leaving after the condition was met.
"""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from analysis.statistics.intervals import wilson
from analysis.statistics.sample.pass_rates import FAILED

COMPLETED = "completed"
LEFT = (
    *("returned", "timed_out", "withdrawn", "failed_comprehension", "failed_attention"),
    "error",
)
"""Outcomes that lose a person after the assignment: the study, or its server, had a part in each.

Who misunderstood the instructions had met the condition in them. Also `FAILED`, whom a live gate
ended; the gate has a table of its own.
"""
NEVER_MET = ("declined", "incompatible", "duplicate", "quota_full")
"""Outcomes of people who saw nothing of their condition, so it cannot have driven them away."""

LEAST_EXPECTED = 5  # people in a cell, below which χ² is not trusted (Cochran 1954)
N_TABLES = 9_999  # random ones with the margins of the observed; p is then known to ± 0.004 at .05
FISHER, FREEMAN_HALTON, CHI_SQUARED = "Fisher’s exact", "Fisher–Freeman–Halton", "χ²"


def met_condition(participants: pd.DataFrame, *, rehearsal: bool) -> pd.DataFrame:
    """Everybody who met their condition and whose session ended: completed, left or was stopped.

    Who is under way may still complete. Who returned or ran out of time without having agreed
    stopped reading before anything of a condition was shown. (An import tells no consent, but it
    tells nobody who left either.)

    Args:
        participants: as in the export.
        rehearsal: whether simulated people are analysed; then they alone count, else none of them.

    Returns:
        participant_id, condition, has_left (bool).
    """
    outcome = participants["outcome"]
    has_left = outcome.isin(LEFT)
    ended = outcome.isin([COMPLETED, FAILED]) | (has_left & participants["consented_at"].notna())
    counts = ended & (participants["simulated"].astype(bool) == rehearsal)
    counts &= participants["condition"].notna()
    people = participants[["participant_id", "condition"]].assign(has_left=has_left)
    return people[counts].reset_index(drop=True)


def completion(
    participants: pd.DataFrame, conditions: Sequence[str], *, rehearsal: bool
) -> pd.DataFrame:
    """Count who completed, of those who met their condition and were not stopped by a live gate.

    Args:
        participants: as in the export.
        conditions: in the order in which they are reported.
        rehearsal: whether simulated people are analysed.

    Returns:
        condition, n_assigned (= n_completed + n_left), n_completed, n_left, completed_percent,
        low_percent, high_percent (95 % Wilson interval: each person counts once; missing where
        there is nobody).
    """
    stopped = participants["outcome"] == FAILED
    met = met_condition(participants[~stopped], rehearsal=rehearsal)
    rows = []
    for condition in conditions:
        left = met.loc[met["condition"] == condition, "has_left"]
        n, n_left = len(left), int(left.sum())
        percent = 100 * (n - n_left) / n if n else math.nan
        low, high = wilson(n - n_left, n)
        rows.append((condition, n, n - n_left, n_left, percent, 100 * low, 100 * high))
    columns = ["condition", "n_assigned", "n_completed", "n_left", "completed_percent"]
    return pd.DataFrame(rows, columns=[*columns, "low_percent", "high_percent"])


def difference(rates: pd.DataFrame, *, rng: np.random.Generator) -> tuple[str, float]:
    """Whether completion hangs on the condition: one test over all conditions that have people.

    Pearson's χ² without correction where `LEAST_EXPECTED` or more people are expected in every
    cell, else Fisher's exact test (1935), or of more than two conditions its extension by Freeman
    and Halton (1951) over random tables.

    Args:
        rates: as `completion` returns them.
        rng: draws the random tables.

    Returns:
        The name of the test and its p; an empty name and NaN where fewer than two conditions have
        people, or nobody or everybody left.
    """
    counts = rates.loc[rates["n_assigned"] > 0, ["n_completed", "n_left"]].to_numpy()
    if len(counts) < 2 or not counts.sum(axis=0).all():
        return "", math.nan
    chi_squared = stats.chi2_contingency(counts, correction=False)
    if chi_squared.expected_freq.min() >= LEAST_EXPECTED:
        return CHI_SQUARED, float(chi_squared.pvalue)
    if len(counts) == 2:
        return FISHER, float(stats.fisher_exact(counts).pvalue)
    random_tables = stats.MonteCarloMethod(n_resamples=N_TABLES, rng=rng)
    return FREEMAN_HALTON, float(stats.fisher_exact(counts, method=random_tables).pvalue)
