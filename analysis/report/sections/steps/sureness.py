"""How sure people say they are, against how often they are right."""

from collections.abc import Sequence
from functools import partial

import pandas as pd

from analysis.report.figures.calibration import curves
from analysis.report.listing import Listing, TableColumn, listing
from analysis.report.phrasing.steps_told import below_chance_in_words, calibration_in_words
from analysis.report.section import Section
from analysis.report.sections.shared_columns import (
    ACCURACY,
    CONDITION,
    INTERVAL,
    RIGHT,
    TRIALS,
    with_interval,
)
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures.steps import stated_confidence
from analysis.statistics.shares import TOO_FEW

PLACE = 72

ABOUT = TableColumn(column="about", header="Answer")
ADVISED = TableColumn(
    column="advised", header="The AI’s", words=((True, "shown"), (False, "not shown"))
)
STEP = TableColumn(column="step", header="Step")
CALIBRATION_COLUMNS = (
    *(CONDITION, STEP, ABOUT, ADVISED, TRIALS),
    TableColumn(column="confidence_percent", header="Confidence, %", digits=1),
    TableColumn(column="accuracy_percent", header="Right, %", digits=1),
    TableColumn(column="calibration_points", header="Too sure, points", digits=1),
    TableColumn(
        column="low_points", to="high_points", header="95 % interval", digits=1, missing=TOO_FEW
    ),
    TableColumn(column="below_chance_percent", header="Below chance, %", digits=1),
)
BRIER_COLUMNS = (
    *(CONDITION, STEP, ABOUT, ADVISED),
    *with_interval("brier", "Brier score", digits=3),
    TableColumn(column="reliability", header="Reliability", digits=3),
    TableColumn(column="resolution", header="Resolution", digits=3),
    TableColumn(column="uncertainty", header="Uncertainty", digits=3),
    TableColumn(column="spread", header="Spread", digits=3),
    TableColumn(column="tilt", header="Tilt", digits=3),
)
PLACE_COLUMNS = (
    *(CONDITION, STEP, ABOUT, ADVISED, TRIALS),
    TableColumn(column="when_right_percent", header="Where right", digits=1),
    TableColumn(column="when_wrong_percent", header="Where wrong", digits=1),
)
CHANGE_COLUMNS = (
    *(CONDITION, ABOUT, TRIALS),
    *with_interval("confidence", "Confidence, points", digits=1),
    *with_interval("accuracy", "Right, points", digits=1),
    *with_interval("calibration", "Too sure, points", digits=1),
    *with_interval("brier", "Brier score", digits=3),
)
TENTHS = tuple((low, f"{low} to {low + 9 if low < 90 else 100}") for low in range(0, 100, 10))
CURVE_COLUMNS = (
    *(CONDITION, STEP, ADVISED),
    TableColumn(column="from_percent", header="Confidence, %", words=TENTHS),
    *(TRIALS, RIGHT, ACCURACY, INTERVAL),
)


def section(analysed: Analysed) -> Section | None:
    """Calibration, Brier score and curve; None where nobody said how sure they are."""
    declared, names = analysed.export.facts.steps, analysed.conditions
    confidence = stated_confidence.stated(analysed.test_steps, declared, analysed.options_of_steps)
    if confidence.empty:
        return None
    table = stated_confidence.per_condition(confidence, names)
    known = table[table["missing_because"] == ""]
    curve = stated_confidence.by_tenth(confidence, names)
    below = below_chance_in_words(known)
    return Section(
        name="sureness",
        title="How sure people are, and how often they are right",
        warnings=(below,) if below else (),
        listings=(
            *(_of_probabilities(confidence, known, curve, names) if len(known) else ()),
            listing(
                "confidence_places",
                "Confidence where right and where wrong",
                table,
                PLACE_COLUMNS,
                grouped=1,
            ),
        ),
        figures={"calibration": partial(curves, curve, names)} if len(curve) else {},
        prose={
            "sentences": calibration_in_words(known),
            "known": len(known) > 0,
            "unknown": list(table.loc[table["missing_because"] != "", "step"].unique()),
        },
    )


def _of_probabilities(
    confidence: pd.DataFrame, known: pd.DataFrame, curve: pd.DataFrame, names: Sequence[str]
) -> list[Listing]:
    """The tables of what is a probability; that of changes where it was stated twice."""
    changes = stated_confidence.changes(confidence, names)
    return [
        listing("calibration", "Calibration", known, CALIBRATION_COLUMNS, grouped=1),
        listing("brier", "Brier score", known, BRIER_COLUMNS, grouped=1),
        *(
            [listing("confidence_changes", "What the AI’s answer changes", changes, CHANGE_COLUMNS)]
            if len(changes)
            else []
        ),
        listing("calibration_curve", "Right, by confidence", curve, CURVE_COLUMNS, grouped=2),
    ]
