"""In words, whether a result holds when something about the analysis is changed."""

import pandas as pd

from analysis.report.phrasing.words import SIGNIFICANT, UNBROKEN, listed
from analysis.statistics.measures.debatable import ALL_STIMULI, WITHOUT_DEBATABLE


def natural_in_words(natural: pd.DataFrame) -> str:
    """Rows of `natural.natural_accuracy` with trials as a sentence; empty where there are none."""
    seen = natural[natural["n_trials"] > 0]
    if seen.empty:
        return ""
    shares = [
        f"{row['accuracy_percent']:.1f} % with {row['condition']}"
        + ("" if pd.isna(row["bin_mean_percent"]) else f" ({row['bin_mean_percent']:.1f} %)")
        for _, row in seen.iterrows()
    ]
    rule = " (in brackets: the plain mean over the six bins)"
    known = rule if seen["bin_mean_percent"].notna().any() else ""
    text = (
        f"Pooled over trials{known}, decisions on natural stimuli were right in {listed(shares)}."
    )
    return text.replace(" %", f"{UNBROKEN}%")


def without_debatable_in_words(accuracy: pd.DataFrame, tests: pd.DataFrame) -> str:
    """What becomes of mean accuracy and of the primary tests without debatable stimuli.

    Args:
        accuracy: as `debatable.accuracy_of_both` returns it.
        tests: as `debatable.tests_of_both` returns them.
    """
    means = accuracy.pivot(index="condition", columns="stimuli", values="mean_percent").dropna()
    if means.empty or WITHOUT_DEBATABLE not in means:
        return "No condition has people who judged other stimuli too."
    moved = means[WITHOUT_DEBATABLE] - means[ALL_STIMULI]
    name = str(moved.abs().idxmax())
    points = moved[name]
    with_them, without = means.loc[name, [ALL_STIMULI, WITHOUT_DEBATABLE]]
    change = (
        "no mean accuracy changes"
        if abs(points) < 0.05  # would read 0.0
        else f"mean accuracy changes by {abs(points):.1f} points at most (“{name}”: "
        f"{with_them:.1f} % with them, {without:.1f} % without)"
    )
    return f"Without them, {change}{_tests_in_words(tests)}.".replace(" %", f"{UNBROKEN}%")


def _tests_in_words(tests: pd.DataFrame) -> str:
    pairs = tests.pivot(
        index=["condition_a", "condition_b"], columns="stimuli", values="p_holm"
    ).dropna()
    if pairs.empty:
        return ""
    found = pairs < SIGNIFICANT
    crossed = found[found[ALL_STIMULI] != found[WITHOUT_DEBATABLE]]
    if crossed.empty:
        return f", and no adjusted p crosses {SIGNIFICANT}"
    names = [f"“{a}” against “{b}”" for a, b in crossed.index]
    return f", and the adjusted p of {listed(names)} crosses {SIGNIFICANT}"
