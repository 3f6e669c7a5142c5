"""How many people pass the gate in each condition. Unequal rates make unequal groups.

Leaving people out after they met their condition undoes the random assignment wherever the
condition decides who passes (Nguyen et al. 2021, section 2.4.2, reports no rates).
"""

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from analysis.statistics.intervals import wilson
from analysis.statistics.sample.exclusions import ANALYSED, BELOW_GATE

FAILED = "failed_validation"  # the outcome of a session that a live gate ended


def pass_rates(
    participants: pd.DataFrame, conditions: Sequence[str], *, rehearsal: bool
) -> pd.DataFrame:
    """Count who was measured against the gate, and who passed.

    Args:
        participants: as `exclusions.dispositions` returns them, with a gate.
        conditions: in the order in which they are reported.
        rehearsal: whether simulated people are analysed.

    Returns:
        condition, n_measured, n_passed, passed_percent, low_percent, high_percent (95 % Wilson
        interval; missing where nobody was measured).
    """
    stopped = (participants["outcome"] == FAILED) & (
        rehearsal | ~participants["simulated"].astype(bool)
    )
    measured = participants[participants["step"].isin([BELOW_GATE, ANALYSED]) | stopped]
    rows = []
    for condition in conditions:
        group = measured[measured["condition"] == condition]
        n, passed = len(group), int((group["step"] == ANALYSED).sum())
        low, high = wilson(passed, n)
        percent = 100 * passed / n if n else float("nan")
        rows.append((condition, n, passed, percent, 100 * low, 100 * high))
    columns = ["condition", "n_measured", "n_passed", "passed_percent"]
    return pd.DataFrame(rows, columns=[*columns, "low_percent", "high_percent"])


def fisher(rates: pd.DataFrame) -> pd.DataFrame:
    """Fisher's exact test, two-sided, of every pair of conditions (Fisher 1935).

    Args:
        rates: as `pass_rates` returns them.

    Returns:
        condition_a, condition_b and p, not adjusted: a warning is wanted rather early than late.
        Pairs in which a condition has nobody are left out.
    """
    rows = []
    known = rates[rates["n_measured"] > 0].to_dict("records")
    for a, b in itertools.combinations(known, 2):
        table = np.array([[r["n_passed"], r["n_measured"] - r["n_passed"]] for r in (a, b)])
        rows.append((a["condition"], b["condition"], float(stats.fisher_exact(table).pvalue)))
    return pd.DataFrame(rows, columns=["condition_a", "condition_b", "p"])
