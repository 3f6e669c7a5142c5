"""What scales say of the conditions and of themselves, in words."""

from collections.abc import Mapping

import pandas as pd

from analysis.report.listing import signed
from analysis.report.phrasing.words import SIGNIFICANT, listed, p_in_words, unbroken


def scale_tests_in_words(tests: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """Rows of `proportional_odds.per_pair` as sentences; empty where nothing could be tested.

    Args:
        tests: the rows.
        labels: what scales are called on the page, by name.
    """
    known = tests[tests["p_holm"].notna()]
    if known.empty:
        return ""
    found, bound = known[known["p_holm"] < SIGNIFICANT], str(SIGNIFICANT).removeprefix("0")
    many = "the one comparison" if len(known) == 1 else f"the {len(known)} comparisons"
    if found.empty:
        return f"Of {many}, none has an adjusted p below {bound}."
    differences = [
        f"“{labels[row['scale']]}” was {'higher' if row['odds_ratio'] > 1 else 'lower'} with "
        f"“{row['condition_a']}” than with “{row['condition_b']}” "
        f"(OR = {row['odds_ratio']:.2f}, 95 % CI [{row['odds_low']:.2f}, "
        f"{row['odds_high']:.2f}], {p_in_words('Holm-adjusted p', row['p_holm'])})"
        for _, row in found.iterrows()
    ]
    verb = "has" if len(found) == 1 else "have"
    return unbroken(
        f"Of {many}, {len(found)} {verb} an adjusted p below {bound}: {listed(differences)}."
    )


def contrary_items(items: pd.DataFrame, labels: Mapping[str, str]) -> list[str]:
    """A warning for each row of `internal_consistency.per_item` that goes against its scale.

    Args:
        items: the rows.
        labels: what scales and questions are called on the page, by name.
    """
    return [
        unbroken(
            f"“{labels[row['item']]}” goes against the other items of “{labels[row['scale']]}” "
            f"(r = {signed(row['rest_r'])}"
            f"{', after it was turned round' if row['is_reversed'] else ''}): "
            + (
                "should it be in [[scales]] reversed?"
                if row["is_reversed"]
                else "if agreement means less of it, name it in [[scales]] reversed."
            )
        )
        for _, row in items[items["rest_r"] < 0].iterrows()
    ]
