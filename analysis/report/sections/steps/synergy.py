"""Together against alone: is the team better than the better of people and AI?"""

from functools import partial

from analysis.report.figures.advice import together_and_alone
from analysis.report.listing import TableColumn, listing
from analysis.report.phrasing.advice import synergies_in_words, synergy_in_words
from analysis.report.section import Section
from analysis.report.sections.shared_columns import CONDITION
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures.steps.judgements import (
    before_and_after,
    judgements,
    paired,
)
from analysis.statistics.measures.steps.synergy import BEFORE, synergies
from analysis.statistics.pairs import comparable
from analysis.statistics.shares import TOO_FEW

PLACE = 47

MOST_SENTENCES = 4
MEAN_COLUMNS = (
    CONDITION,
    TableColumn(column="alone", header="Alone", words=((BEFORE, "before the advice"),)),
    TableColumn(column="n_participants", header="In the team"),
    TableColumn(column="n_alone", header="Alone"),
    TableColumn(column="n_stimuli", header="Stimuli"),
    TableColumn(column="team_percent", header="Team, %", digits=1),
    TableColumn(column="alone_percent", header="People alone, %", digits=1),
    TableColumn(column="ai_percent", header="AI alone, %", digits=1),
)
DIFFERENCE_COLUMNS = (
    *MEAN_COLUMNS[:2],
    TableColumn(column="over_people_points", header="Less people", digits=1),
    TableColumn(
        column="over_people_low_points",
        to="over_people_high_points",
        header="95 % interval",
        digits=1,
        missing=TOO_FEW,
    ),
    TableColumn(column="over_ai_points", header="Less AI", digits=1),
    TableColumn(
        column="over_ai_low_points",
        to="over_ai_high_points",
        header="95 % interval",
        digits=1,
        missing=TOO_FEW,
    ),
    TableColumn(column="synergy_points", header="Synergy", digits=1),
    TableColumn(
        column="low_points", to="high_points", header="95 % interval", digits=1, missing=TOO_FEW
    ),
)


def section(analysed: Analysed) -> Section | None:
    """Each team against people alone and the AI alone; None where nobody answered without it."""
    facts, trials = analysed.export.facts, analysed.trials
    twice = any(before_and_after(facts.steps, shown) for shown in facts.shows_ai.values())
    if trials.empty or not (facts.without_ai or twice):
        return None
    rows = judgements(analysed.export.steps, trials, facts.steps)
    both = paired(rows, facts.steps, facts.shows_ai)
    groups = [
        (team, alone)
        for group in comparable(facts)
        for team in group
        for alone in group
        if team in analysed.advised and alone in facts.without_ai
    ]
    table = synergies(trials, both, teams=analysed.advised, groups=groups)
    if table.empty:
        return None
    told = [synergy_in_words(row) for _, row in table.iterrows()]
    return Section(
        name="synergy",
        title="Together against alone",
        answers=((38, synergies_in_words(table)),),
        listings=(
            listing("together", "Right together and alone", table, MEAN_COLUMNS, grouped=1),
            listing("synergy", "Less the better of both", table, DIFFERENCE_COLUMNS, grouped=1),
        ),
        figures={"together": partial(together_and_alone, table, analysed.conditions)},
        prose={
            "sentences": told if len(told) <= MOST_SENTENCES else [],
            "missing": sorted(set(table["missing_because"]) - {""}),
        },
    )
