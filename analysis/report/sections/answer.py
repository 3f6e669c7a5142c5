"""The answer first: what was found, for whom it holds, and what limits it."""

from functools import partial

import pandas as pd

from analysis.report.figures.differences import with_intervals
from analysis.report.phrasing import answer
from analysis.report.section import Section
from analysis.statistics import regression
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures import compared
from analysis.statistics.measures.compared import MEASURES
from analysis.statistics.sensitivity import is_told, sensitivity

PLACE = 5


def section(analysed: Analysed) -> Section | None:
    """Five sentences and the differences in a figure; None where nobody is analysed."""
    if analysed.users.empty:
        return None
    settings, pairs = analysed.export.facts.analysis, analysed.pairs
    table = compared.primary(analysed.trials, pairs, settings, apart=analysed.apart)
    interactions = regression.interactions(analysed.trials, pairs)
    others = sensitivity(analysed) if pairs and is_told(analysed) else pd.DataFrame()
    sentences = [
        answer.what_differs(table, settings),
        answer.who_judged_what(analysed),
        answer.where_it_differs(interactions),
        answer.what_it_survives(others),
    ]
    measure = MEASURES[settings.measure]
    unit = f", {measure.of_difference}" if measure.of_difference else ""
    axis = f"{measure.title}, a − b{unit}: thin, other people; thick, other stimuli too"
    known = table[table["t"].notna()].reset_index(drop=True)
    drawing = partial(with_intervals, known, axis=axis, margin=settings.equivalence_points)
    return Section(
        name="answer",
        title="The answer",
        foremost=True,
        figures={"differences": drawing} if len(known) else {},
        prose={"sentences": list(filter(None, sentences)), "margin": settings.equivalence_points},
    )
