"""The rows of an export: trials as they were shown, and the people who answered them."""

from collections.abc import Mapping

import pandas as pd

from analysis.export.binning import bins_of
from analysis.export.study_file import BinsTable
from analysis.trials.map_file import Settings
from analysis.trials.meaning import Meaning
from analysis.trials.source_file import Source

DIGITS = 3  # of a pseudonym at least
OPTIONAL = {
    "label": "label",
    "confidence": "confidence",
    "bin": "bin",
    "seen_before": "prior_knowledge",
    "decision": "decision",
    "decision_rt_ms": "decision_time",
    "team_right": "team_right",
}
"""Columns of responses.csv, and the columns of the map that fill them."""


def responses(source: Source, meanings: Mapping[str, Meaning], settings: Settings) -> pd.DataFrame:
    """The columns of responses.csv that the file tells of, in the order of the file.

    Args:
        source: the rows.
        meanings: every column of them, without problems.
        settings: the map.
    """
    columns = {
        name: meanings[name].values.take(column.codes).reset_index(drop=True)
        for name, column in source.columns.items()
    }
    participants = source.columns["participant"]
    n = len(participants.texts)
    width = max(DIGITS, len(str(n)))
    pseudonyms = pd.Series([f"p{i:0{width}d}" for i in range(1, n + 1)], dtype="str")
    trials = pd.DataFrame(
        {
            "participant_id": pseudonyms.take(participants.codes),
            "condition": columns["condition"].array,
            "classifier": settings.classifier.name,
            "simulated": False,
            "phase": columns["phase"].array if "phase" in columns else "test",
            "stimulus_id": columns["stimulus"].array,
            "kind": columns["kind"].array if "kind" in columns else "natural",
            "ai_right": columns["ai_right"].astype(bool).array,
        }
    ).reset_index(drop=True)
    for ours, theirs in OPTIONAL.items():
        if theirs in columns:
            trials[ours] = columns[theirs]
    trials["trial_index"] = trials.groupby(["participant_id", "phase"]).cumcount()
    if "bin" not in trials and "confidence" in trials:
        trials["bin"] = bins_in(trials["confidence"], trials["ai_right"], settings.bins)
    return _with_both_answers(trials)


def bins_in(confidence: pd.Series, ai_right: pd.Series, bands: BinsTable) -> pd.Series:
    """The bins of confidences from 0 to 1; low ends before `low_below`, the others include ends."""
    low, high = confidence < bands.low_below, confidence >= bands.high_from
    return bins_of(low, confidence.between(*bands.medium), high, ai_right)


def participants(trials: pd.DataFrame) -> pd.DataFrame:
    """The columns of participants.csv that the trials tell of, in order of first appearance.

    Whoever answered a test trial completed; of nobody else is it known how they ended.
    """
    has_answer = trials["team_right"].notna()
    counts = pd.DataFrame(
        {
            "participant_id": trials["participant_id"],
            "n_validation": has_answer & (trials["phase"] == "validation"),
            "n_test": has_answer & (trials["phase"] == "test"),
        }
    )
    counts["validation_right"] = counts["n_validation"] & trials["team_right"].fillna(False)
    sums = counts.groupby("participant_id", sort=False).sum().astype("int64").reset_index()
    table = trials[["participant_id", "condition", "classifier", "simulated"]]
    table = table.drop_duplicates("participant_id").merge(sums, on="participant_id")
    table["outcome"] = pd.Series("completed", table.index).where(table["n_test"] > 0)
    return table


def _with_both_answers(trials: pd.DataFrame) -> pd.DataFrame:
    """Both the decision and whether it was right; each follows from the other and the AI."""
    if "decision" in trials:
        right = (trials["decision"] == "accept") == trials["ai_right"]
        trials["team_right"] = right.astype("boolean").where(trials["decision"].notna())
        return trials
    accepted = trials["team_right"] == trials["ai_right"]
    words = accepted.map({True: "accept", False: "reject"}, na_action="ignore")
    trials["decision"] = words.astype("str")
    return trials
