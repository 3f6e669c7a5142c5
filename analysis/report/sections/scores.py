"""Do the scores of explanations agree with people?"""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.report.figures.score_intervals import beside_each_other
from analysis.report.figures.score_ranks import beside_people
from analysis.report.figures.scores import against_people
from analysis.report.listing import Listing, TableColumn, listing
from analysis.report.phrasing.score_ranks import ranks_in_words
from analysis.report.phrasing.scores import (
    bins_in_words,
    no_scores,
    scores_in_words,
    unknown_in_words,
)
from analysis.report.section import Section
from analysis.report.sections.shared_columns import CONDITION
from analysis.statistics import reliability
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures import (
    accuracy,
    explanation_scores,
    metric_agreement,
    score_correlations,
    score_ranks,
)
from analysis.statistics.measures.explanation_scores import ScoredStimuli
from analysis.statistics.within_bins.permutations import N_PERMUTATIONS

PLACE = 80

TITLE = "Scores against people"

STIMULI = TableColumn(column="n_stimuli", header="Stimuli")
EXPLAINER = TableColumn(column="explainer", header="Explainer")
METRIC = TableColumn(column="metric", header="Score")
SCORE_COLUMNS = (
    TableColumn(column="good", header="Good", words=((explanation_scores.UNKNOWN, "unknown"),)),
    STIMULI,
    TableColumn(column="r", header="r", digits=2),
    TableColumn(column="r_within", header="r within bins", digits=2),
    TableColumn(column="r_within_low", to="r_within_high", header="95 % interval", digits=2),
    TableColumn(column="p", header="p", p=True),
    TableColumn(column="p_adjusted", header="adjusted", p=True),
)
RELIABILITY_COLUMNS = (
    CONDITION,
    STIMULI,
    TableColumn(column="mean_people", header="People each", digits=1),
    TableColumn(column="reliability", header="Reliability", digits=2),
    TableColumn(column="largest_r", header="Largest r", digits=2),
    TableColumn(column="reliability_within", header="Within bins", digits=2),
    TableColumn(column="largest_r_within", header="Largest r there", digits=2),
)
RANK_COLUMNS = (
    TableColumn(column="family", header="Family"),
    METRIC,
    CONDITION,
    EXPLAINER,
    STIMULI,
    TableColumn(column="mean", header="Mean", digits=3),
    TableColumn(column="rank", header="Rank", digits=1),
)
AGREEMENT_COLUMNS = (
    TableColumn(column="family_a", header="Family"),
    TableColumn(column="family_b", header="with"),
    TableColumn(column="n_pairs", header="Pairs"),
    TableColumn(column="tau", header="Mean τ", digits=2),
    TableColumn(column="least", to="greatest", header="from, to", digits=2),
)

LIMITS = {
    "n_splits": reliability.N_SPLITS,
    "n_permutations": N_PERMUTATIONS,
    "min_each": score_correlations.MIN_EACH,
    "min_two_valued": score_correlations.MIN_TWO_VALUED,
}


def section(analysed: Analysed) -> Section:
    """Every score of what a condition shows, against its people."""
    export = analysed.export
    panels = export.study.panels_of(analysed.conditions)
    scores = explanation_scores.shown_scores(
        export.explanations, panels, export.facts.classifier_of
    )
    if scores.empty:
        why_none = no_scores(export.explanations)
        return Section(name="scores", title=TITLE, prose={"why_none": why_none})
    shares = explanation_scores.right_shares(analysed.trials)
    scored = list(explanation_scores.scored_stimuli(scores, shares))
    rng = np.random.default_rng(score_correlations.SEED)
    table = score_correlations.correlations(scored, rng=rng)
    bounds = reliability.per_condition(shares, [stimuli.condition for stimuli in scored])
    n_tests = int(table["p"].notna().sum())
    names, own = analysed.conditions, table.groupby("condition")
    rank_listings, figures, rank_sentences = ranked(analysed, scored)
    if table["r"].notna().any():
        figures["scores"] = partial(beside_each_other, table, names)
        figures["score_dots"] = partial(against_people, table, scored, names)
    return Section(
        name="scores",
        title=TITLE,
        listings=(*_listings(table, bounds, metric_agreement.agreement(scored)), *rank_listings),
        figures=figures,
        prose={
            **LIMITS,
            "n_tests": n_tests,
            "bins": bins_in_words(shares),
            "unknown": unknown_in_words(table),
            "ranks": rank_sentences,
            "sentences": [
                scores_in_words(own.get_group(bound["condition"]), bound, n_tests=n_tests)
                for _, bound in bounds.iterrows()
            ],
        },
    )


def ranked(
    analysed: Analysed, scored: Sequence[ScoredStimuli]
) -> tuple[tuple[Listing, ...], dict[str, Callable[[], Figure]], list[str]]:
    """How scores rank explanations, beside people: tables, a figure and sentences, if they do."""
    people = accuracy.per_condition(analysed.users, analysed.conditions)
    of_condition = dict(zip(people["condition"], people["mean_percent"], strict=True))
    ranks = score_ranks.ranks(scored, of_condition)
    if ranks.empty:
        return (), {}, []
    families = score_ranks.agreement(ranks)
    title = "Agreement between families of scores"
    listings = (
        listing("score_families", title, families, AGREEMENT_COLUMNS, grouped=1),
        listing("score_ranks", "Ranks of explanations", ranks, RANK_COLUMNS, grouped=2),
    )
    figure = partial(beside_people, ranks, families)
    return listings, {"score_ranks": figure}, ranks_in_words(ranks, families)


def _listings(
    table: pd.DataFrame, bounds: pd.DataFrame, agreement: pd.DataFrame
) -> tuple[Listing, ...]:
    """The tables; that of metrics beside each other only where an explainer has several."""
    same = (table["explainer"] == table["condition"]).all()
    names = (CONDITION,) if same else (CONDITION, EXPLAINER)
    scores = _with_reasons((*names, METRIC, *SCORE_COLUMNS), table)
    reliable = _with_reasons(RELIABILITY_COLUMNS, bounds)
    listings = [
        listing("scores", "Scores against people", table, scores, grouped=len(names)),
        listing("score_reliability", "What a score could reach", bounds, reliable),
    ]
    if len(agreement):
        prefix = metric_agreement.PREFIX
        columns = [
            TableColumn(column=c, header=c.removeprefix(prefix), digits=2, missing="")
            for c in map(str, agreement)
            if c.startswith(prefix)
        ]
        title, shown = "Metrics beside each other", (*names, METRIC, *columns)
        listings.append(listing("metric_agreement", title, agreement, shown, grouped=len(names)))
    return tuple(listings)


def _with_reasons(columns: tuple[TableColumn, ...], table: pd.DataFrame) -> tuple[TableColumn, ...]:
    """With the reasons why numbers are missing, where any is."""
    reason = TableColumn(column="reason", header="Why missing")
    return (*columns, reason) if (table["reason"] != "").any() else columns
