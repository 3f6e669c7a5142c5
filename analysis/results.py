"""Everything that the report shows, computed from one export: a table for each question."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis import accuracy, comparisons, exclusions, pass_rates, reliance, team
from analysis.export import Export


@dataclass(frozen=True, kw_only=True)
class Results:
    """The tables; the function that is named beside each describes its columns.

    Attributes:
        rehearsal: whether the people analysed are simulated.
        participants: `exclusions.fates`, with each analysed person's score from
            `accuracy.per_user`.
        flow: `exclusions.flow`.
        pass_rates: `pass_rates.pass_rates`; nobody is measured where there is no gate.
        pass_tests: `pass_rates.fisher`.
        users: `accuracy.per_user`.
        accuracy: `accuracy.per_condition`.
        bins: `accuracy.by_bin`, natural stimuli.
        adversarial: `accuracy.by_bin`, adversarial stimuli; only bins that somebody saw.
        kinds: `accuracy.by_kind`.
        acceptance: `accuracy.acceptance`.
        weights: `team.natural_weights`.
        team: `team.team_accuracy`.
        ai_only: `team.ai_only`.
        against_ai: `team.against_ai`.
        comparisons: `comparisons.mann_whitney`.
        reliance: `reliance.per_condition`.
        reliance_users: `reliance.per_user`.
        n_outside_bands: natural test trials outside the confidence bands, in no bin.
    """

    rehearsal: bool
    participants: pd.DataFrame
    flow: pd.DataFrame
    pass_rates: pd.DataFrame
    pass_tests: pd.DataFrame
    users: pd.DataFrame
    accuracy: pd.DataFrame
    bins: pd.DataFrame
    adversarial: pd.DataFrame
    kinds: pd.DataFrame
    acceptance: pd.DataFrame
    weights: pd.DataFrame
    team: pd.DataFrame
    ai_only: pd.DataFrame
    against_ai: pd.DataFrame
    comparisons: pd.DataFrame
    reliance: pd.DataFrame
    reliance_users: pd.DataFrame
    n_outside_bands: int


def analyse(export: Export) -> Results:
    """Compute every table of the report."""
    names = export.facts.condition_names
    people = exclusions.fates(export.participants, min_correct=export.min_correct)
    trials = accuracy.test_trials(export.responses, people)
    users = accuracy.per_user(trials)
    adversarial = accuracy.by_bin(trials, names, kind="adversarial")
    natural = trials[trials["kind"] == "natural"]
    reliant = reliance.per_user(trials)
    rehearsal = exclusions.is_rehearsal(export.participants)
    gated = people if export.min_correct is not None else people.head(0)
    passed = pass_rates.pass_rates(gated, names, rehearsal=rehearsal)
    return Results(
        rehearsal=rehearsal,
        participants=people.merge(
            users.drop(columns="condition"), on="participant_id", how="left"
        ).astype({"n_trials": "Int64", "n_right": "Int64"}),
        flow=exclusions.flow(people, names),
        pass_rates=passed,
        pass_tests=pass_rates.fisher(passed),
        users=users,
        accuracy=accuracy.per_condition(users, names),
        bins=accuracy.by_bin(trials, names, kind="natural"),
        adversarial=adversarial[adversarial["n_trials"] > 0].reset_index(drop=True),
        acceptance=accuracy.acceptance(trials, names),
        comparisons=comparisons.mann_whitney(
            users,
            comparisons.pairs_of(export.facts.analysis, names),
            alternative=export.facts.analysis.alternative,
        ),
        reliance=reliance.per_condition(reliant, names),
        reliance_users=reliant,
        n_outside_bands=int(natural["bin"].isna().sum()),
        **_against_ai(export, trials),
    )


def _against_ai(export: Export, trials: pd.DataFrame) -> Mapping[str, pd.DataFrame]:
    facts = export.facts
    names = facts.condition_names
    classifiers = list(dict.fromkeys(facts.classifier_of.values()))
    settings = [ai for name in classifiers for ai in facts.ai_only if ai.classifier == name]
    weights = team.natural_weights(export.pool, classifiers)
    bins = accuracy.by_bin(trials, names, kind="natural")
    teams = team.team_accuracy(bins, weights, facts.conditions)
    kinds = accuracy.by_kind(trials, names)
    alone = team.ai_only(trials, export.pool, settings)
    return {
        "kinds": kinds,
        "weights": weights,
        "team": teams,
        "ai_only": alone,
        "against_ai": team.against_ai(kinds, teams, alone),
    }
