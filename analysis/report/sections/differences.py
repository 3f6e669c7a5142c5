"""Differences between conditions: the primary comparison, where it sits, and other tests of it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pandas as pd
from matplotlib.figure import Figure

from analysis.export.facts import Analysis
from analysis.report.figures.differences import with_intervals
from analysis.report.figures.measure import of_people
from analysis.report.listing import Listing, TableColumn, listing
from analysis.report.matrix import matrix
from analysis.report.phrasing import answer
from analysis.report.phrasing.ais import refused_in_words, silent_in_words
from analysis.report.phrasing.differences import (
    difference_in_words,
    interaction_in_words,
    margin_in_words,
    scope_in_words,
)
from analysis.report.section import Section
from analysis.report.sections.shared_columns import TRIALS
from analysis.statistics import comparisons, paper_test, regression
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures import compared
from analysis.statistics.measures.compared import MEASURES
from analysis.statistics.sensitivity import MOST_TRIALS, choices, is_told, sensitivity
from analysis.statistics.shares import TOO_FEW

PLACE = 60

TITLE = "Differences between conditions"
MOST_SENTENCES = 3  # pairs that are told one by one; of more, the table is read faster
PAIR = (
    TableColumn(column="condition_a", header="a"),
    TableColumn(column="condition_b", header="b"),
)
PEOPLE = (
    TableColumn(column="n_a", header="n of a"),
    TableColumn(column="n_b", header="n of b"),
)
MEANS = tuple(
    TableColumn(column=f"mean_{side}", header=f"Mean of {side}", digits=1) for side in "ab"
)
PEOPLE_INTERVAL = TableColumn(
    column="people_low", to="people_high", header="95 %, other people", digits=1
)
STIMULI_INTERVAL = TableColumn(
    column="low", to="high", header="and other stimuli", digits=1, missing=TOO_FEW
)
P = TableColumn(column="p", header="p", p=True, missing=TOO_FEW)
LOOKS = (
    TableColumn(column="looks_low", to="looks_high", header="95 %, over looks", digits=1),
    TableColumn(column="p_looks", header="p over looks", p=True),
)
P_HOLM = TableColumn(column="p_holm", header="p, Holm", p=True)
DIFFERENCE = TableColumn(column="difference", header="a − b", digits=1)
VERDICT = TableColumn(
    column="verdict",
    header="Verdict",
    words=(("both", "different, too small to matter"), ("unknown", "cannot be said")),
)
EQUIVALENCE_COLUMNS = (
    TableColumn(column="narrow_low", to="narrow_high", header="90 % interval", digits=1),
    TableColumn(column="p_equivalent_holm", header="p within, Holm", p=True),
)
RANK_COLUMNS = (
    *PAIR,
    *PEOPLE,
    TableColumn(column="u", header="U", digits=1),
    TableColumn(column="p", header="p", p=True),
    P_HOLM,
    TableColumn(column="cles", header="P(a > b)", digits=2),
    TableColumn(column="cles_low", to="cles_high", header="95 % interval", digits=2),
    TableColumn(column="rank_biserial", header="r", digits=2),
)
RATIO = TableColumn(column="low", to="high", header="95 % interval", digits=2, missing=TOO_FEW)
ODDS_COLUMNS = (
    *PAIR,
    TRIALS,
    TableColumn(column="n_participants", header="Participants"),
    TableColumn(column="n_stimuli", header="Stimuli"),
    TableColumn(column="odds_ratio", header="Odds ratio", digits=2, missing=TOO_FEW),
    RATIO,
    P,
    P_HOLM,
)
INTERACTION_COLUMNS = (
    *PAIR,
    TableColumn(column="ai_right_ratio", header="AI right", digits=2, missing=TOO_FEW),
    TableColumn(
        column="ai_right_low", to="ai_right_high", header="95 %", digits=2, missing=TOO_FEW
    ),
    TableColumn(column="ai_wrong_ratio", header="AI wrong", digits=2, missing=TOO_FEW),
    TableColumn(
        column="ai_wrong_low", to="ai_wrong_high", header="95 %", digits=2, missing=TOO_FEW
    ),
    TableColumn(column="ratio", header="Right over wrong", digits=2, missing=TOO_FEW),
    RATIO,
    P_HOLM,
)
SENSITIVITY_COLUMNS = (
    *PAIR,
    TableColumn(column="row", header="Choice"),
    *PEOPLE,
    DIFFERENCE,
    PEOPLE_INTERVAL,
    STIMULI_INTERVAL,
    P,
)
PAPER_TEST_COLUMNS = (
    *PAIR,
    TableColumn(column="n_trials_a", header="Trials of a"),
    TableColumn(column="n_trials_b", header="Trials of b"),
    TableColumn(column="accuracy_a_percent", header="Accuracy of a, %", digits=1),
    TableColumn(column="accuracy_b_percent", header="Accuracy of b, %", digits=1),
    TableColumn(column="half_p", header="p, halved", p=True),
)
MEASURE = TableColumn(
    column="measure",
    header="Measure",
    words=tuple((name, measure.title) for name, measure in MEASURES.items()),
)


def section(analysed: Analysed) -> Section:
    """Pairs of conditions: the family of the primary measure, then what is secondary."""
    settings, pairs, trials = analysed.export.facts.analysis, analysed.pairs, analysed.trials
    if not pairs:
        refused = tuple(filter(None, [refused_in_words(analysed.export.facts)]))
        return Section(name="differences", title=TITLE, warnings=refused)
    table = analysed.primary
    without_ai = analysed.export.facts.without_ai
    others = compared.secondary(
        trials, pairs, settings, apart=analysed.apart, without_ai=without_ai
    )
    interactions = regression.interactions(trials, pairs)
    others_chosen = sensitivity(analysed) if is_told(analysed) else pd.DataFrame()
    listings = [*_primary(analysed, table), *_of_pairs(analysed, interactions, others_chosen)]
    if len(others):
        columns = (MEASURE, *columns_of(others))
        listings.append(listing("secondary", "Secondary measures", others, columns, grouped=1))
    warnings = [
        refused_in_words(analysed.export.facts),
        silent_in_words(analysed.export.facts),
        *(scope_in_words(row) for _, row in table.iterrows()),
    ]
    return Section(
        name="differences",
        title=TITLE,
        answers=_answers(table, interactions, others_chosen, settings),
        warnings=tuple(filter(None, warnings)),
        listings=tuple(listings),
        figures=_figures(analysed, table),
        prose=_prose(analysed, table, interactions),
    )


def _prose(
    analysed: Analysed, table: pd.DataFrame, interactions: pd.DataFrame
) -> dict[str, object]:
    settings, is_short = analysed.export.facts.analysis, len(table) <= MOST_SENTENCES
    told, both = (rows if is_short else rows.iloc[:0] for rows in (table, interactions))
    others = choices(analysed) if is_told(analysed) else ()
    return {
        "is_refused": bool(refused_in_words(analysed.export.facts)),
        "settings": settings,
        "measure": MEASURES[settings.measure],
        "margin": margin_in_words(settings),
        "look": analysed.look,
        "n_family": int(table["p_holm"].notna().sum()),
        "sentences": [
            difference_in_words(row, settings.measure, settings) for _, row in told.iterrows()
        ],
        "interactions": [interaction_in_words(row) for _, row in both.iterrows()],
        "missing": sorted({reason for reason in table["missing_because"] if reason}),
        "apart": analysed.apart,
        "all_stimuli": bool(table["low"].notna().all()),
        "choices": [(choice.name, choice.description) for choice in others],
        "is_told": is_told(analysed),
        "most_trials": MOST_TRIALS,
    }


def _primary(analysed: Analysed, table: pd.DataFrame) -> list[Listing]:
    """One table of a few pairs; of many, a square of differences, and their p-values."""
    title = MEASURES[analysed.export.facts.analysis.measure].title
    if len(table) <= MOST_SENTENCES:
        return [listing("differences", title, table, columns_of(table))]
    known = STIMULI_INTERVAL if table["low"].notna().all() else PEOPLE_INTERVAL
    under = replace(known, missing="no error")
    square = matrix("differences", title, table, analysed.conditions, cell=DIFFERENCE, under=under)
    columns = [column for column in columns_of(table) if column not in (*PEOPLE, *MEANS)]
    return [square, listing("verdicts", f"{title}, pair by pair", table, columns)]


def _answers(
    table: pd.DataFrame, interactions: pd.DataFrame, others: pd.DataFrame, settings: Analysis
) -> tuple[tuple[int, str], ...]:
    told = (
        (10, answer.what_differs(table, settings)),
        (30, answer.where_it_differs(interactions)),
        (50, answer.what_it_survives(others)),
    )
    return tuple((place, sentence) for place, sentence in told if sentence)


def _figures(analysed: Analysed, table: pd.DataFrame) -> dict[str, Callable[[], Figure]]:
    """The differences, and the people of a primary measure that has no section of its own."""
    settings, known = analysed.export.facts.analysis, table[table["t"].notna()]
    measure = MEASURES[settings.measure]
    figures: dict[str, Callable[[], Figure]] = {}
    if len(known):
        unit = f", {measure.of_difference}" if measure.of_difference else ""
        axis = f"{measure.title}, a − b{unit}: thin, other people; thick, other stimuli too"
        rows, margin = known.reset_index(drop=True), settings.equivalence_points
        figures["differences"] = partial(with_intervals, rows, axis=axis, margin=margin)
    if settings.measure != "accuracy":
        is_of_reliance = settings.measure in compared.OF_RELIANCE
        trials = analysed.decided if is_of_reliance else analysed.trials
        people = compared.of_people(trials, settings.measure)
        axis = ", ".join(filter(None, [measure.title, measure.unit]))
        figures["measure"] = partial(of_people, people, analysed.conditions, axis=axis)
    return figures


def _of_pairs(
    analysed: Analysed, interactions: pd.DataFrame, others: pd.DataFrame
) -> list[Listing]:
    trials, pairs = analysed.trials, analysed.pairs
    alternative = analysed.export.facts.analysis.alternative
    odds = regression.odds_ratios(trials, pairs, alternative=alternative)
    same = [pair for pair in pairs if pair not in analysed.apart]
    ranks = comparisons.mann_whitney(analysed.users, same, alternative=alternative)
    listings = [
        listing("interactions", "Where the AI is right", interactions, INTERACTION_COLUMNS),
        listing("regression", "Odds of a right decision", odds, ODDS_COLUMNS),
        listing("comparisons", "Ranks of people", ranks, RANK_COLUMNS),
    ]
    if len(others) > len(pairs):
        title = "The primary comparison under other choices"
        listings.append(listing("sensitivity", title, others, SENSITIVITY_COLUMNS, grouped=2))
    if analysed.reproduce_paper:
        table = paper_test.over_trials(trials, pairs)
        listings.append(
            listing("paper_test", "The test of Nguyen et al. 2021", table, PAPER_TEST_COLUMNS)
        )
    return listings


def columns_of(table: pd.DataFrame) -> tuple[TableColumn, ...]:
    """What is shown of a table of `compared.primary`."""
    has_margin = table["p_equivalent"].notna().any()
    return (
        *(*PAIR, *PEOPLE, *MEANS, DIFFERENCE, PEOPLE_INTERVAL, STIMULI_INTERVAL, P),
        *(*(LOOKS if "p_looks" in table else ()), P_HOLM),
        *(EQUIVALENCE_COLUMNS if has_margin else ()),
        VERDICT,
    )
