"""The team against the AI alone, on the same footing."""

from dataclasses import dataclass
from functools import partial

import pandas as pd

from analysis.export.facts import AiOnly
from analysis.report.figures.team import against_ai
from analysis.report.listing import TableColumn, listing
from analysis.report.section import Section
from analysis.report.sections.shared_columns import (
    ACCURACY,
    AI_RIGHT,
    BIN,
    CLASSIFIER,
    CONDITION,
    TRIALS,
)
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures import accuracy, team

PLACE = 50

AGAINST_COLUMNS = (
    TableColumn(column="basis", header="Basis"),
    TableColumn(column="who", header="Who decides"),
    CLASSIFIER,
    TableColumn(column="n", header="Trials or images"),
    ACCURACY,
)
TEAM_COLUMNS = (
    CONDITION,
    CLASSIFIER,
    TRIALS,
    ACCURACY,
    TableColumn(column="covered_percent", header="Weight with trials, %", digits=1),
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


@dataclass(frozen=True, kw_only=True)
class Alone:
    """What the page says of one classifier without people.

    Attributes:
        settings: its threshold T*.
        n_pool: images of the pool.
        n_shown: distinct natural stimuli that were shown.
        n_unsure: those of them whose confidence is not known.
        covered_percent: share of the pool that lies in the six bins.
        given: whether the weights were given with an import, not counted in a pool.
        everywhere: whether T* lies where every easy decision is right and every hard one wrong.
    """

    settings: AiOnly
    n_pool: int
    n_shown: int
    n_unsure: int
    covered_percent: float
    given: bool
    everywhere: bool


def section(analysed: Analysed) -> Section:
    """Teams and AI-only on the stimuli shown, on the six bins and on the pool."""
    facts, pool, trials = analysed.export.facts, analysed.export.pool, analysed.trials
    settings = {ai.classifier: ai for ai in facts.ai_only if ai.classifier in facts.classifiers}
    in_order = [settings[name] for name in facts.classifiers if name in settings]
    weights = team.natural_weights(pool, facts.classifiers, facts.natural_weights)
    bins = accuracy.by_bin(trials, analysed.conditions, kind="natural")
    teams = team.team_accuracy(bins, weights, facts.conditions)
    ai_only = team.ai_only(trials, pool, in_order)
    kinds = accuracy.by_kind(trials, analysed.conditions)
    against = team.against_ai(kinds, teams, ai_only)
    listings = [
        listing("against_ai", "Teams and AI-only", against, AGAINST_COLUMNS, grouped=1),
        listing("team", "Team accuracy in practice", teams, TEAM_COLUMNS),
        listing("weights", "Natural weights", weights, WEIGHT_COLUMNS, grouped=2),
    ]
    if in_order:
        listings.append(listing("ai_only", "AI-only", ai_only, AI_ONLY_COLUMNS, grouped=3))
    return Section(
        name="team",
        title="Teams against the AI alone",
        listings=tuple(listings),
        figures={"against_ai": partial(against_ai, against, analysed.conditions)},
        prose={
            "alone": [_alone(analysed, ai, weights, ai_only) for ai in in_order],
            "without_threshold": [name for name in facts.classifiers if name not in settings],
            "teams": teams.to_dict("records"),
            "weighted": bool(weights["weight_percent"].notna().any()),
        },
    )


def _alone(analysed: Analysed, ai: AiOnly, weights: pd.DataFrame, ai_only: pd.DataFrame) -> Alone:
    bands = analysed.export.study.bins
    weights = weights[weights["classifier"] == ai.classifier]
    stimuli = team.stimuli_shown(analysed.trials, ai.classifier)
    sizes = ai_only[ai_only["classifier"] == ai.classifier].set_index("basis")["n_images"]
    return Alone(
        settings=ai,
        n_pool=int(sizes[team.WHOLE_POOL]),
        n_shown=len(stimuli),
        n_unsure=int(stimuli["confidence"].isna().sum()),
        covered_percent=float(weights["pool_percent"].sum(min_count=1)),
        given=bool(weights["n_images"].isna().all()),
        everywhere=bands.low_below <= ai.threshold <= bands.high_from,
    )
