"""Who is in, what they met, and what that forbids to conclude, in words."""

import pandas as pd

from analysis.report.phrasing.words import listed, p_in_words, unbroken
from analysis.statistics.sample.stimulus_mix import Imbalance


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
