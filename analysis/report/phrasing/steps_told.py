"""What the single steps of trials tell, in words."""

import pandas as pd

from analysis.report.listing import signed
from analysis.report.phrasing.words import listed, unbroken

MANY_OUTSIDE = 0.05  # share of weights outside 0 to 1 above which the page warns
MANY_BELOW = 5.0  # per cent of confidences below chance above which it does
NOTHING = 0.05  # points, which would read 0.0


def weight_in_words(weights: pd.DataFrame) -> list[str]:
    """A sentence for each row of `weight_of_advice.per_condition`."""
    return [
        unbroken(
            f"“{row['condition']}”: people go {100 * row['bounded']:.0f} % of the way to the AI’s "
            f"number on average{_interval(100 * row['bounded_low'], 100 * row['bounded_high'])}, "
            f"and in half of the trials {100 * row['median']:.0f} % or less."
        )
        for _, row in weights[weights["n_trials"] > 0].iterrows()
    ]


def outside_in_words(weights: pd.DataFrame) -> str:
    """That many weights lie outside 0 to 1, where they do, as a warning; else empty."""
    outside = weights["n_away"] + weights["n_beyond"]
    many = weights[outside > MANY_OUTSIDE * weights["n_trials"]]
    if many.empty:
        return ""
    shares = [
        f"{row['n_away'] + row['n_beyond']:,} of {row['n_trials']:,} with “{row['condition']}”"
        for _, row in many.iterrows()
    ]
    return (
        "Some people moved away from the AI’s number or beyond it: of the weights of advice, "
        f"{listed(shares)} lie outside 0 to 1. The mean of weights as they are then depends on few "
        "trials, those in which both numbers lie close together."
    )


def calibration_in_words(known: pd.DataFrame) -> list[str]:
    """A sentence for each row of `stated_confidence.per_condition` that has probabilities."""
    return [
        unbroken(
            f"“{row['condition']}”, {'with' if row['advised'] else 'without'} the AI’s answer "
            f"(“{row['about']}”): sure to {row['confidence_percent']:.1f} % on average and right "
            f"in {row['accuracy_percent']:.1f} %: {_too_sure(row['calibration_points'])}"
            f"{_interval(row['low_points'], row['high_points'], digits=1, unit='points')}."
        )
        for _, row in known.iterrows()
    ]


def below_chance_in_words(known: pd.DataFrame) -> str:
    """That many confidences lie below chance, where they do, as a warning; else empty."""
    many = known[known["below_chance_percent"] > MANY_BELOW]
    if many.empty:
        return ""
    shares = [
        f"{row['below_chance_percent']:.1f} % with “{row['condition']}” (“{row['about']}”)"
        for _, row in many.iterrows()
    ]
    return unbroken(
        f"Some confidences are lower than a guess would deserve: {listed(shares)}. Who takes the "
        "likeliest of several answers cannot believe less in it; these people meant something else "
        "than a probability, or another answer, and calibration and Brier score take them at their "
        "word."
    )


def predicted_in_words(table: pd.DataFrame) -> list[str]:
    """A sentence for each row of `forward_simulation.per_condition` in which the AI is wrong."""
    wrong = table[table["ai_right"].eq(False).fillna(False)]
    return [
        unbroken(
            f"“{row['condition']}”: where the AI is wrong, people name its answer in "
            f"{row['accuracy_percent']:.1f} %"
            f"{_interval(row['low_percent'], row['high_percent'], digits=1)} and the true label "
            f"in {row['true_label_percent']:.1f} %."
        )
        for _, row in wrong.iterrows()
    ]


def _too_sure(points: float) -> str:
    if abs(points) < NOTHING:
        return "neither too sure nor too unsure"
    return f"{abs(points):.1f} points too {'sure' if points > 0 else 'unsure'}"


def _interval(low: float, high: float, *, digits: int = 0, unit: str = "%") -> str:
    """In brackets; empty where there is none."""
    if pd.isna(low):
        return ""
    return f" (95 % interval {signed(low, digits)} to {signed(high, digits)} {unit})"
