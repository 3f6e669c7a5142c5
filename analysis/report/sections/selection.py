"""What dropout and gate may have done to the differences between conditions."""

import numpy as np

from analysis.report.listing import TableColumn, listing
from analysis.report.phrasing.selection import lost_signs_in_words, selections_in_words
from analysis.report.section import Section
from analysis.report.sections.differences import PAIR
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures.compared import MEASURES
from analysis.statistics.sample import selection
from analysis.statistics.shares import MIN_PEOPLE

PLACE = 62
SEED = 2009  # of the resamples; fixed, so that the same export gives the same report

DISTANCES = ["difference", "low", "high", "interval_low", "interval_high"]
BOUNDS_COLUMNS = (
    *PAIR,
    TableColumn(column="n_analysed_a", of="n_assigned_a", header="Kept of a"),
    TableColumn(column="n_analysed_b", of="n_assigned_b", header="Kept of b"),
    TableColumn(column="difference", header="a − b", digits=1),
    TableColumn(column="selection", header="Selection"),
    TableColumn(column="low", to="high", header="Bounds", digits=1, missing="none"),
    TableColumn(column="interval_low", to="interval_high", header="95 % interval", digits=1),
)


def section(analysed: Analysed) -> Section | None:
    """Bounds of each tested difference; None where nobody was lost, or there is nothing to test."""
    comparison = MEASURES[analysed.export.facts.analysis.measure]
    bounds = selection.selection_bounds(
        analysed.export.participants,
        comparison.values(analysed.trials).groupby("participant_id")["value"].mean(),
        analysed.primary_pairs,
        rehearsal=analysed.rehearsal,
        rng=np.random.default_rng(SEED),
    )
    if comparison.is_logarithm:
        bounds[DISTANCES] = 100 * np.expm1(bounds[DISTANCES])
    lost_a, lost_b = (bounds[f"n_assigned_{x}"] - bounds[f"n_analysed_{x}"] for x in "ab")
    if analysed.users.empty or not (lost_a + lost_b).any():
        return None
    return Section(
        name="selection",
        title="What dropout and gate may hide",
        warnings=tuple(filter(None, [lost_signs_in_words(bounds)])),
        listings=(listing("bounds", "Bounds under selection", bounds, BOUNDS_COLUMNS),),
        prose={
            "sentences": selections_in_words(bounds, comparison.of_difference),
            "measure": comparison,
            "crossed": bool((bounds["selection"] == selection.CROSSED).any()),
            "no_interval": bool((bounds["interval_low"].isna() & bounds["low"].notna()).any()),
            "no_bounds": bool((bounds["low"].isna() & bounds["difference"].notna()).any()),
            "min_people": MIN_PEOPLE,
        },
    )
