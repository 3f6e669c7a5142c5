"""How many people passed each attention check."""

import math
from collections.abc import Sequence

import pandas as pd

from analysis.statistics.sample.exclusions import ALL

COLUMNS = ("check", "kind", "condition", "n", "n_answered", "share_percent")


def per_condition(
    checks: pd.DataFrame, people: pd.DataFrame, conditions: Sequence[str]
) -> pd.DataFrame:
    """Who passed, by check and condition.

    Args:
        checks: as in the export.
        people: participant_id and condition of everybody who counts here: also of those whom
            failed checks leave out of the analysis.
        conditions: in the order in which they are reported.

    Returns:
        check, kind, condition (at last "All"), n (who passed), n_answered and share_percent
        (missing where nobody answered).
    """
    answers = checks.merge(people[["participant_id", "condition"]], on="participant_id")
    answers = answers[answers["condition"].isin(conditions)].astype({"passed": "float64"})
    rows = []
    for (name, kind), own in answers.groupby(["name", "kind"], sort=False):
        groups = {c: own.loc[own["condition"] == c, "passed"] for c in conditions}
        for condition, passed in (groups | {ALL: own["passed"]}).items():
            share = 100 * float(passed.mean()) if len(passed) else math.nan
            rows.append((name, kind, condition, int(passed.sum()), len(passed), share))
    return pd.DataFrame(rows, columns=list(COLUMNS))
