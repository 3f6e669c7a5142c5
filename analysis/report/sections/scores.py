"""Do the scores of explanations agree with people?"""

from functools import partial

import pandas as pd

from analysis.report.figures.scores import against_people
from analysis.report.listing import Listing, Shown, listing
from analysis.report.phrasing import scores_in_words
from analysis.report.section import Section
from analysis.report.sections.shared_columns import CONDITION
from analysis.statistics import reliability
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures import explanation_scores

STIMULI = Shown(column="n_stimuli", header="Stimuli")
REASON = Shown(column="reason", header="Why missing")


def section(analysed: Analysed) -> Section:
    """Every score of what a condition shows, against its people."""
    export = analysed.export
    panels = export.study.panels_of(analysed.conditions)
    shown = explanation_scores.shown_scores(export.explanations, panels, export.facts.classifier_of)
    if shown.empty:
        return Section(name="scores", prose={"why_none": _why_none(export.explanations)})
    scored = [name for name in analysed.conditions if (shown["condition"] == name).any()]
    shares = explanation_scores.right_shares(analysed.trials)
    table = explanation_scores.correlations(shown, shares)
    reliable = reliability.per_condition(shares, scored)
    dots = explanation_scores.points(shown, shares)
    return Section(
        name="scores",
        listings=(_correlations(table), _reliability(reliable)),
        figures={"scores": partial(against_people, table, dots, analysed.conditions)}
        if len(dots)
        else {},
        prose={
            "n_splits": reliability.N_SPLITS,
            "sentences": [
                scores_in_words(table[table["condition"] == bound["condition"]], bound)
                for _, bound in reliable.iterrows()
            ],
        },
    )


def _why_none(explanations: pd.DataFrame) -> str:
    if explanations.empty:
        return "the export has no scores of explanations"
    names = ", ".join(f"“{name}”" for name in explanations["explainer"].drop_duplicates())
    return f"there are scores of {names}, but no condition shows it to its people"


def _correlations(table: pd.DataFrame) -> Listing:
    columns = (
        CONDITION,
        Shown(column="explainer", header="Explainer"),
        Shown(column="metric", header="Score"),
        STIMULI,
        Shown(column="r", header="r", digits=2),
        Shown(column="r_low", to="r_high", header="95 % interval", digits=2),
        Shown(column="rho", header="ρ", digits=2),
        Shown(column="rho_low", to="rho_high", header="95 % interval", digits=2),
        *_reasons(table),
    )
    return listing("scores", "Scores against people", table, columns, grouped=2)


def _reliability(table: pd.DataFrame) -> Listing:
    columns = (
        CONDITION,
        STIMULI,
        Shown(column="mean_people", header="People each", digits=1),
        Shown(column="n_splits", header="Splits"),
        Shown(column="half_r", header="r of halves", digits=2),
        Shown(column="reliability", header="Reliability", digits=2),
        Shown(column="largest_r", header="Largest r", digits=2),
        *_reasons(table),
    )
    return listing("score_reliability", "What a score could reach", table, columns)


def _reasons(table: pd.DataFrame) -> tuple[Shown, ...]:
    return (REASON,) if (table["reason"] != "").any() else ()
