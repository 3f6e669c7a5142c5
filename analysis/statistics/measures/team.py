"""The team against the AI alone, on the same basis. All shares in per cent.

A study shows as many images of each bin as of any other; in practice most are easy. Team
accuracy in practice is the sum over the six natural bins of (how often the bin occurs in the
pool × pooled accuracy in the bin) (Nguyen et al. 2021, section 3.2 and Figure A1).

The AI alone accepts its own answer where confidence >= T* (section 2.3 and A6). T* is read from
the export; nothing is chosen here.
"""

import itertools
import math
from collections.abc import Sequence

import pandas as pd

from analysis.export.columns import BINS
from analysis.export.facts import AiOnly, ConditionFacts, WeightFacts

STIMULI_SHOWN = "stimuli shown"
SIX_BINS = "six bins"
WHOLE_POOL = "whole pool"
ADVERSARIAL = "adversarial stimuli"
BASES = (STIMULI_SHOWN, SIX_BINS, WHOLE_POOL, ADVERSARIAL)
AI_ONLY = "AI-only"  # condition names are lower-case, so this cannot be one


def natural_weights(
    pool: pd.DataFrame, classifiers: Sequence[str], facts: Sequence[WeightFacts] = ()
) -> pd.DataFrame:
    """How often each of the six bins occurs in the pool (split "test"), or as it was given.

    Args:
        pool: as in the export.
        classifiers: six rows for each, in this order.
        facts: weights, in any unit, for classifiers of which the pool has no image.

    Returns:
        classifier, ai_right, bin, n_images, pool_percent (share of all images of the pool) and
        weight_percent (share of those that lie in the six bins; the six sum to 100). Where the
        weights are given, n_images and pool_percent are missing.
    """
    test = pool[pool["split"] == "test"]
    six_bins = list(itertools.product((True, False), BINS))
    rows: list[tuple[object, ...]] = []
    for classifier in classifiers:
        images = test[test["classifier"] == classifier]
        weights = [weight for weight in facts if weight.classifier == classifier]
        if weights and images.empty:
            of_bin: dict[tuple[bool, str], float] = {(w.right, w.bin): w.weight for w in weights}
            total = sum(of_bin.values())
            for right, name in six_bins:
                share = _percent(of_bin.get((right, name), 0.0), total)
                rows.append((classifier, right, name, pd.NA, math.nan, share))
            continue
        n_binned = int(images["bin"].notna().sum())
        for right, name in six_bins:
            n = int(((images["bin"] == name) & (images["ai_right"] == right)).sum())
            shares = _percent(n, len(images)), _percent(n, n_binned)
            rows.append((classifier, right, name, n, *shares))
    columns = ["classifier", "ai_right", "bin", "n_images", "pool_percent", "weight_percent"]
    return pd.DataFrame(rows, columns=columns).astype({"n_images": "Int64"})


def weighted_accuracy(accuracy_percent: pd.Series, weight: pd.Series) -> float:
    """Sum of weight × accuracy over the bins that have trials, over the sum of their weights.

    NaN where no bin with a weight has trials.
    """
    present = accuracy_percent.notna() & weight.notna()
    total = float(weight[present].sum())
    if total == 0:
        return math.nan
    return float((weight[present] * accuracy_percent[present]).sum()) / total


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
        that lies in bins with trials; below 100 the weights were normalised over those bins) and
        bins_without_trials (the names of the others, comma-separated).
    """
    rows = []
    for condition in conditions:
        of_condition = bins[bins["condition"] == condition.name]
        of_classifier = weights[weights["classifier"] == condition.classifier]
        both = of_condition.merge(of_classifier, on=["ai_right", "bin"])
        seen = both[both["n_trials"] > 0]
        unseen = both[(both["n_trials"] == 0) & (both["weight_percent"] > 0)]
        missed = [
            f"{name} {'right' if right else 'wrong'}"
            for name, right in zip(unseen["bin"], unseen["ai_right"], strict=True)
        ]
        rows.append(
            (
                condition.name,
                condition.classifier,
                int(seen["n_trials"].sum()),
                weighted_accuracy(both["accuracy_percent"], both["weight_percent"]),
                float(seen["weight_percent"].sum(min_count=1)),
                ", ".join(missed),
            )
        )
    columns = ["condition", "classifier", "n_trials", "accuracy_percent", "covered_percent"]
    return pd.DataFrame(rows, columns=[*columns, "bins_without_trials"])


def accepts_rightly(answers: pd.DataFrame, threshold: float) -> pd.Series:
    """Whether accepting where confidence >= threshold is the right decision, for each answer.

    Args:
        answers: with confidence and ai_right.
        threshold: T*.
    """
    return (answers["confidence"] >= threshold) == answers["ai_right"].astype(bool)


def ai_only(trials: pd.DataFrame, pool: pd.DataFrame, settings: Sequence[AiOnly]) -> pd.DataFrame:
    """The accuracy of the AI alone, on the three bases.

    Args:
        trials: as `accuracy.test_trials` returns them.
        pool: as in the export.
        settings: the thresholds of the classifiers that are reported.

    Returns:
        classifier, threshold, chosen_on, basis, n_images and accuracy_percent. The bases:
        "stimuli shown", each distinct natural test stimulus of known confidence once; "six bins",
        the images of the pool that lie in a bin, which gives each bin its natural weight; "whole
        pool"; and "adversarial stimuli", each distinct one shown of known confidence, if there
        are any. The paper takes AI-only to be wrong on all of those (Figure 2c); it is right
        wherever it doubts what deceived it.
    """
    rows = []
    for ai in settings:
        images = pool[(pool["classifier"] == ai.classifier) & (pool["split"] == "test")]
        natural, adversarial = (
            stimuli_shown(trials, ai.classifier, kind).dropna(subset=["confidence"])
            for kind in ("natural", "adversarial")
        )
        bases = {
            STIMULI_SHOWN: natural,
            SIX_BINS: images[images["bin"].notna()],
            WHOLE_POOL: images,
        } | ({ADVERSARIAL: adversarial} if len(adversarial) else {})
        for basis, answers in bases.items():
            right = int(accepts_rightly(answers, ai.threshold).sum())
            row = (ai.classifier, ai.threshold, ai.chosen_on, basis, len(answers))
            rows.append((*row, _percent(right, len(answers))))
    columns = ["classifier", "threshold", "chosen_on", "basis", "n_images", "accuracy_percent"]
    return pd.DataFrame(rows, columns=columns)


def stimuli_shown(trials: pd.DataFrame, classifier: str, kind: str = "natural") -> pd.DataFrame:
    """The first trial of each distinct stimulus of a kind that people saw with a classifier."""
    rows = trials[(trials["classifier"] == classifier) & (trials["kind"] == kind)]
    return rows.drop_duplicates("stimulus_id")


def against_ai(kinds: pd.DataFrame, team: pd.DataFrame, alone: pd.DataFrame) -> pd.DataFrame:
    """Teams and AI-only in one table, basis by basis: compare within a basis only.

    Args:
        kinds: pooled accuracy by kind, as `accuracy.by_kind` returns it.
        team: as `team_accuracy` returns it.
        alone: as `ai_only` returns it.

    Returns:
        basis, who (a condition or "AI-only"), classifier, n (trials, or images for AI-only) and
        accuracy_percent. No team judged the whole pool.
    """
    pooled = kinds.merge(team[["condition", "classifier"]], on="condition")
    pooled["basis"] = pooled["kind"].map({"natural": STIMULI_SHOWN, "adversarial": ADVERSARIAL})
    pooled = pooled.rename(columns={"condition": "who", "n_trials": "n"})
    weighted = team.assign(basis=SIX_BINS).rename(columns={"condition": "who", "n_trials": "n"})
    machine = alone.assign(who=AI_ONLY).rename(columns={"n_images": "n"})
    columns = ["basis", "who", "classifier", "n", "accuracy_percent"]
    parts = [part[columns] for part in (pooled, weighted, machine) if len(part)]
    rows = pd.concat(parts, ignore_index=True)
    rows["_order"] = rows["basis"].map(BASES.index)
    return rows.sort_values("_order", kind="stable", ignore_index=True).drop(columns="_order")


def _percent(part: float, whole: float) -> float:
    return 100 * part / whole if whole else math.nan
