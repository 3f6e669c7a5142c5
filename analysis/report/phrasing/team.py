"""How far teams are above the AI without people, in words."""

import pandas as pd

from analysis.report.listing import signed
from analysis.report.phrasing.words import listed, unbroken
from analysis.statistics.measures.teams.ai_alone import ACCEPT_ALL, AI_ONLY, SIX_BINS, STIMULI_SHOWN

ALONE = {AI_ONLY: "the AI alone", ACCEPT_ALL: "accepting everything"}
IN_PRACTICE = {SIX_BINS: "With natural weights", STIMULI_SHOWN: "On the stimuli shown"}
CLEARLY = {1: "above", -1: "below", 0: "not clearly different from"}


def gains_in_words(gains: pd.DataFrame) -> list[str]:
    """A sentence for each condition, on the six bins, or where these have no team, as shown.

    Args:
        gains: as `team_gain.gains` returns them.
    """
    for basis, where in IN_PRACTICE.items():
        on_basis = gains[gains["basis"] == basis]
        if len(on_basis):
            return [
                unbroken(
                    f"{where}, “{name}” ({rows['team_percent'].iloc[0]:.1f} %) is "
                    f"{gain_in_words(rows)}."
                )
                for name, rows in on_basis.groupby("condition", sort=False)
            ]
    return []


def above_in_words(gains: pd.DataFrame) -> str:
    """How many teams are above each way of doing without people, on the first basis there is."""
    for basis, where in IN_PRACTICE.items():
        on_basis = gains[gains["basis"] == basis]
        if on_basis.empty:
            continue
        parts = []
        for against, rows in on_basis.groupby("against", sort=False):
            n_above, n_below = (rows["low_points"] > 0).sum(), (rows["high_points"] < 0).sum()
            alone = listed([f"{share:.1f} %" for share in dict.fromkeys(rows["alone_percent"])])
            parts.append(
                f"{n_above or 'none'} {'is' if n_above < 2 else 'are'} above "
                f"{ALONE[str(against)]} ({alone}), {n_below or 'none'} below"
            )
        n = on_basis["condition"].nunique()
        teams = f"of {n} {'team' if n == 1 else 'teams'} "
        return unbroken(f"{where}, {teams}{'; '.join(parts)} (95 % intervals).")
    return ""


def missing_gains_in_words(gains: pd.DataFrame) -> str:
    """Why some differences have no interval; empty where all have one."""
    missing = gains[gains["missing_because"] != ""]
    reasons = [
        f"{reason} ({listed(list(dict.fromkeys(rows['basis'])))})"
        for reason, rows in missing.groupby("missing_because", sort=False)
    ]
    return f"No interval where there are too few: {listed(reasons)}." if reasons else ""


def gain_in_words(rows: pd.DataFrame) -> str:
    """How far a team is above each way of doing without people; rows of one basis."""
    parts = []
    for _, row in rows.iterrows():
        low, high = row["low_points"], row["high_points"]
        alone = f"{ALONE[row['against']]} ({row['alone_percent']:.1f} %"
        if pd.isna(low):
            direction = "above" if row["gain_points"] > 0 else "below"
            parts.append(f"{abs(row['gain_points']):.1f} points {direction} {alone}; no interval)")
        else:
            verdict = CLEARLY[(low > 0) - (high < 0)]
            ends = f"95 % interval {signed(low, 1)} to {signed(high, 1)}"
            points = f"{signed(row['gain_points'], 1)} points, {ends}"
            parts.append(f"{verdict} {alone}: {points})")
    return listed(parts)
