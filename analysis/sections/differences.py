"""Differences between conditions: the primary test and its effect sizes."""

import pandas as pd

from analysis import comparisons
from analysis.analysed import Analysed
from analysis.listing import Listing, Shown, listing
from analysis.section import Section
from analysis.sentences import comparison_in_words


def section(analysed: Analysed) -> Section:
    """Pairs of conditions, person by person."""
    settings = analysed.export.facts.analysis
    pairs = comparisons.pairs_of(settings, analysed.conditions)
    tests = comparisons.mann_whitney(analysed.users, pairs, alternative=settings.alternative)
    return Section(
        name="differences",
        listings=(_comparisons(tests),),
        prose={"sentences": [comparison_in_words(row) for _, row in tests.iterrows()]},
    )


def _comparisons(tests: pd.DataFrame) -> Listing:
    columns = (
        Shown(column="condition_a", header="a"),
        Shown(column="condition_b", header="b"),
        Shown(column="n_a", header="n of a"),
        Shown(column="n_b", header="n of b"),
        Shown(column="difference_points", header="a − b, points", digits=1),
        Shown(column="u", header="U", digits=1),
        Shown(column="p", header="p", p=True),
        Shown(column="p_holm", header="p, Holm", p=True),
        Shown(column="cles", header="P(a > b)", digits=2),
        Shown(column="rank_biserial", header="Rank-biserial", digits=2),
    )
    return listing("comparisons", "Pairs of conditions", tests, columns)
