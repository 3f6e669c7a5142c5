"""The steps that the statistics of this folder are computed from."""

from collections.abc import Collection

import pandas as pd

TRIAL = ["participant_id", "phase", "trial_index"]
ADVICE = frozenset({"answer", "best"})  # parts that tell what the AI says


def of_the_test(
    steps: pd.DataFrame, responses: pd.DataFrame, participants: Collection[str]
) -> pd.DataFrame:
    """Answered steps of test trials on natural stimuli, of people who are analysed.

    Args:
        steps: as in the export.
        responses: likewise.
        participants: ids of the people who are analysed.

    Returns:
        The columns of `steps`, with ai_right of the trial and advised: whether the step showed what
        the AI says. In the order in which each trial went.
    """
    is_counted = (responses["phase"] == "test") & (responses["kind"] == "natural")
    is_counted &= responses["participant_id"].isin(participants)
    trials = responses.loc[is_counted, [*TRIAL, "ai_right"]]
    plain = {name: steps[name].astype("object") for name in ("participant_id", "phase")}
    rows = steps.assign(**plain).merge(trials.astype(dict.fromkeys(plain, "object")), on=TRIAL)
    rows["advised"] = advised(rows["shows"])
    return rows.sort_values([*TRIAL, "step_index"], ignore_index=True)


def advised(shows: pd.Series) -> pd.Series:
    """Whether these parts, with a space between two, tell what the AI says."""
    parts = shows.astype("object").fillna("")
    tells = {text: bool(ADVICE.intersection(text.split())) for text in parts.unique()}
    return parts.map(tells).astype(bool)


def latest_before(steps: pd.DataFrame, column: str, where: pd.Series) -> pd.Series:
    """What a column had in the latest earlier step of the same trial that is marked.

    Args:
        steps: in the order in which each trial went.
        column: of theirs.
        where: a mark for each of them.
    """
    marked = steps[column].astype("object").where(where)
    by_trial = [steps[name] for name in TRIAL]
    before = marked.groupby(by_trial, observed=True).shift()
    return before.groupby(by_trial, observed=True).ffill()
