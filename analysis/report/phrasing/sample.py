"""Who is in, what they met, and what that forbids to conclude, in words."""

import math

import pandas as pd

from analysis.report.phrasing.words import SIGNIFICANT, listed, p_in_words, unbroken
from analysis.statistics.sample.stimulus_mix import Imbalance


def unequal_completion(rates: pd.DataFrame, test: str, p: float) -> str:
    """That completion hangs on the condition, as a warning; empty where it need not.

    Args:
        rates: as `completion.completion` returns them.
        test: its name, and
        p: as `completion.difference` returns them.
    """
    if not p < SIGNIFICANT:
        return ""
    known = rates[rates["n_assigned"] > 0].sort_values("completed_percent", kind="stable")
    least, most = (
        f"{row['completed_percent']:.0f} % with “{row['condition']}” "
        f"({row['n_completed']} of {row['n_assigned']})"
        for _, row in known.iloc[[0, -1]].iterrows()
    )
    return unbroken(
        f"Conditions lost different shares of people after these had met their condition: from "
        f"{least} to {most} completed ({p_in_words(f'{test} p', p)}). Those who are left may "
        "differ in more than the condition, so that a difference may be one of who stayed."
    )


def dropout_in_words(rates: pd.DataFrame, test: str, p: float, *, imported: bool) -> str:
    """How many left in each condition, for a methods text; empty where that is not known.

    Args:
        rates: as `completion.completion` returns them.
        test: its name, and
        p: as `completion.difference` returns them.
        imported: whether the answers were imported, of which nobody knows who left before.
    """
    known = rates[rates["n_assigned"] > 0]
    if not known["n_left"].any():
        return "" if imported or known.empty else "Nobody left after meeting the condition."
    shares = [
        f"{row['n_left']} of {row['n_assigned']} with {row['condition']} "
        f"({100 - row['completed_percent']:.1f} %)"
        for _, row in known.iterrows()
    ]
    compared = "" if math.isnan(p) else f" ({p_in_words(f'{test} p', p)})"
    text = f"Of those who met their condition, {listed(shares)} left before the end{compared}."
    return unbroken(text)


def unequal_pass_rates(test: pd.Series) -> str:
    """One row of `pass_rates.fisher` as a warning."""
    return unbroken(
        f"“{test['condition_a']}” and “{test['condition_b']}” let different shares of people pass "
        f"the gate ({p_in_words('Fisher’s exact p', test['p'])}). Those who are left may differ in "
        "more than the condition: read their comparison with care."
    )


def few_people(summary: pd.DataFrame, *, enough: int) -> str:
    """Rows of `accuracy.per_condition` with fewer people than is enough, as one warning."""
    names = [f"“{row['condition']}” (n = {row['n_participants']})" for _, row in summary.iterrows()]
    return unbroken(
        f"Fewer than {enough} people are analysed with {listed(names)}. With so few, intervals "
        "are wide, and a test can miss a difference that is there."
    )


def unequal_mix(mix: Imbalance) -> str:
    """What `stimulus_mix.largest_difference` returns, as a warning."""
    return unbroken(
        f"Conditions did not show the same mix of stimuli: one sort ({mix.sort}) makes up "
        f"{mix.points:.1f} points more of the trials with “{mix.more}” than of those with "
        f"“{mix.less}”. Part of a difference in per-user accuracy may be that mix; accuracy by "
        "bin, and the six bins with natural weights, compare like with like."
    )
