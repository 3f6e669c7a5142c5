"""Whether people can tell what the AI will say."""

from analysis.report.listing import TableColumn, listing
from analysis.report.phrasing.steps_told import predicted_in_words
from analysis.report.section import Section
from analysis.report.sections.shared_columns import AI_RIGHT, CONDITION, INTERVAL, TRIALS
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures.steps import forward_simulation
from analysis.statistics.shares import TOO_FEW

PLACE = 73

COLUMNS = (
    *(CONDITION, TableColumn(column="step", header="Step")),
    TableColumn(column="ai_right", header="AI", words=AI_RIGHT.words, missing="either"),
    TRIALS,
    TableColumn(column="accuracy_percent", header="AI predicted, %", digits=1),
    INTERVAL,
    TableColumn(column="chance_percent", header="By chance, %", digits=1, missing="not known"),
    TableColumn(column="true_label_percent", header="True label named, %", digits=1),
    TableColumn(
        column="true_label_low_percent",
        to="true_label_high_percent",
        header="95 % interval",
        digits=1,
        missing=TOO_FEW,
    ),
)


def section(analysed: Analysed) -> Section | None:
    """Accuracy about the AI; None where nobody was asked what it will say."""
    stimuli = analysed.export.stimuli
    true_labels = dict(zip(stimuli["stimulus_id"], stimuli["true_label"], strict=True))
    declared = analysed.export.facts.steps
    guesses = forward_simulation.predictions(analysed.test_steps, declared, true_labels)
    if guesses.empty:
        return None
    table = forward_simulation.per_condition(
        guesses, analysed.conditions, analysed.options_of_steps
    )
    return Section(
        name="predicting",
        title="Can people tell what the AI will say?",
        listings=(listing("forward_simulation", "Predicting the AI", table, COLUMNS, grouped=2),),
        prose={
            "sentences": predicted_in_words(table),
            "no_wrong": not table["ai_right"].eq(False).any(),
        },
    )
