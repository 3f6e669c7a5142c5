"""Columns that tables of several sections show alike."""

from analysis.report.listing import TableColumn
from analysis.statistics.shares import TOO_FEW

CONDITION = TableColumn(column="condition", header="Condition")
CLASSIFIER = TableColumn(column="classifier", header="Classifier")
AI_RIGHT = TableColumn(column="ai_right", header="AI", words=((True, "right"), (False, "wrong")))
BIN = TableColumn(column="bin", header="Bin")
TRIALS = TableColumn(column="n_trials", header="Trials")
RIGHT = TableColumn(column="n_right", header="Right")
ACCURACY = TableColumn(column="accuracy_percent", header="Accuracy, %", digits=1)
INTERVAL = TableColumn(
    column="low_percent", to="high_percent", header="95 % interval", digits=1, missing=TOO_FEW
)


def with_interval(column: str, header: str, *, digits: int) -> tuple[TableColumn, TableColumn]:
    """A number, and its interval from `column`_low to `column`_high."""
    ends = TableColumn(
        column=f"{column}_low",
        to=f"{column}_high",
        header="95 % interval",
        digits=digits,
        missing=TOO_FEW,
    )
    return TableColumn(column=column, header=header, digits=digits), ends
