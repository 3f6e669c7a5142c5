"""Do the scores of explanations agree with people?"""

from functools import partial

import pandas as pd

from analysis.report.figures.scores import against_people
from analysis.report.listing import TableColumn, listing
from analysis.report.phrasing.scores import no_scores, scores_in_words
from analysis.report.section import Section
from analysis.report.sections.shared_columns import CONDITION
from analysis.statistics import reliability
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures import explanation_scores

PLACE = 80

TITLE = "Scores against people"

STIMULI = TableColumn(column="n_stimuli", header="Stimuli")
SCORE_COLUMNS = (
    CONDITION,
    TableColumn(column="explainer", header="Explainer"),
    TableColumn(column="metric", header="Score"),
    STIMULI,
    TableColumn(column="r", header="r", digits=2),
    TableColumn(column="r_low", to="r_high", header="95 % interval", digits=2),
    TableColumn(column="rho", header="ρ", digits=2),
    TableColumn(column="rho_low", to="rho_high", header="95 % interval", digits=2),
)
RELIABILITY_COLUMNS = (
    CONDITION,
    STIMULI,
    TableColumn(column="mean_people", header="People each", digits=1),
    TableColumn(column="n_splits", header="Splits"),
    TableColumn(column="half_r", header="r of halves", digits=2),
    TableColumn(column="reliability", header="Reliability", digits=2),
    TableColumn(column="largest_r", header="Largest r", digits=2),
)
BOUND_TITLE = "What a score could reach"


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
    scored = [name for name in analysed.conditions if (scores["condition"] == name).any()]
    shares = explanation_scores.right_shares(analysed.trials)
    table = explanation_scores.correlations(scores, shares)
    bounds = reliability.per_condition(shares, scored)
    dots = explanation_scores.points(scores, shares)
    drawing = partial(against_people, table, dots, analysed.conditions)
    return Section(
        name="scores",
        title=TITLE,
        listings=(
            listing("scores", TITLE, table, _columns(SCORE_COLUMNS, table), grouped=2),
            listing(
                "score_reliability", BOUND_TITLE, bounds, _columns(RELIABILITY_COLUMNS, bounds)
            ),
        ),
        figures={"scores": drawing} if len(dots) else {},
        prose={
            "n_splits": reliability.N_SPLITS,
            "sentences": [
                scores_in_words(table[table["condition"] == bound["condition"]], bound)
                for _, bound in bounds.iterrows()
            ],
        },
    )


def _columns(columns: tuple[TableColumn, ...], table: pd.DataFrame) -> tuple[TableColumn, ...]:
    """With the reasons why numbers are missing, where any is."""
    reason = TableColumn(column="reason", header="Why missing")
    return (*columns, reason) if (table["reason"] != "").any() else columns
