"""Every primary number with and without the stimuli whose true label is debatable."""

from analysis.report.listing import TableColumn, listing
from analysis.report.phrasing.robustness import without_debatable_in_words
from analysis.report.section import Section
from analysis.report.sections.accuracy import ACCURACY_COLUMNS
from analysis.report.sections.differences import columns_of
from analysis.report.sections.shared_columns import BIN, CONDITION, TRIALS
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures import debatable

PLACE = 65

STIMULI = TableColumn(column="stimuli", header="Stimuli")
DEBATABLE_COLUMNS = (CONDITION, STIMULI, TRIALS, *ACCURACY_COLUMNS[1:])
MISJUDGED_COLUMNS = (
    CONDITION,
    BIN,
    TableColumn(column="n_stimuli", header="Misjudged stimuli"),
    TableColumn(column="n_debatable", header="Debatable"),
    TableColumn(column="debatable_percent", header="Debatable, %", digits=1),
)


def section(analysed: Analysed) -> Section | None:
    """Accuracy and primary tests on both; None where nobody judged a debatable stimulus."""
    trials, names = analysed.trials, analysed.conditions
    settings = analysed.export.facts.analysis
    doubtful = debatable.on_debatable(trials, analysed.export.stimuli)
    if not doubtful.any():
        return None
    accuracy = debatable.accuracy_of_both(trials, doubtful, names)
    pairs = analysed.primary_pairs
    tests = debatable.differences_of_both(trials, doubtful, pairs, settings, analysed.look)
    misjudged = debatable.misjudged(trials, doubtful, names)
    title = "Per-user accuracy with and without debatable stimuli"
    listings = [
        listing("debatable", title, accuracy, DEBATABLE_COLUMNS, grouped=1),
        listing(
            "debatable_misjudged", "Misjudged stimuli", misjudged, MISJUDGED_COLUMNS, grouped=1
        ),
    ]
    if len(tests):
        title = "The primary comparison with and without debatable stimuli"
        columns = [*columns_of(tests)[:2], STIMULI, *columns_of(tests)[2:]]
        listings.append(listing("debatable_tests", title, tests, columns, grouped=2))
    return Section(
        name="debatable",
        title="Debatable labels",
        listings=tuple(listings),
        prose={
            "n_trials": int(doubtful.sum()),
            "n_stimuli": int(trials.loc[doubtful, "stimulus_id"].nunique()),
            "sentence": without_debatable_in_words(accuracy, tests),
        },
    )
