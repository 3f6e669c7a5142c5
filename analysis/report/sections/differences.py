"""Differences between conditions: the primary test, the regression, and the test of the paper."""

from analysis.report.listing import TableColumn, listing
from analysis.report.phrasing.ais import refused_in_words
from analysis.report.phrasing.differences import (
    comparison_in_words,
    disagreement_in_words,
    missing_odds_in_words,
)
from analysis.report.section import Section
from analysis.report.sections.shared_columns import TRIALS
from analysis.statistics import comparisons, paper_test, regression
from analysis.statistics.analysed import Analysed
from analysis.statistics.pairs import pairs_of

PLACE = 60

PAIR = (
    TableColumn(column="condition_a", header="a"),
    TableColumn(column="condition_b", header="b"),
)
COMPARISON_COLUMNS = (
    *PAIR,
    TableColumn(column="n_a", header="n of a"),
    TableColumn(column="n_b", header="n of b"),
    TableColumn(column="difference_points", header="a − b", digits=1),
    TableColumn(column="u", header="U", digits=1),
    TableColumn(column="p", header="p", p=True),
    TableColumn(column="p_holm", header="p, Holm", p=True),
    TableColumn(column="cles", header="P(a > b)", digits=2),
    TableColumn(column="cles_low", to="cles_high", header="95 % interval", digits=2),
    TableColumn(column="rank_biserial", header="r", digits=2),
)
ODDS_COLUMNS = (
    *PAIR,
    TRIALS,
    TableColumn(column="n_participants", header="Participants"),
    TableColumn(column="n_stimuli", header="Stimuli"),
    TableColumn(column="odds_ratio", header="Odds ratio", digits=2),
    TableColumn(column="low", to="high", header="95 % interval", digits=2),
    TableColumn(column="p", header="p", p=True),
    TableColumn(column="p_holm", header="p, Holm", p=True),
)
PAPER_TEST_COLUMNS = (
    *PAIR,
    TableColumn(column="n_trials_a", header="Trials of a"),
    TableColumn(column="n_trials_b", header="Trials of b"),
    TableColumn(column="accuracy_a_percent", header="Accuracy of a, %", digits=1),
    TableColumn(column="accuracy_b_percent", header="Accuracy of b, %", digits=1),
    TableColumn(column="half_p", header="p, halved", p=True),
)


def section(analysed: Analysed) -> Section:
    """Pairs of conditions, person by person."""
    facts = analysed.export.facts
    pairs, alternative = pairs_of(facts).tested, facts.analysis.alternative
    tests = comparisons.mann_whitney(analysed.users, pairs, alternative=alternative)
    odds = regression.odds_ratios(analysed.trials, pairs, alternative=alternative)
    listings = [
        listing("comparisons", "Pairs of conditions", tests, COMPARISON_COLUMNS),
        listing("regression", "Odds of a right decision", odds, ODDS_COLUMNS),
    ]
    if analysed.reproduce_paper:
        table = paper_test.over_trials(analysed.trials, pairs)
        listings.append(listing("paper_test", "The paper’s test", table, PAPER_TEST_COLUMNS))
    rows = zip(tests.iterrows(), odds.iterrows(), strict=True)
    disagreements = [disagreement_in_words(test, ratio) for (_, test), (_, ratio) in rows]
    missing = odds[(odds["missing_because"] != "") & tests["u"].notna()]
    return Section(
        name="differences",
        title="Differences between conditions",
        listings=tuple(listings) if pairs else (),
        prose={
            "refused": refused_in_words(facts),
            "n_family": int(tests["p"].notna().sum()),
            "sentences": [comparison_in_words(row) for _, row in tests.iterrows()],
            "disagreements": [sentence for sentence in disagreements if sentence],
            "missing": [missing_odds_in_words(row) for _, row in missing.iterrows()],
        },
    )
