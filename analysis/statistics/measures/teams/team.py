"""The team beside the AI alone, on the same basis. All shares in per cent.

Team accuracy in practice is the sum over the six natural bins of (how often the bin occurs in the
pool × pooled accuracy in the bin) (Nguyen et al. 2021, section 3.2 and Figure A1).
"""

from collections.abc import Sequence

import pandas as pd

from analysis.export.facts import ConditionFacts
from analysis.statistics.measures.teams.ai_alone import (
    ACCEPT_ALL,
    ADVERSARIAL,
    AI_ONLY,
    BASES,
    SIX_BINS,
    STIMULI_SHOWN,
)
from analysis.statistics.measures.teams.natural_weights import effective_n, weighted_accuracy


def team_accuracy(
    bins: pd.DataFrame, weights: pd.DataFrame, conditions: Sequence[ConditionFacts]
) -> pd.DataFrame:
    """Each condition's accuracy in practice.

    Args:
        bins: natural trials, as `accuracy.by_bin` returns them.
        weights: as `natural_weights` returns them.
        conditions: with the classifier that each judged.

    Returns:
        condition, classifier, n_trials, accuracy_percent, covered_percent (share of the weight
        that lies in bins with trials; below 100 the weights were normalised over those bins),
        pool_percent (share of the whole pool that lies there; missing where weights are given),
        effective_n (what the trials are worth under the weights, `natural_weights.effective_n`)
        and bins_without_trials (the names of the others, comma-separated).
    """
    rows = [_team_of(condition, bins, weights) for condition in conditions]
    columns = ["condition", "classifier", "n_trials", "accuracy_percent", "covered_percent"]
    columns += ["pool_percent", "effective_n", "bins_without_trials"]
    return pd.DataFrame(rows, columns=columns)


def _team_of(
    condition: ConditionFacts, bins: pd.DataFrame, weights: pd.DataFrame
) -> tuple[object, ...]:
    of_condition = bins[bins["condition"] == condition.name]
    of_classifier = weights[weights["classifier"] == condition.classifier]
    both = of_condition.merge(of_classifier, on=["ai_right", "bin"])
    seen = both[both["n_trials"] > 0]
    unseen = both[(both["n_trials"] == 0) & (both["weight_percent"] > 0)]
    missed = [
        f"{name} {'right' if right else 'wrong'}"
        for name, right in zip(unseen["bin"], unseen["ai_right"], strict=True)
    ]
    return (
        condition.name,
        condition.classifier,
        int(seen["n_trials"].sum()),
        weighted_accuracy(both["accuracy_percent"], both["weight_percent"]),
        float(seen["weight_percent"].sum(min_count=1)),
        float(seen["pool_percent"].sum(min_count=1)),
        effective_n(both["weight_percent"], both["n_trials"]),
        ", ".join(missed),
    )


def against_ai(
    kinds: pd.DataFrame, team: pd.DataFrame, alone: pd.DataFrame, everything: pd.DataFrame
) -> pd.DataFrame:
    """Teams and the AI without people in one table, basis by basis: compare within a basis only.

    Args:
        kinds: pooled accuracy by kind, as `accuracy.by_kind` returns it.
        team: as `team_accuracy` returns it.
        alone: as `ai_alone.ai_only` returns it.
        everything: as `ai_alone.accept_everything` returns it.

    Returns:
        basis, who (a condition, "AI-only" or "accept everything"), classifier, n (trials, or
        images where nobody decides; missing for given weights) and accuracy_percent. What is not
        known of the AI has no row, nor has a basis on which nothing is known, and no team judged
        the whole pool.
    """
    pooled = kinds.merge(team[["condition", "classifier"]], on="condition")
    pooled["basis"] = pooled["kind"].map({"natural": STIMULI_SHOWN, "adversarial": ADVERSARIAL})
    pooled = pooled.rename(columns={"condition": "who", "n_trials": "n"})
    weighted = team.assign(basis=SIX_BINS).rename(columns={"condition": "who", "n_trials": "n"})
    machines = [
        table.dropna(subset=["accuracy_percent"]).assign(who=who).rename(columns={"n_images": "n"})
        for who, table in ((AI_ONLY, alone), (ACCEPT_ALL, everything))
    ]
    columns = ["basis", "who", "classifier", "n", "accuracy_percent"]
    parts = [part[columns] for part in (pooled, weighted, *machines) if len(part)]
    rows = pd.concat(parts, ignore_index=True).astype({"n": "Int64"})
    rows = rows[rows.groupby("basis")["accuracy_percent"].transform("count") > 0]
    order = rows["basis"].map(BASES.index)
    return rows.loc[order.sort_values(kind="stable").index].reset_index(drop=True)
