"""What people answered after the trials: scales, their reliability, and conditions compared."""

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.report.answer_table import answer_table
from analysis.report.listing import Listing, TableColumn, listing
from analysis.report.phrasing.questionnaires import contrary_items, scale_tests_in_words
from analysis.report.section import Section
from analysis.report.sections.shared_columns import CONDITION
from analysis.statistics.analysed import Analysed
from analysis.statistics.sample import self_reports
from analysis.statistics.sample.exclusions import ANALYSED, n_analysed
from analysis.statistics.scales import coded_answers, internal_consistency, proportional_odds

PLACE = 75

PEOPLE = TableColumn(column="n_people", header="People")
SPREAD = (
    TableColumn(column="mean", header="Mean", digits=2),
    TableColumn(column="std", header="SD", digits=2),
)
SCALE_COLUMNS = (
    TableColumn(column="lowest", to="highest", header="Range"),
    CONDITION,
    PEOPLE,
    *SPREAD,
    TableColumn(column="low", to="high", header="95 % interval", digits=2),
)
TEST_COLUMNS = (
    TableColumn(column="condition_a", header="a"),
    TableColumn(column="condition_b", header="b"),
    TableColumn(column="difference", header="a − b", digits=2),
    TableColumn(column="difference_low", to="difference_high", header="95 % interval", digits=2),
    TableColumn(column="odds_ratio", header="Odds ratio", digits=2),
    TableColumn(column="odds_low", to="odds_high", header="95 % interval", digits=2),
    TableColumn(column="p", header="p", p=True),
    TableColumn(column="p_holm", header="p, Holm", p=True),
)
RELIABILITY_COLUMNS = (
    TableColumn(column="n_items", header="Items"),
    PEOPLE,
    TableColumn(column="alpha", header="α", digits=2),
    TableColumn(column="alpha_low", to="alpha_high", header="95 % interval", digits=2),
    TableColumn(column="omega", header="ω", digits=2),
)
ITEM_COLUMNS = (
    TableColumn(column="is_reversed", header="Reversed", words=((True, "yes"), (False, "no"))),
    PEOPLE,
    *SPREAD,
    TableColumn(column="rest_r", header="r with the rest", digits=2),
)
REASON = TableColumn(column="reason", header="Missing because")


def section(analysed: Analysed) -> Section | None:
    """Scales, and all other answers after the trials; None where nobody gave any."""
    export = analysed.export
    people = analysed.participants[analysed.participants["step"] == ANALYSED]
    scales = coded_answers.scales_of(export.study)
    in_scales = {item.name for scale in scales for item in scale.items}
    asked = [q for q in export.study.questions if q.when == "after" or q.name in in_scales]
    told = self_reports.study_answers(export, people, asked)
    if told.empty:
        return None
    labels = {q.name: q.label for q in asked} | {scale.name: scale.label for scale in scales}
    answers = {s: coded_answers.item_scores(s, export.questionnaire, people) for s in scales}
    tests = proportional_odds.per_pair(answers, analysed.pairs)
    items = internal_consistency.per_item({s: a for s, a in answers.items() if len(s.items) > 1})
    chosen = self_reports.by_condition(
        told, analysed.conditions, {question.name: question.options for question in asked}
    )
    n_people = n_analysed(analysed.participants, analysed.conditions)
    tables = [
        *_scale_tables(coded_answers.per_condition(answers, analysed.conditions), tests, labels),
        *_item_tables(internal_consistency.per_scale(answers), items, labels),
        answer_table("answers", "Every answer", chosen, labels, n_people=n_people),
    ]
    return Section(
        name="questionnaires",
        title="Questionnaires",
        listings=tuple(table for table in tables if table.rows),
        prose={
            "found": scale_tests_in_words(tests, labels),
            "contrary": contrary_items(items, labels),
        },
    )


def _scale_tables(
    summary: pd.DataFrame, tests: pd.DataFrame, labels: Mapping[str, str]
) -> list[Listing]:
    scale = _named("scale", "Scale", labels)
    columns = _with_reasons((scale, *TEST_COLUMNS), tests)
    return [
        listing("scales", "Scales", summary, (scale, *SCALE_COLUMNS), grouped=2),
        listing("scale_tests", "Conditions compared by scales", tests, columns, grouped=1),
    ]


def _item_tables(
    reliability: pd.DataFrame, items: pd.DataFrame, labels: Mapping[str, str]
) -> list[Listing]:
    scale, item = _named("scale", "Scale", labels), _named("item", "Item", labels)
    columns = _with_reasons((scale, *RELIABILITY_COLUMNS), reliability)
    return [
        listing("scale_reliability", "Reliability of scales", reliability, columns),
        listing("scale_items", "Items of scales", items, (scale, item, *ITEM_COLUMNS), grouped=1),
    ]


def _named(column: str, header: str, labels: Mapping[str, str]) -> TableColumn:
    """A column of names that stand for what the page calls them."""
    return TableColumn(column=column, header=header, words=tuple(labels.items()))


def _with_reasons(columns: Sequence[TableColumn], table: pd.DataFrame) -> Sequence[TableColumn]:
    """The columns, and why something is missing where anything is."""
    return (*columns, REASON) if (table["reason"] != "").any() else columns
