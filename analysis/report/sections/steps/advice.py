"""Before and after the advice: what people do with it, and how often they were right anyway."""

from functools import partial

import pandas as pd

from analysis.export.facts import ExportFacts
from analysis.report.figures import advice as drawn
from analysis.report.listing import Listing, TableColumn, listing
from analysis.report.phrasing.advice import (
    change_in_words,
    changes_in_words,
    ended_in_words,
    relied_in_words,
    without_cases_in_words,
)
from analysis.report.phrasing.ais import left_out_in_words
from analysis.report.section import Section
from analysis.report.sections.shared_columns import CONDITION, TRIALS
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures.steps.advice_taking import changes, shares_of_advice
from analysis.statistics.measures.steps.by_step import accuracy_and_agreement
from analysis.statistics.measures.steps.judgements import (
    before_and_after,
    judgements,
    paired,
)
from analysis.statistics.shares import TOO_FEW

PLACE = 46

MOST_SENTENCES = 3  # conditions that are told one by one
SWITCHES = (
    ("switched", "Another answer than before"),
    ("switched_to_ai", "To what the AI says, of those who had not"),
    ("switched_from_ai", "Away from it, of those who had"),
)
ENDS = (
    ("wrong_ended", "AI wrong: ended with its answer"),
    ("wrong_agreed_already", "of these had it before, and stayed"),
    ("wrong_moved", "of these moved to it"),
    ("right_ended", "AI right: ended with its answer"),
    ("right_agreed_already", "of these had it before, and stayed"),
    ("right_moved", "of these moved to it"),
)
RATIOS = (
    ("rair", "RAIR: took right advice"),
    ("rsr", "RSR: withstood wrong advice"),
)
SHARE = (
    TRIALS,
    TableColumn(column="percent", header="Share, %", digits=1),
    TableColumn(
        column="people_low_percent",
        to="people_high_percent",
        header="95 %, other people",
        digits=1,
        missing=TOO_FEW,
    ),
    TableColumn(
        column="low_percent",
        to="high_percent",
        header="and other stimuli",
        digits=1,
        missing=TOO_FEW,
    ),
)
STEP_COLUMNS = (
    CONDITION,
    TableColumn(column="step", header="Step"),
    TableColumn(
        column="shown", header="AI’s answer", words=((True, "shown"), (False, "not shown"))
    ),
    TableColumn(column="measure", header="Measure"),
    *SHARE,
)
CHANGE_COLUMNS = (
    CONDITION,
    TableColumn(
        column="advice_right",
        header="AI",
        words=((True, "right"), (False, "wrong")),
        missing="either",
    ),
    TRIALS,
    TableColumn(column="before_percent", header="Before, %", digits=1),
    TableColumn(column="after_percent", header="After, %", digits=1),
    TableColumn(column="change_points", header="Change, points", digits=1),
    TableColumn(
        column="people_low_points",
        to="people_high_points",
        header="95 %, other people",
        digits=1,
        missing=TOO_FEW,
    ),
    TableColumn(
        column="low_points", to="high_points", header="and other stimuli", digits=1, missing=TOO_FEW
    ),
)


def section(analysed: Analysed) -> Section | None:
    """Answers before and after the advice; None where the study asked for a decision alone."""
    facts, steps = analysed.export.facts, analysed.export.facts.steps
    if not _asks_more_than_a_decision(facts):
        return None
    rows = judgements(analysed.export.steps, analysed.trials, steps)
    if rows.empty:
        return None
    both = paired(rows, steps, facts.shows_ai)
    by_step = accuracy_and_agreement(rows, steps, facts.shows_ai)
    shares = shares_of_advice(both, analysed.conditions)
    change = changes(both, analysed.conditions)
    whole = change[change["advice_right"].isna()]
    return Section(
        name="advice",
        title="Before and after the advice" if len(both) else "Right, and as the AI says",
        answers=((35, changes_in_words(whole)),) if len(whole) else (),
        listings=_listings(by_step, change, shares),
        figures={"advice": partial(drawn.before_and_after, change, analysed.conditions)}
        if len(both)
        else {},
        prose=_prose(analysed, whole, shares) | {"has_both": bool(len(both))},
    )


def _asks_more_than_a_decision(facts: ExportFacts) -> bool:
    """Whether a trial asks twice, or something else, or some people are shown no AI."""
    kinds = {step.kind for step in facts.steps if step.truth is not None}
    twice = any(before_and_after(facts.steps, shown) for shown in facts.shows_ai.values())
    return twice or bool(kinds - {"decision"}) or bool(facts.without_ai)


def _listings(
    by_step: pd.DataFrame, change: pd.DataFrame, shares: pd.DataFrame
) -> tuple[Listing, ...]:
    right = listing(
        "accuracy_and_agreement", "Right, and as the AI says", by_step, STEP_COLUMNS, grouped=2
    )
    if change.empty:
        return (right,)
    parts = (
        ("advice_switches", "Switching", SWITCHES, ()),
        ("advice_ends", "Ended with what the AI says", ENDS, ()),
        (
            "appropriate_reliance",
            "Appropriate reliance",
            RATIOS,
            (TableColumn(column="n_without", header="People without"),),
        ),
    )
    return (
        listing("advice_change", "Right before and after", change, CHANGE_COLUMNS, grouped=1),
        *(
            listing(
                name,
                title,
                own,
                (CONDITION, TableColumn(column="measure", header="", words=words), *more, *SHARE),
                grouped=1,
            )
            for name, title, words, more in parts
            if len(own := shares[shares["measure"].isin(dict(words))].reset_index(drop=True))
        ),
        right,
    )


def _prose(analysed: Analysed, whole: pd.DataFrame, shares: pd.DataFrame) -> dict[str, object]:
    told = whole["condition"].tolist() if len(whole) <= MOST_SENTENCES else []
    sentences = [change_in_words(row) for _, row in whole.iterrows() if row["condition"] in told]
    for phrase in (ended_in_words, relied_in_words):
        sentences += [phrase(shares, name) for name in told]
    return {
        "sentences": [sentence for sentence in sentences if sentence],
        "without_cases": without_cases_in_words(shares),
        "left_out": left_out_in_words(analysed.export.facts),
        "no_decisions": not analysed.asks_decisions,
    }
