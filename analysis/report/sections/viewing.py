"""What people knew before, how many saw each stimulus, and how long they took."""

from collections.abc import Sequence

import pandas as pd

from analysis.report.listing import Listing, TableColumn, listing
from analysis.report.phrasing.viewing import few_viewers, knowledge_in_words
from analysis.report.section import Section
from analysis.report.sections.shared_columns import (
    ACCURACY,
    AI_RIGHT,
    BIN,
    CONDITION,
    INTERVAL,
    RIGHT,
    TRIALS,
)
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures import (
    agreement,
    prior_knowledge,
    response_times,
    stimulus_answers,
)
from analysis.statistics.sample import coverage

PLACE = 40

SEEN = TableColumn(column="seen_before", header="Seen before", words=((True, "yes"), (False, "no")))
KNOWLEDGE_COLUMNS = (
    CONDITION,
    TableColumn(column="difference_points", header="Yes − no, points", digits=1),
    SEEN,
    TRIALS,
    RIGHT,
    ACCURACY,
    INTERVAL,
)
CLASS_COLUMNS = (
    CONDITION,
    SEEN,
    TableColumn(column="n_participants", header="Participants"),
    TableColumn(column="n_classes", header="Person × class"),
    ACCURACY,
    INTERVAL,
)
VIEWER_COLUMNS = (
    CONDITION,
    TableColumn(column="n_pairs", header="Stimuli"),
    TableColumn(column="n_unseen", header="By nobody"),
    TableColumn(column="n_once", header="By one"),
    TableColumn(column="n_enough", header="By two or more"),
    TableColumn(column="min_viewers", header="Least"),
    TableColumn(column="median_viewers", header="Median", digits=1),
    TableColumn(column="max_viewers", header="Most"),
    TableColumn(column="kappa", header="Agreement, κ", digits=2),
)
STIMULUS_COLUMNS = (
    CONDITION,
    TableColumn(column="stimulus_id", header="Stimulus"),
    TableColumn(column="kind", header="Kind"),
    TableColumn(column="true_label", header="True label"),
    TableColumn(column="label", header="AI’s label"),
    TableColumn(column="confidence", header="Confidence", digits=2),
    AI_RIGHT,
    BIN,
    TableColumn(column="n_people", header="People"),
    RIGHT,
    TableColumn(column="right_percent", header="Right, %", digits=1),
)
MEASURES = {"median": "Median", "mean": "Mean", "std": "Std", "min": "Min", "max": "Max"}
SESSION_COLUMNS = (
    CONDITION,
    TableColumn(column="n_participants", header="Participants"),
    *(
        TableColumn(column=f"{name}_minutes", header=header, digits=1)
        for name, header in MEASURES.items()
    ),
    TableColumn(column="r", header="r", digits=2),
    TableColumn(column="r_low", to="r_high", header="95 % interval", digits=2),
)
DECISION_COLUMNS = (
    CONDITION,
    TRIALS,
    TableColumn(column="lower_quartile_s", header="Lower quartile", digits=1),
    TableColumn(column="median_s", header="Median", digits=1),
    TableColumn(column="upper_quartile_s", header="Upper quartile", digits=1),
    TableColumn(column="median_of_people_s", header="Median of people", digits=1),
)
FIRST_TITLE = "Prior knowledge by first answer"
CLASSES_TITLE = "Prior knowledge by person and class"


def section(analysed: Analysed) -> Section:
    """Prior knowledge, viewers per stimulus, and times."""
    export, trials, names = analysed.export, analysed.trials, analysed.conditions
    knowledge = prior_knowledge.by_answer(trials, names)
    first = prior_knowledge.by_answer(trials, names, first_answer=True)
    yes, no = knowledge["accuracy_percent"].tail(2)
    by_class = _by_class(trials, names)
    judged = (analysed.answered, export.stimuli, export.predictions, export.facts.conditions)
    pairs = coverage.per_pair(*judged)
    alike = agreement.per_condition(stimulus_answers.right_shares(analysed.answered), names)
    viewers = coverage.per_condition(pairs, names).assign(kappa=alike["kappa"])
    few = viewers[viewers["n_enough"] < viewers["n_pairs"]]
    answers = stimulus_answers.per_stimulus(*judged)
    sessions = response_times.per_user(export.participants, analysed.users)
    per_session = response_times.per_condition(sessions, names)
    decisions = response_times.decisions(trials, names)
    return Section(
        name="viewing",
        title="What people knew, saw and took",
        warnings=(few_viewers(few),) if len(few) and len(analysed.users) else (),
        listings=(
            listing("knowledge", "Prior knowledge", knowledge, KNOWLEDGE_COLUMNS, grouped=2),
            listing("knowledge_first", FIRST_TITLE, first, KNOWLEDGE_COLUMNS, grouped=2),
            *by_class,
            listing("viewers", "People per stimulus", viewers, VIEWER_COLUMNS),
            listing("stimulus_answers", "Every stimulus", answers, STIMULUS_COLUMNS, grouped=1),
            listing("sessions", "Minutes per session", per_session, SESSION_COLUMNS),
            listing("decision_times", "Seconds per decision", decisions, DECISION_COLUMNS),
        ),
        prose={
            "anybody": len(analysed.users) > 0,
            "n_trials": len(trials),
            "n_unanswered": int(trials["seen_before"].isna().sum()),
            "is_carried": len(by_class) > 0,
            "knowledge": "" if pd.isna(yes - no) else knowledge_in_words(yes, no),
            "n_without_session": int(sessions["minutes"].isna().sum()),
            "n_people": len(sessions),
            "n_without_decision_time": int(trials["decision_rt_ms"].isna().sum()),
        },
    )


def _by_class(trials: pd.DataFrame, names: Sequence[str]) -> list[Listing]:
    """Prior knowledge by person and class, where trials carry the answer of an earlier one."""
    if "seen_asked" not in trials or trials["seen_asked"].fillna(True).all():
        return []
    classes = prior_knowledge.by_person_and_class(trials, names)
    return [listing("knowledge_classes", CLASSES_TITLE, classes, CLASS_COLUMNS, grouped=1)]
