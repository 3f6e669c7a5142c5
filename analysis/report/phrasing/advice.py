"""What people did with advice, and what the team gained, in words."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from analysis.report.listing import signed
from analysis.report.phrasing.words import listed, unbroken
from analysis.statistics.measures.steps.synergy import BEFORE

CLEARLY = {1: "clearly more than", -1: "clearly less than", 0: "not clearly different from"}


def change_in_words(row: pd.Series) -> str:
    """Accuracy before and after of one condition; a row of `advice_taking.changes`."""
    before, after = row["before_percent"], row["after_percent"]
    return unbroken(
        f"“{row['condition']}”: {before:.1f} % right before and {after:.1f} % after, "
        f"{signed(row['change_points'], 1)} points{_interval(row, 'points')}."
    )


def changes_in_words(whole: pd.DataFrame) -> str:
    """In how many conditions accuracy changed, or how in the one that there is.

    Args:
        whole: the rows of `advice_taking.changes` of all advice together; one or more.
    """
    if len(whole) == 1:
        return change_in_words(whole.iloc[0])
    low = whole["low_points"].fillna(whole["people_low_points"])
    high = whole["high_points"].fillna(whole["people_high_points"])
    more, less = int((low > 0).sum()), int((high < 0).sum())
    return unbroken(
        f"Of {len(whole)} conditions, {more or 'none'} {_are(more)} right more often after the "
        f"advice than before, and {less or 'none'} less often (95 % intervals)."
    )


def synergies_in_words(table: pd.DataFrame) -> str:
    """How many teams are above the better of both, or how far the one that there is.

    Args:
        table: as `synergy.synergies` returns it, with one row or more.
    """
    if len(table) == 1:
        return synergy_in_words(table.iloc[0])
    parts = []
    for alone, rows in table.groupby("alone", sort=False):
        above, below = int((rows["low_points"] > 0).sum()), int((rows["high_points"] < 0).sum())
        who = BEFORE if alone == BEFORE else f"“{alone}”"
        parts.append(f"against {who}, {above or 'none'} above and {below or 'none'} below")
    n = table["condition"].nunique()
    return unbroken(
        f"Of {n} {'team' if n == 1 else 'teams'} set beside the better of people alone and AI "
        f"alone: {'; '.join(parts)} (95 % intervals)."
    )


def ended_in_words(shares: pd.DataFrame, condition: str) -> str:
    """What became of wrong advice: who had the AI's answer already is no follower of it.

    Args:
        shares: as `advice_taking.shares_of_advice` returns them.
        condition: whose people are told of.
    """
    percent = _of(shares, condition)["percent"]
    if pd.isna(percent.get("wrong_ended")):
        return ""
    return unbroken(
        f"“{condition}”: where the AI is wrong, {percent['wrong_ended']:.1f} % of the answers "
        f"ended with what it says. {percent['wrong_agreed_already']:.1f} % had said so before it "
        f"was shown and stayed; {percent['wrong_moved']:.1f} % moved to it."
    )


def relied_in_words(shares: pd.DataFrame, condition: str) -> str:
    """Appropriate reliance of one condition, on right and on wrong advice."""
    own, parts = _of(shares, condition).to_dict("index"), []
    for name, told in (
        ("rair", "of right advice against a wrong answer of their own people took"),
        ("rsr", "of wrong advice against a right answer of their own they withstood"),
    ):
        row = own.get(name, {"n_trials": 0})
        if row["n_trials"]:
            parts.append(f"{told} {row['percent']:.1f} %{_interval(row, 'percent')}")
    return unbroken(f"“{condition}”: {', and '.join(parts)}.") if parts else ""


def without_cases_in_words(shares: pd.DataFrame) -> str:
    """How many people have no case of one of the two ratios, and so none of their own."""
    ratios = shares[shares["measure"].isin(("rair", "rsr")) & (shares["n_without"] > 0)]
    told = [
        f"{row['n_without']} of {row['n_without'] + row['n_participants']} people of "
        f"“{row['condition']}” no case for {row['measure'].upper()}"
        for _, row in ratios.iterrows()
    ]
    return (
        f"By themselves have {listed(told)}; pooled over people, nobody is dropped." if told else ""
    )


def synergy_in_words(row: pd.Series) -> str:
    """The team against the better of both; a row of `synergy.synergies`."""
    alone = BEFORE if row["alone"] == BEFORE else f"people of “{row['alone']}”"
    better = {"people": "people alone", "AI": "the AI alone", "equal": "either alone"}
    means = (
        f"“{row['condition']}” is right in {row['team_percent']:.1f} %, {alone} in "
        f"{row['alone_percent']:.1f} %, and the AI in {row['ai_percent']:.1f} %"
    )
    points = signed(row["synergy_points"], 1)
    if pd.isna(row["low_points"]):
        return unbroken(f"{means}: {points} points against {better[row['better']]}.")
    low, high = row["low_points"], row["high_points"]
    verdict = CLEARLY[(low > 0) - (high < 0)]
    return unbroken(
        f"{means}: {verdict} the better of both, {points} points against {better[row['better']]} "
        f"(95 % interval {signed(low, 1)} to {signed(high, 1)})."
    )


def _are(n: int) -> str:
    return "is" if n < 2 else "are"


def _of(shares: pd.DataFrame, condition: str) -> pd.DataFrame:
    return shares[shares["condition"] == condition].set_index("measure")


def _interval(row: Mapping[Hashable, Any] | pd.Series, unit: str) -> str:
    """The wider interval that there is, and whom it is for; empty without one."""
    for prefix, whom in (("", "other people and other stimuli"), ("people_", "these stimuli")):
        low, high = row[f"{prefix}low_{unit}"], row[f"{prefix}high_{unit}"]
        if not pd.isna(low):
            return f" (95 % interval {signed(low, 1)} to {signed(high, 1)}, {whom})"
    return ""
