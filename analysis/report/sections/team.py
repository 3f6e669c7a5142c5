"""The team against the AI alone, on the same footing."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd

from analysis.export.facts import AiOnly
from analysis.report.figures.team import against_ai
from analysis.report.listing import Listing, Shown, listing
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
    tables = _tables(analysed)
    against = tables["against_ai"]
    return Section(
        name="team",
        listings=_listings(tables),
        figures={"against_ai": partial(against_ai, against, analysed.conditions)},
        prose={
            "alone": _alone(analysed, tables),
            "without_threshold": _without_threshold(analysed),
            "teams": tables["team"].to_dict("records"),
            "weighted": bool(tables["weights"]["weight_percent"].notna().any()),
        },
    )


def _tables(analysed: Analysed) -> Mapping[str, pd.DataFrame]:
    facts, pool, trials = analysed.export.facts, analysed.export.pool, analysed.trials
    settings = [ai for name in facts.classifiers for ai in facts.ai_only if ai.classifier == name]
    weights = team.natural_weights(pool, facts.classifiers, facts.natural_weights)
    bins = accuracy.by_bin(trials, analysed.conditions, kind="natural")
    teams = team.team_accuracy(bins, weights, facts.conditions)
    alone = team.ai_only(trials, pool, settings)
    kinds = accuracy.by_kind(trials, analysed.conditions)
    against = team.against_ai(kinds, teams, alone)
    return {"against_ai": against, "team": teams, "weights": weights, "ai_only": alone}


def _listings(tables: Mapping[str, pd.DataFrame]) -> tuple[Listing, ...]:
    against = (
        Shown(column="basis", header="Basis"),
        Shown(column="who", header="Who decides"),
        CLASSIFIER,
        Shown(column="n", header="Trials or images"),
        ACCURACY,
    )
    teams = (
        CONDITION,
        CLASSIFIER,
        TRIALS,
        ACCURACY,
        Shown(column="covered_percent", header="Weight with trials, %", digits=1),
        Shown(column="bins_without_trials", header="Bins without trials", words=(("", "none"),)),
    )
    weights = (
        CLASSIFIER,
        AI_RIGHT,
        BIN,
        Shown(column="n_images", header="Images"),
        Shown(column="pool_percent", header="Of the pool, %", digits=2),
        Shown(column="weight_percent", header="Weight, %", digits=2),
    )
    alone = (
        CLASSIFIER,
        Shown(column="threshold", header="T*", digits=2),
        Shown(column="chosen_on", header="Chosen on"),
        Shown(column="basis", header="Basis"),
        Shown(column="n_images", header="Images"),
        ACCURACY,
    )
    return (
        listing("against_ai", "Teams and AI-only", tables["against_ai"], against, grouped=1),
        listing("team", "Team accuracy in practice", tables["team"], teams),
        listing("weights", "Natural weights", tables["weights"], weights, grouped=2),
        *(
            [listing("ai_only", "AI-only", tables["ai_only"], alone, grouped=3)]
            if len(tables["ai_only"])
            else []  # no classifier has a threshold
        ),
    )


def _without_threshold(analysed: Analysed) -> list[str]:
    facts = analysed.export.facts
    known = {ai.classifier for ai in facts.ai_only}
    return [name for name in facts.classifiers if name not in known]


def _alone(analysed: Analysed, tables: Mapping[str, pd.DataFrame]) -> list[Alone]:
    bands = analysed.export.study.bins
    found = []
    for name in tables["ai_only"]["classifier"].drop_duplicates():
        settings = next(ai for ai in analysed.export.facts.ai_only if ai.classifier == name)
        weights = tables["weights"][tables["weights"]["classifier"] == name]
        shown = team.stimuli_shown(analysed.trials, name)
        sizes = tables["ai_only"][tables["ai_only"]["classifier"] == name].set_index("basis")
        found.append(
            Alone(
                settings=settings,
                n_pool=int(sizes.loc[team.WHOLE_POOL, "n_images"]),
                n_shown=len(shown),
                n_unsure=int(shown["confidence"].isna().sum()),
                covered_percent=float(weights["pool_percent"].sum(min_count=1)),
                given=bool(weights["n_images"].isna().all()),
                everywhere=bands.low_below <= settings.threshold <= bands.high_from,
            )
        )
    return found
