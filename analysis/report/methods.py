"""The methods paragraph: what was done, with the numbers filled in, to paste into a paper."""

import pandas as pd

from analysis.report.phrasing import comparison_in_words, listed, matched_ais, refused_in_words
from analysis.statistics import comparisons
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures import accuracy
from analysis.statistics.pairs import pairs_of
from analysis.statistics.sample import exclusions

TAILS = {
    "two-sided": "two-sided",
    "greater": "one-sided, a above b",
    "less": "one-sided, a below b",
}


def paragraph(analysed: Analysed) -> str:
    """The paragraph, in whole sentences; what cannot be computed is left out, never guessed."""
    if analysed.users.empty:
        return "Nobody is analysed yet."
    parts = [
        _people(analysed),
        _exclusions(analysed),
        _task(analysed),
        _accuracy(analysed),
        matched_ais(analysed.export.facts),
        _test(analysed),
        refused_in_words(analysed.export.facts),
        _ai_only(analysed),
    ]
    return " ".join(part for part in parts if part)


def _people(analysed: Analysed) -> str:
    n = len(analysed.people)
    sort = "simulated participants" if analysed.rehearsal else "participants"
    wave = analysed.export.facts.wave
    if wave not in ("", "main"):
        sort += f" of the {wave} wave"
    names = listed(analysed.conditions)
    design = "between subjects: " if len(analysed.conditions) > 1 else "in one condition: "
    return f"{n} {sort} started the study ({design}{names})."


def _exclusions(analysed: Analysed) -> str:
    steps = analysed.people["step"].value_counts()
    left = {
        exclusions.NOT_COMPLETED: "did not complete it",
        exclusions.SIMULATED: "were simulated",
        exclusions.BELOW_GATE: f"had fewer than {analysed.min_correct} validation trials right",
    }
    gone = [f"{steps[step]} {words}" for step, words in left.items() if steps.get(step, 0)]
    kept = f"{steps[exclusions.ANALYSED]} were analysed"
    counts = f"{listed(gone)}; {kept}." if gone else f"All {kept}."
    if analysed.min_correct is None:
        return counts
    mixed = ", mixed among the test trials," if analysed.export.facts.gate.interleaved else ""
    return f"At least {analysed.min_correct} validation trials{mixed} had to be right. {counts}"


def _task(analysed: Analysed) -> str:
    each = analysed.users["n_trials"]
    kinds = analysed.trials["kind"].value_counts()
    many = f"{each.min()}" if each.min() == each.max() else f"{each.min()} to {each.max()}"
    split = listed(
        [f"{kinds[kind]:,} on {kind} stimuli" for kind in kinds.sort_index().index[::-1]]
    )
    return (
        f"Each accepted or rejected the AI’s label in {many} test trials "
        f"({len(analysed.trials):,} in all: {split}). A decision was right if it accepted a right "
        "or rejected a wrong label."
    )


def _accuracy(analysed: Analysed) -> str:
    summary = accuracy.per_condition(analysed.users, analysed.conditions)
    each = [_of_condition(row) for _, row in summary[summary["n_participants"] > 0].iterrows()]
    return f"Mean per-user accuracy was {listed(each)}."


def _of_condition(row: pd.Series) -> str:
    text = f"{row['mean_percent']:.1f} % with {row['condition']} (n = {row['n_participants']}"
    if pd.isna(row["std_percent"]):
        return f"{text})"
    ends = f"{row['low_percent']:.1f} to {row['high_percent']:.1f} %"
    return f"{text}, SD = {row['std_percent']:.1f}, 95 % t interval {ends})"


def _test(analysed: Analysed) -> str:
    settings = analysed.export.facts.analysis
    pairs = pairs_of(analysed.export.facts).tested
    if not pairs:
        return ""
    tests = comparisons.mann_whitney(analysed.users, pairs, alternative=settings.alternative)
    n = int(tests["p"].notna().sum())
    rule = (
        f"Conditions were compared by Mann-Whitney U tests on per-user accuracy "
        f"({TAILS[settings.alternative]}; p adjusted by Holm’s method over {n} "
        f"{'pair' if n == 1 else 'pairs'})."
    )
    return " ".join([rule, *(comparison_in_words(row) for _, row in tests.iterrows())])


def _ai_only(analysed: Analysed) -> str:
    facts = analysed.export.facts
    return " ".join(
        f"The AI alone ({ai.classifier}) accepts its own label where its confidence is at least "
        f"{ai.threshold:.2f}, a threshold chosen on the {ai.chosen_on}"
        + (" split." if ai.chosen_on == "val" else ", for want of another split.")
        for ai in facts.ai_only
        if ai.classifier in facts.classifiers
    )
