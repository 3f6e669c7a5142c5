"""The test as the paper most likely ran it: over trials, and half the two-sided p.

Nguyen et al. 2021 (section 3.1) name the Mann-Whitney U test, and neither its unit nor its
version. Their p values for dogs fit a test over trials with scipy 1.4.1, whose default
(`alternative=None`) returned half the two-sided p, with corrections for ties and continuity.
Trials of one person are not independent, so this p is optimistic: it is there to be compared with
the paper, and for nothing else.
"""

import math
from collections.abc import Sequence

import pandas as pd
from scipy import stats


def over_trials(trials: pd.DataFrame, pairs: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Compare right and wrong decisions within pairs of conditions, trial by trial.

    Args:
        trials: as `accuracy.test_trials` returns them.
        pairs: a and b.

    Returns:
        A row for each pair: condition_a, condition_b, n_trials_a, n_trials_b,
        accuracy_a_percent, accuracy_b_percent (pooled), u (of a, over pairs of trials) and half_p
        (half the two-sided p, not adjusted for the number of pairs). u and half_p are missing
        where a condition has no trials, half_p also where all answers are equal, as in scipy
        1.4.1.
    """
    condition = trials["condition"].to_numpy()
    right = trials["team_right"].to_numpy(dtype="int8")
    rows = []
    for a, b in pairs:
        groups = right[condition == a], right[condition == b]
        sizes = [len(group) for group in groups]
        shares = [100 * float(group.mean()) if len(group) else math.nan for group in groups]
        u = half_p = math.nan
        if all(sizes):
            test = stats.mannwhitneyu(*groups, alternative="two-sided", method="asymptotic")
            equal = min(shares) == max(shares) and min(shares) in (0, 100)
            u, half_p = float(test.statistic), math.nan if equal else float(test.pvalue) / 2
        rows.append((a, b, *sizes, *shares, u, half_p))
    columns = ["condition_a", "condition_b", "n_trials_a", "n_trials_b"]
    columns += ["accuracy_a_percent", "accuracy_b_percent", "u", "half_p"]
    return pd.DataFrame(rows, columns=columns)
