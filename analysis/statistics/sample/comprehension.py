"""How many people understood the instructions, at each chance.

The instructions are those of the condition, so that who does not understand them may hang on it:
whoever fails at both chances counts as lost after the assignment (`completion`).
"""

from collections.abc import Sequence

import pandas as pd

from analysis.statistics.sample import attention_checks


def per_condition(
    answers: pd.DataFrame, people: pd.DataFrame, conditions: Sequence[str]
) -> pd.DataFrame:
    """Who answered rightly, by question, chance and condition.

    Args:
        answers: as in the export.
        people: participant_id and condition of everybody who counts here.
        conditions: in the order in which they are reported.

    Returns:
        check, chance ("1" or "2"), condition (at last "All"), n (right), n_answered and
        share_percent (missing where nobody answered). At the second chance, of those alone who
        had something wrong at the first: they answer every question again.
    """
    chances = answers["chance"].astype(str)
    checks = answers.assign(kind=chances).rename(columns={"right": "passed"})
    shares = attention_checks.per_condition(checks, people, conditions)
    return shares.rename(columns={"kind": "chance"})
