"""Differences between conditions: the primary test, the regression, and the test of the paper."""

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.report.listing import Listing, Shown, listing
from analysis.report.phrasing import (
    comparison_in_words,
    disagreement_in_words,
    missing_odds_in_words,
    refused_in_words,
)
from analysis.report.section import Section
from analysis.report.sections.shared_columns import TRIALS
from analysis.statistics import comparisons, paper_test, regression
from analysis.statistics.analysed import Analysed
from analysis.statistics.pairs import Pair, pairs_of

PAIR = (
    Shown(column="condition_a", header="a"),
    Shown(column="condition_b", header="b"),
)


def section(analysed: Analysed) -> Section:
    """Pairs of conditions, person by person."""
    settings = analysed.export.facts.analysis
    pairs = pairs_of(analysed.export.facts).tested
    tests = comparisons.mann_whitney(analysed.users, pairs, alternative=settings.alternative)
    odds = regression.odds_ratios(analysed.trials, pairs, alternative=settings.alternative)
    return Section(
        name="differences",
        listings=(_comparisons(tests), _odds(odds), *_paper_test(analysed, pairs)) if pairs else (),
        prose={"refused": refused_in_words(analysed.export.facts), **_prose(tests, odds)},
    )


def _prose(tests: pd.DataFrame, odds: pd.DataFrame) -> Mapping[str, object]:
    rows = zip(tests.iterrows(), odds.iterrows(), strict=True)
    disagreements = [disagreement_in_words(test, ratio) for (_, test), (_, ratio) in rows]
    missing = odds[(odds["missing_because"] != "") & tests["u"].notna()]
    return {
        "n_family": int(tests["p"].notna().sum()),
        "sentences": [comparison_in_words(row) for _, row in tests.iterrows()],
        "disagreements": [sentence for sentence in disagreements if sentence],
        "missing": [missing_odds_in_words(row) for _, row in missing.iterrows()],
    }


def _comparisons(tests: pd.DataFrame) -> Listing:
    columns = (
        *PAIR,
        Shown(column="n_a", header="n of a"),
        Shown(column="n_b", header="n of b"),
        Shown(column="difference_points", header="a − b", digits=1),
        Shown(column="u", header="U", digits=1),
        Shown(column="p", header="p", p=True),
        Shown(column="p_holm", header="p, Holm", p=True),
        Shown(column="cles", header="P(a > b)", digits=2),
        Shown(column="cles_low", to="cles_high", header="95 % interval", digits=2),
        Shown(column="rank_biserial", header="r", digits=2),
    )
    return listing("comparisons", "Pairs of conditions", tests, columns)


def _odds(odds: pd.DataFrame) -> Listing:
    columns = (
        *PAIR,
        TRIALS,
        Shown(column="n_participants", header="Participants"),
        Shown(column="n_stimuli", header="Stimuli"),
        Shown(column="odds_ratio", header="Odds ratio", digits=2),
        Shown(column="low", to="high", header="95 % interval", digits=2),
        Shown(column="p", header="p", p=True),
        Shown(column="p_holm", header="p, Holm", p=True),
    )
    return listing("regression", "Odds of a right decision", odds, columns)


def _paper_test(analysed: Analysed, pairs: Sequence[Pair]) -> tuple[Listing, ...]:
    if not analysed.reproduce_paper:
        return ()
    columns = (
        *PAIR,
        Shown(column="n_trials_a", header="Trials of a"),
        Shown(column="n_trials_b", header="Trials of b"),
        Shown(column="accuracy_a_percent", header="Accuracy of a, %", digits=1),
        Shown(column="accuracy_b_percent", header="Accuracy of b, %", digits=1),
        Shown(column="half_p", header="p, halved", p=True),
    )
    tests = paper_test.over_trials(analysed.trials, pairs)
    return (listing("paper_test", "The paper’s test", tests, columns),)
