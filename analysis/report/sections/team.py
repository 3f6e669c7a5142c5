"""The team against the AI alone, on the same footing."""

from functools import partial

import pandas as pd

from analysis.report.figures.team import against_ai
from analysis.report.listing import TableColumn, listing
from analysis.report.phrasing.ais import left_out_in_words
from analysis.report.phrasing.team import above_in_words, gains_in_words, missing_gains_in_words
from analysis.report.section import Section
from analysis.report.sections.alone import alone
from analysis.report.sections.shared_columns import (
    ACCURACY,
    AI_RIGHT,
    BIN,
    CLASSIFIER,
    CONDITION,
    TRIALS,
)
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures import accuracy
from analysis.statistics.measures.teams import ai_alone, team, team_gain
from analysis.statistics.measures.teams.natural_weights import natural_weights

PLACE = 50

AGAINST_TITLE = "Teams and the AI without people"
GAIN_TITLE = "Teams less the AI without people"

AGAINST_COLUMNS = (
    TableColumn(column="basis", header="Basis"),
    TableColumn(column="who", header="Who decides"),
    CLASSIFIER,
    TableColumn(column="n", header="Trials or images"),
    ACCURACY,
)
GAIN_COLUMNS = (
    TableColumn(column="basis", header="Basis"),
    CONDITION,
    TableColumn(column="against", header="Less"),
    TableColumn(column="gain_points", header="Points", digits=1),
    TableColumn(column="low_points", to="high_points", header="95 % interval", digits=1),
)
TEAM_COLUMNS = (
    CONDITION,
    CLASSIFIER,
    TRIALS,
    ACCURACY,
    TableColumn(column="effective_n", header="Worth", digits=0),
    TableColumn(column="covered_percent", header="Weight with trials, %", digits=1),
    TableColumn(column="pool_percent", header="Of the pool, %", digits=1),
    TableColumn(column="bins_without_trials", header="Bins without trials", words=(("", "none"),)),
)
WEIGHT_COLUMNS = (
    CLASSIFIER,
    AI_RIGHT,
    BIN,
    TableColumn(column="n_images", header="Images"),
    TableColumn(column="pool_percent", header="Of the pool, %", digits=2),
    TableColumn(column="weight_percent", header="Weight, %", digits=2),
)
AI_ONLY_COLUMNS = (
    CLASSIFIER,
    TableColumn(column="threshold", header="T*", digits=2),
    TableColumn(column="chosen_on", header="Chosen on"),
    TableColumn(column="basis", header="Basis"),
    TableColumn(column="n_images", header="Images"),
    ACCURACY,
)


def section(analysed: Analysed) -> Section | None:
    """Teams and the AI without people, basis by basis; None where nobody decided on its answer."""
    if not analysed.asks_decisions:
        return None
    facts, pool, trials = analysed.export.facts, analysed.export.pool, analysed.decided
    conditions = [one for one in facts.conditions if one.name in analysed.advised]
    settings = {ai.classifier: ai for ai in facts.ai_only if ai.classifier in facts.classifiers}
    in_order = [settings[name] for name in facts.classifiers if name in settings]
    weights = natural_weights(pool, facts.classifiers, facts.natural_weights)
    bins = accuracy.by_bin(trials, analysed.advised, kind="natural")
    teams = team.team_accuracy(bins, weights, conditions)
    ai_only = ai_alone.ai_only(trials, pool, in_order)
    everything = ai_alone.accept_everything(trials, pool, weights)
    kinds = accuracy.by_kind(trials, analysed.advised)
    against = team.against_ai(kinds, teams, ai_only, everything)
    machines = [alone(analysed, ai, weights) for ai in in_order]
    gains = team_gain.gains(trials, weights, {n: s.threshold for n, s in settings.items()}, against)
    listings = [
        listing("against_ai", AGAINST_TITLE, against, AGAINST_COLUMNS, grouped=1),
        listing("team_gains", GAIN_TITLE, gains, GAIN_COLUMNS, grouped=2),
        listing("team", "Team accuracy in practice", teams, TEAM_COLUMNS),
        listing("weights", "Natural weights", weights, WEIGHT_COLUMNS, grouped=2),
    ]
    if in_order:
        listings.append(listing("ai_only", "AI-only", ai_only, AI_ONLY_COLUMNS, grouped=3))
    return Section(
        name="team",
        title="Teams against the AI alone",
        warnings=tuple(filter(None, (one.on_few_in_words for one in machines))),
        answers=((40, above_in_words(gains)),) if len(gains) else (),
        listings=tuple(listings),
        figures={"against_ai": partial(against_ai, against, analysed.advised)},
        prose={
            "alone": machines,
            "without_threshold": [name for name in facts.classifiers if name not in settings],
            "teams": teams.to_dict("records"),
            "left_out": left_out_in_words(facts),
            **_prose(weights, against, gains),
        },
    )


def _prose(weights: pd.DataFrame, against: pd.DataFrame, gains: pd.DataFrame) -> dict[str, object]:
    return {
        "weighted": bool(weights["weight_percent"].notna().any()),
        "counted": bool(weights["n_images"].fillna(0).any()),
        "adversarial": bool((against["basis"] == ai_alone.ADVERSARIAL).any()),
        "sentences": gains_in_words(gains),
        "no_interval": missing_gains_in_words(gains),
    }
