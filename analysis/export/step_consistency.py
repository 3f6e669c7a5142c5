"""Does steps.csv agree with itself, with responses.csv and with the steps of export.json?

A check is skipped where a column that it needs is missing: that is reported already.
"""

from collections.abc import Iterator

import pandas as pd

from analysis.export.facts import ExportFacts

TRIAL = ["participant_id", "phase", "trial_index"]


def asks_no_decision(responses: pd.DataFrame, steps: pd.DataFrame) -> pd.Series:
    """Which trials were scored by an answer that is no decision.

    Args:
        responses: as in the export.
        steps: likewise.

    Returns:
        Of bool, with the index of `responses`.
    """
    scored = _scored(steps)
    if scored is None or scored.empty or not set(TRIAL) <= set(responses.columns):
        return pd.Series(False, index=responses.index)
    others = scored.loc[scored["kind"] != "decision", TRIAL].assign(asks=True)
    asks = responses[TRIAL].merge(others, on=TRIAL, how="left")["asks"]
    return asks.notna().set_axis(responses.index)


def step_problems(
    steps: pd.DataFrame, responses: pd.DataFrame, facts: ExportFacts
) -> Iterator[str]:
    """What is wrong with the answers to steps, and with the list of steps."""
    names = [step.name for step in facts.steps]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"export.json, steps: {name!r} is there more than once; rename one"
    if {"step", "kind"} <= set(steps.columns):
        yield from _listing_problems(steps, facts)
    if {"value", "truth", "right"} <= set(steps.columns):
        yield from _truth_problems(steps)
    scored = _scored(steps)
    if scored is not None and {*TRIAL, "team_right"} <= set(responses.columns):
        yield from _team_problems(scored, responses)


def _listing_problems(steps: pd.DataFrame, facts: ExportFacts) -> Iterator[str]:
    kinds = {step.name: step.kind for step in facts.steps}
    rows = steps[["step", "kind"]].astype("str").drop_duplicates()
    known = rows["step"].isin(kinds)
    if not known.all():
        yield (
            f"steps.csv, column step: {', '.join(sorted(rows.loc[~known, 'step']))} not among the "
            f"steps of export.json ({', '.join(kinds) or 'none'}); export both again"
        )
    other = rows[known & (rows["step"].map(kinds) != rows["kind"])]
    if len(other):
        yield (
            f"steps.csv, column kind: of step {other['step'].iloc[0]} it is not that of "
            "export.json; export both again"
        )


def _truth_problems(steps: pd.DataFrame) -> Iterator[str]:
    """`right` is whether `value` is `truth`, and empty where one of them is."""
    expected = (steps["value"] == steps["truth"]).astype("boolean")
    expected = expected.mask(steps["value"].isna() | steps["truth"].isna())
    right = steps["right"]
    both = expected.isna() & right.isna()
    wrong = int((~(both | (expected == right).fillna(False).astype(bool))).sum())
    if wrong:
        yield (
            f"steps.csv, column right: {wrong} rows do not follow from value and truth; "
            "export again"
        )


def _team_problems(scored: pd.DataFrame, responses: pd.DataFrame) -> Iterator[str]:
    """A trial is right where its last step with a truth is; one that was left is neither."""
    finished = responses.loc[responses["team_right"].notna(), [*TRIAL, "team_right"]]
    both = finished.merge(scored[[*TRIAL, "right"]], on=TRIAL)
    wrong = int((both["team_right"] != both["right"]).sum())
    if wrong:
        yield (
            f"responses.csv, column team_right: of {wrong} trials it is not what steps.csv has "
            "for the last step with a truth; export both again"
        )


def _scored(steps: pd.DataFrame) -> pd.DataFrame | None:
    """The last answer of each trial for which there is a truth."""
    if not {*TRIAL, "step_index", "kind", "right"} <= set(steps.columns):
        return None
    true = steps[steps["right"].notna()]
    return true.sort_values("step_index").drop_duplicates(TRIAL, keep="last")
