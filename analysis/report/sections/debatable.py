"""Every primary number with and without the stimuli whose true label is debatable."""

from analysis.report.listing import TableColumn, listing
from analysis.report.phrasing.robustness import without_debatable_in_words
from analysis.report.section import Section
from analysis.report.sections.accuracy import ACCURACY_COLUMNS
from analysis.report.sections.differences import COMPARISON_COLUMNS
from analysis.report.sections.shared_columns import BIN, CONDITION, TRIALS
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures import debatable
from analysis.statistics.pairs import pairs_of

PLACE = 65

STIMULI = TableColumn(column="stimuli", header="Stimuli")
DEBATABLE_COLUMNS = (CONDITION, STIMULI, TRIALS, *ACCURACY_COLUMNS[1:])
TEST_COLUMNS = (*COMPARISON_COLUMNS[:2], STIMULI, *COMPARISON_COLUMNS[2:])
MISJUDGED_COLUMNS = (
    CONDITION,
    BIN,
    TableColumn(column="n_stimuli", header="Misjudged stimuli"),
    TableColumn(column="n_debatable", header="Debatable"),
    TableColumn(column="debatable_percent", header="Debatable, %", digits=1),
)


def section(analysed: Analysed) -> Section | None:
    """Accuracy and primary tests on both; None where nobody judged a debatable stimulus."""
    trials, names, facts = analysed.trials, analysed.conditions, analysed.export.facts
    doubtful = debatable.on_debatable(trials, analysed.export.stimuli)
    if not doubtful.any():
        return None
    accuracy = debatable.accuracy_of_both(trials, doubtful, names)
    tests = debatable.tests_of_both(
        trials, doubtful, pairs_of(facts).tested, alternative=facts.analysis.alternative
    )
    misjudged = debatable.misjudged(trials, doubtful, names)
    title = "Per-user accuracy with and without debatable stimuli"
    listings = [
        listing("debatable", title, accuracy, DEBATABLE_COLUMNS, grouped=1),
        listing(
            "debatable_misjudged", "Misjudged stimuli", misjudged, MISJUDGED_COLUMNS, grouped=1
        ),
    ]
    if len(tests):
        title = "The primary test with and without debatable stimuli"
        listings.append(listing("debatable_tests", title, tests, TEST_COLUMNS, grouped=2))
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
