"""The methods paragraph: what was done, with the numbers filled in, to paste into a paper."""

import numpy as np
import pandas as pd

from analysis.export.facts import ExportFacts
from analysis.report.phrasing.ais import matched_ais, refused_in_words, silent_in_words
from analysis.report.phrasing.differences import (
    comparison_in_words,
    difference_in_words,
    margin_in_words,
    pairs_in_words,
)
from analysis.report.phrasing.looks import look_in_words
from analysis.report.phrasing.robustness import natural_in_words, without_debatable_in_words
from analysis.report.phrasing.sample import dropout_in_words
from analysis.report.phrasing.words import listed
from analysis.report.sections.differences import MOST_SENTENCES
from analysis.report.sections.who import SEED
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures import accuracy, debatable
from analysis.statistics.measures.compared import MEASURES
from analysis.statistics.measures.natural import natural_accuracy
from analysis.statistics.sample import completion, exclusions
from analysis.statistics.sample.kinds import KINDS

HOW_OFTEN = {
    "always": "in every trial",
    "first": "in a person’s first trial with a label",
    "never": "never",
}


def paragraph(analysed: Analysed) -> str:
    """The paragraph, in whole sentences; what cannot be computed is left out, never guessed."""
    if analysed.users.empty:
        return "Nobody is analysed yet."
    facts = analysed.export.facts
    sentences = [
        _sample(analysed),
        _dropout(analysed),
        _task(analysed),
        screens_in_words(analysed.export.facts),
        _accuracy(analysed),
        _natural(analysed),
        matched_ais(facts),
        _test(analysed),
        _without_debatable(analysed),
        refused_in_words(facts),
        silent_in_words(facts),
        *(
            f"The AI alone ({ai.classifier}) accepts its own label where its confidence is at "
            f"least {ai.threshold:.2f}, a threshold chosen on the {ai.chosen_on}"
            + (" split." if ai.chosen_on == "val" else ", for want of another split.")
            for ai in facts.ai_only
            if ai.classifier in facts.classifiers and analysed.asks_decisions
        ),
    ]
    return " ".join(filter(None, sentences))


def _sample(analysed: Analysed) -> str:
    """Who started, and who was left out by which rule."""
    facts, min_correct = analysed.export.facts, analysed.min_correct
    sort = "simulated participants" if analysed.rehearsal else "participants"
    if facts.wave not in ("", "main"):
        sort += f" of the {facts.wave} wave"
    design = "between subjects" if len(analysed.conditions) > 1 else "in one condition"
    n_started = int((analysed.participants["step"] != exclusions.TURNED_AWAY).sum())
    started = f"{n_started} {sort} started the study ({design}: {listed(analysed.conditions)})."
    steps = analysed.participants["step"].value_counts()
    reasons = {
        exclusions.NOT_COMPLETED: "did not complete it",
        exclusions.SIMULATED: "were simulated",
        exclusions.BELOW_GATE: f"had fewer than {min_correct} validation trials right",
    }
    losses = [f"{steps[step]} {reason}" for step, reason in reasons.items() if steps.get(step, 0)]
    remainder = f"{steps[exclusions.ANALYSED]} were analysed"
    counts = f"{listed(losses)}; {remainder}." if losses else f"All {remainder}."
    if min_correct is None:
        return f"{started} {counts}"
    mixed = ", mixed among the test trials," if facts.gate.interleaved else ""
    return f"{started} At least {min_correct} validation trials{mixed} had to be right. {counts}"


def _dropout(analysed: Analysed) -> str:
    stayed = completion.completion(
        analysed.export.participants, analysed.conditions, rehearsal=analysed.rehearsal
    )
    test, p = completion.difference(stayed, rng=np.random.default_rng(SEED))
    imported = analysed.export.facts.imported is not None
    return dropout_in_words(stayed, test, p, imported=imported)


def _task(analysed: Analysed) -> str:
    n_trials = analysed.answered.groupby("participant_id").size()
    kinds = analysed.answered["kind"].value_counts()
    fewest, most = n_trials.min(), n_trials.max()
    many = f"{fewest}" if fewest == most else f"{fewest} to {most}"
    split = listed([f"{kinds[kind]:,} on {kind} stimuli" for kind in KINDS if kinds.get(kind, 0)])
    did, rule = _answered_in_words(analysed)
    return f"Each {did} in {many} test trials ({len(analysed.answered):,} in all: {split}). {rule}"


def _answered_in_words(analysed: Analysed) -> tuple[str, str]:
    """What people did in a trial, and when that was right."""
    without, decided = analysed.export.facts.without_ai, analysed.answered["decision"].notna()
    if decided.all() and not without:
        rule = "A decision was right if it accepted a right or rejected a wrong label."
        return "accepted or rejected the AI’s label", rule
    unaided = f" People of {listed(without)} were shown no AI." if without else ""
    if decided.all():
        rule = f"That was right if it accepted a right or rejected a wrong label.{unaided}"
        return "accepted or rejected a label, the AI’s", rule
    asked = [step.name for step in analysed.export.facts.steps if step.truth is not None]
    steps = f" ({', then '.join(asked)})" if len(asked) > 1 else ""
    rule = f"A trial was right if the last of its answers that can be right or wrong was.{unaided}"
    return f"answered step by step{steps}", rule


def screens_in_words(facts: ExportFacts) -> str:
    """How the task was learnt, and what was asked and shown how often; empty where nobody says."""
    practice, trial, sentences = facts.practice, facts.trial, []
    if practice:
        steps = (
            "had the screens of a later trial"
            if practice.steps == "trial"
            else "asked for the decision alone"
        )
        told = (
            "showed photo and explanation again beside the card of the true class"
            if practice.feedback == "full"
            else "gave verdict and true class"
        )
        sentences.append(f"The {practice.items} practice items {steps}; their feedback {told}.")
    if trial:
        asked, shown = HOW_OFTEN[trial.ask_seen], HOW_OFTEN[trial.show_card]
        sentences.append(
            f"Whether they had seen such a thing before was asked {asked}, and the class card "
            f"shown {shown}."
        )
        if not trial.show_confidence:
            sentences.append("The AI’s confidence was not shown.")
        if trial.unlock:
            sentences.append(
                "An answer could be given only when every picture had been in view, and after "
                f"{trial.dwell_ms / 1000:g} s."
            )
    if facts.behaviour and not facts.behaviour.record:
        sentences.append(
            "How people answered was not recorded, beyond their answers, what they gave them with "
            "and how long they took."
        )
    return " ".join(sentences)


def _accuracy(analysed: Analysed) -> str:
    summary = accuracy.per_condition(analysed.users, analysed.conditions)
    means = []
    for _, row in summary[summary["n_participants"] > 0].iterrows():
        spread = ""
        if not pd.isna(row["std_percent"]):
            ends = f"{row['low_percent']:.1f} to {row['high_percent']:.1f} %"
            spread = f", SD = {row['std_percent']:.1f}, 95 % t interval {ends}"
        n = row["n_participants"]
        means.append(f"{row['mean_percent']:.1f} % with {row['condition']} (n = {n}{spread})")
    return f"Mean per-user accuracy was {listed(means)}."


def _natural(analysed: Analysed) -> str:
    bins = accuracy.by_bin(analysed.trials, analysed.conditions, kind="natural")
    return natural_in_words(natural_accuracy(analysed.trials, bins))


def _test(analysed: Analysed) -> str:
    facts, pairs = analysed.export.facts, analysed.pairs
    settings, measure = facts.analysis, facts.analysis.measure
    if not pairs:
        return ""
    table = analysed.primary
    n = int(table["p_holm"].notna().sum())
    when = (
        "chosen after the data were seen, as is everything that follows from the gate: exploratory"
        if analysed.gate_was_moved
        else "fixed before data were seen"
        if facts.fixed_before
        else ""
    )
    rule = (
        f"The primary measure ({MEASURES[measure].title.lower()}{f'; {when}' if when else ''}) was "
        f"{comparison_in_words(settings, n)}."
    )
    told = (
        [difference_in_words(row, measure, settings) for _, row in table.iterrows()]
        if len(table) <= MOST_SENTENCES
        else [pairs_in_words(table, measure, settings)]
    )
    return " ".join(filter(None, [rule, look_in_words(analysed), margin_in_words(settings), *told]))


def _without_debatable(analysed: Analysed) -> str:
    trials, stimuli = analysed.trials, analysed.export.stimuli
    settings = analysed.export.facts.analysis
    doubtful = debatable.on_debatable(trials, stimuli)
    if not doubtful.any():
        return ""
    n = int(trials.loc[doubtful, "stimulus_id"].nunique())
    sentence = without_debatable_in_words(
        debatable.accuracy_of_both(trials, doubtful, analysed.conditions),
        debatable.differences_of_both(
            trials, doubtful, analysed.primary_pairs, settings, analysed.look
        ),
    )
    return f"A reviewer found the true label of {n} of the stimuli debatable. {sentence}"
