"""Do the files of an export agree? Picture, trial, person and prediction are followed through.

A check is skipped where a column that it needs is missing: that is reported already.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.export.facts import ExportFacts
from analysis.export.matching import matching_problems
from analysis.export.step_consistency import asks_no_decision
from analysis.export.study_file import StudyFile

Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True, kw_only=True)
class Link:
    """Rows of `child` must name a row of `parent` by `on`, and repeat its values of `same`."""

    child: str
    parent: str
    on: tuple[str, ...]
    same: tuple[str, ...] = ()


PREDICTED = ("label", "confidence", "ai_right", "bin")
LINKS = (
    Link(
        child="responses",
        parent="participants",
        on=("participant_id",),
        same=("condition", "classifier", "simulated"),
    ),
    Link(
        child="responses",
        parent="stimuli",
        on=("stimulus_id",),
        same=("phase", "kind", "image_sha256"),
    ),
    Link(
        child="responses",
        parent="predictions",
        on=("stimulus_id", "classifier"),
        same=PREDICTED,
    ),
    Link(
        child="steps",
        parent="responses",
        on=("participant_id", "phase", "trial_index"),
        same=("condition", "simulated", "stimulus_id"),
    ),
    Link(child="predictions", parent="stimuli", on=("stimulus_id",)),
    Link(child="explanations", parent="predictions", on=("stimulus_id", "classifier")),
)


def table_problems(tables: Tables) -> Iterator[str]:
    """What the CSV files contradict each other in."""
    for link in LINKS:
        yield from _link_problems(tables[link.child], tables[link.parent], link)
    responses = tables["responses"]
    if _has(responses, "decision", "ai_right", "team_right"):
        answers = responses[["decision", "ai_right", "team_right"]]
        answers = answers[answers["decision"].notna() & answers["ai_right"].notna()]
        agreed = (answers["decision"] == "accept") == answers["ai_right"].astype(bool)
        wrong = int((~_equal(answers["team_right"], agreed.astype("boolean"))).sum())
        if wrong:
            yield (
                f"responses.csv, column team_right: {wrong} rows do not follow from decision and "
                "ai_right (accepted a right AI or rejected a wrong one); export again"
            )
        blank = responses["decision"].isna() & responses["team_right"].notna()
        blank &= ~asks_no_decision(responses, tables["steps"])
        if blank.any():
            yield (
                f"responses.csv, column team_right: {int(blank.sum())} rows have no decision; "
                "export again"
            )
    if _has(responses, "participant_id", "phase", "team_right"):
        yield from _participant_problems(tables["participants"], responses)


def unread_tables(facts: ExportFacts | None) -> tuple[str, ...]:
    """Tables that are not read: of the paper's trial, responses.csv says all that its steps do."""
    return () if facts is None or facts.steps else ("steps",)


def facts_problems(tables: Tables, facts: ExportFacts) -> Iterator[str]:
    """What the CSV files and export.json contradict each other in."""
    for name, rows in facts.rows.items():
        if name in unread_tables(facts):
            continue
        if name not in tables:
            yield f"export.json, rows.{name}: is no table of an export; remove it"
        elif len(tables[name].columns) and len(tables[name]) != rows:
            yield f"{name}.csv: has {len(tables[name])} rows, export.json says {rows}; export again"
    for name in sorted(set(facts.condition_names)):
        if facts.condition_names.count(name) > 1:
            yield f"export.json, conditions: {name!r} is there more than once; rename one"
    for pair in facts.analysis.pairs:
        for name in sorted(set(pair) - set(facts.condition_names)):
            yield f"export.json, analysis.pairs: {name!r} is no condition; correct it"
    pool = tables["pool"]
    for name in sorted(facts.classifiers):
        thresholds = [ai for ai in facts.ai_only if ai.classifier == name]
        if len(thresholds) != 1 and not (facts.imported and not thresholds):
            yield f"export.json, ai_only: needs one threshold of classifier {name!r}; correct it"
        if _has(pool, "classifier") and len(pool) and not (pool["classifier"] == name).any():
            yield f"pool.csv: has no row of classifier {name!r}; export again"
    yield from matching_problems(tables["predictions"], facts)
    for table in ("participants", "responses"):
        yield from _condition_problems(tables[table], table, facts)


def look_problems(facts: ExportFacts, study: StudyFile) -> Iterator[str]:
    """Whether the looks of export.json are shares of something."""
    if facts.analysis.looks and study.assignment.quota is None:
        yield (
            "study.toml, assignment.quota: is missing, and analysis.looks of export.json are "
            "shares of it; add it, or remove them"
        )


def _link_problems(child: pd.DataFrame, parent: pd.DataFrame, link: Link) -> Iterator[str]:
    on = list(link.on)
    if not (_has(child, *on) and _has(parent, *on)):
        return
    same = [column for column in link.same if _has(child, column) and _has(parent, column)]
    # Counted: a million answers say the same few things of their stimuli and people.
    named = child[[*on, *same]]
    named = named[named[on].notna().all(axis=1)]
    groups = named.groupby([*on, *same], dropna=False, sort=False, observed=True)
    rows = groups.size().reset_index(name="rows")
    known = parent[[*on, *same]].drop_duplicates(on)
    at = _keys(known[on]).get_indexer(_keys(rows[on]))
    orphans = rows.loc[at < 0, on].drop_duplicates()
    if len(orphans):
        first = ", ".join(str(value) for value in orphans.iloc[0])
        yield (
            f"{link.child}.csv: {' and '.join(on)} {first} ({len(orphans)} in all) is not in "
            f"{link.parent}.csv; export both again"
        )
    here, there = rows[at >= 0], known.iloc[at[at >= 0]].set_axis(rows.index[at >= 0])
    for column in same:
        unequal = ~_equal(here[column], there[column])
        different = int(here.loc[unequal, "rows"].sum())
        if different:
            yield (
                f"{link.child}.csv, column {column}: {different} rows differ from "
                f"{link.parent}.csv; export both again"
            )


def _keys(columns: pd.DataFrame) -> pd.Index:
    """What rows are known by; texts may be categories in one table and none in the other."""
    kinds = {c: "str" for c, t in columns.dtypes.items() if isinstance(t, pd.CategoricalDtype)}
    plain = [column for _, column in columns.astype(kinds).items()]
    return pd.Index(plain[0]) if len(plain) == 1 else pd.MultiIndex.from_arrays(plain)


def _equal(left: pd.Series, right: pd.Series) -> pd.Series:
    both_missing = left.isna() & right.isna()
    if left.dtype == "float64":
        close = np.isclose(left.to_numpy(), right.to_numpy(), rtol=0, atol=1e-9)
        return both_missing | pd.Series(close, index=left.index)
    if isinstance(left.dtype, pd.CategoricalDtype):  # whose categories may be other ones
        left = left.astype("str")
    return both_missing | (left == right).fillna(False).astype(bool)


def _participant_problems(participants: pd.DataFrame, responses: pd.DataFrame) -> Iterator[str]:
    """Do the right answers of validation and the answered test trials agree with the answers?"""
    if _has(participants, "participant_id", "validation_right"):
        answers = responses[["participant_id", "team_right"]]
        validation = answers[responses["phase"] == "validation"]
        right = validation.groupby("participant_id")["team_right"].sum().astype("int64")
        known = participants.dropna(subset=["participant_id"])
        counts = right.reindex(known["participant_id"], fill_value=0)
        wrong = counts.index[counts.to_numpy() != known["validation_right"].to_numpy()].tolist()
        if wrong:
            yield (
                f"participants.csv, column validation_right: of {len(wrong)} participants "
                f"(first {wrong[0]}) it is not what responses.csv shows; export both again"
            )
    if _has(participants, "participant_id", "outcome"):
        answered = (responses["phase"] == "test") & responses["team_right"].notna()
        completed = participants[participants["outcome"] == "completed"]
        people = responses.loc[answered, "participant_id"]
        empty = completed[~completed["participant_id"].isin(people)]
        if len(empty):
            yield (
                f"participants.csv: {len(empty)} participants (first "
                f"{empty['participant_id'].iloc[0]}) completed without an answered test trial; "
                "export again or correct the outcome"
            )
        if _has(completed, "condition") and completed["condition"].isna().any():
            yield (
                "participants.csv, column condition: is empty for someone who completed; fill it in"
            )


def _condition_problems(table: pd.DataFrame, name: str, facts: ExportFacts) -> Iterator[str]:
    if not _has(table, "condition", "classifier"):
        return
    assigned = table[["condition", "classifier"]].drop_duplicates().dropna(subset=["condition"])
    unknown = sorted(set(assigned["condition"]) - set(facts.condition_names))
    if unknown:
        yield (
            f"{name}.csv, column condition: {', '.join(unknown)} "
            f"not among the conditions of export.json ({', '.join(facts.condition_names)}); "
            "correct one of them"
        )
    known = assigned[assigned["condition"].isin(facts.condition_names)]
    if (known["condition"].map(facts.classifier_of) != known["classifier"]).any():
        yield f"{name}.csv, column classifier: is not the one of the condition; export again"


def _has(table: pd.DataFrame, *columns: str) -> bool:
    return set(columns) <= set(table.columns)
