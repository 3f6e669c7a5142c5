"""Numbers that people give before and after the AI's."""

from analysis.report.listing import TableColumn, listing
from analysis.report.phrasing.steps_told import outside_in_words, weight_in_words
from analysis.report.section import Section
from analysis.report.sections.shared_columns import CONDITION, TRIALS, with_interval
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures.steps import weight_of_advice

PLACE = 71

STEP = TableColumn(column="step", header="Step")
WEIGHT_COLUMNS = (
    *(CONDITION, STEP, TRIALS),
    TableColumn(column="n_undefined", header="Same number"),
    *with_interval("bounded", "Mean, 0 to 1", digits=2),
    *with_interval("median", "Median", digits=2),
    *with_interval("mean", "Mean as it is", digits=2),
    TableColumn(column="n_away", header="Below 0"),
    TableColumn(column="n_beyond", header="Above 1"),
)
ERROR_COLUMNS = (
    *(CONDITION, STEP, TRIALS),
    *with_interval("before", "Before", digits=2),
    *with_interval("after", "After", digits=2),
    *with_interval("gain", "Nearer by", digits=2),
    TableColumn(column="ai_error", header="The AI’s", digits=2),
)


def section(analysed: Analysed) -> Section | None:
    """The weight of advice and errors; None where nobody gave a number before and after."""
    predicting = [s.name for s in analysed.export.facts.steps if s.truth == "ai_answer"]
    numbers = weight_of_advice.revised(analysed.test_steps, predicting)
    if numbers.empty:
        return None
    weights = weight_of_advice.per_condition(numbers, analysed.conditions)
    errors = weight_of_advice.errors(numbers, analysed.conditions)
    tables = [listing("weight_of_advice", "Weight of advice", weights, WEIGHT_COLUMNS)]
    if len(errors):
        tables.append(listing("estimate_errors", "Distance from the truth", errors, ERROR_COLUMNS))
    outside = outside_in_words(weights)
    return Section(
        name="estimates",
        title="Numbers before and after the AI’s",
        warnings=(outside,) if outside else (),
        listings=tuple(tables),
        prose={"sentences": weight_in_words(weights), "errors": len(errors) > 0},
    )
