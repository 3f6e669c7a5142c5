"""What people knew before, how many saw each stimulus, and how long they took."""

import pandas as pd

from analysis.report.listing import Listing, Shown, listing
from analysis.report.phrasing import few_viewers, knowledge_in_words
from analysis.report.section import Section
from analysis.report.sections.shared_columns import ACCURACY, CONDITION, INTERVAL, RIGHT, TRIALS
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures import prior_knowledge, response_times
from analysis.statistics.sample import coverage


def section(analysed: Analysed) -> Section:
    """Prior knowledge, viewers per stimulus, and times."""
    trials, names = analysed.trials, analysed.conditions
    known = prior_knowledge.by_answer(trials, names)
    first = prior_knowledge.by_answer(trials, names, first_answer=True)
    seen = _viewers(analysed)
    sessions = response_times.per_user(analysed.export.participants, analysed.users)
    per_session = response_times.per_condition(sessions, names)
    decisions = response_times.decisions(trials, names)
    return Section(
        name="viewing",
        listings=(
            _knowledge("knowledge", "Prior knowledge", known),
            _knowledge("knowledge_first", "Prior knowledge by first answer", first),
            _viewers_listing(seen),
            _sessions(per_session),
            _decisions(decisions),
        ),
        prose={
            "anybody": len(analysed.users) > 0,
            "n_trials": len(trials),
            "n_unanswered": int(trials["seen_before"].isna().sum()),
            "knowledge": _knowledge_sentence(known),
            "few_viewers": _few_viewers_sentence(seen) if len(analysed.users) else "",
            "n_without_session": int(sessions["minutes"].isna().sum()),
            "n_people": len(sessions),
            "n_without_decision_time": int(trials["decision_rt_ms"].isna().sum()),
        },
    )


def _viewers(analysed: Analysed) -> pd.DataFrame:
    export, conditions = analysed.export, analysed.export.facts.conditions
    pairs = coverage.per_pair(analysed.trials, export.stimuli, export.predictions, conditions)
    return coverage.per_condition(pairs, analysed.conditions)


def _knowledge_sentence(known: pd.DataFrame) -> str:
    yes, no = known["accuracy_percent"].tail(2)
    return "" if pd.isna(yes - no) else knowledge_in_words(yes, no)


def _few_viewers_sentence(seen: pd.DataFrame) -> str:
    few = seen[seen["n_enough"] < seen["n_pairs"]]
    return "" if few.empty else few_viewers(few)


def _knowledge(name: str, title: str, table: pd.DataFrame) -> Listing:
    columns = (
        CONDITION,
        Shown(column="difference_points", header="Yes − no, points", digits=1),
        Shown(column="seen_before", header="Seen before", words=((True, "yes"), (False, "no"))),
        TRIALS,
        RIGHT,
        ACCURACY,
        INTERVAL,
    )
    return listing(name, title, table, columns, grouped=2)


def _viewers_listing(seen: pd.DataFrame) -> Listing:
    columns = (
        CONDITION,
        Shown(column="n_pairs", header="Stimuli"),
        Shown(column="n_unseen", header="By nobody"),
        Shown(column="n_once", header="By one"),
        Shown(column="n_enough", header="By two or more"),
        Shown(column="min_viewers", header="Least"),
        Shown(column="median_viewers", header="Median", digits=1),
        Shown(column="max_viewers", header="Most"),
    )
    return listing("viewers", "People per stimulus", seen, columns)


def _sessions(sessions: pd.DataFrame) -> Listing:
    measures = {"median": "Median", "mean": "Mean", "std": "Std", "min": "Min", "max": "Max"}
    columns = (
        CONDITION,
        Shown(column="n_participants", header="Participants"),
        *(
            Shown(column=f"{name}_minutes", header=header, digits=1)
            for name, header in measures.items()
        ),
        Shown(column="r", header="r", digits=2),
        Shown(column="r_low", to="r_high", header="95 % interval", digits=2),
    )
    return listing("sessions", "Minutes per session", sessions, columns)


def _decisions(decisions: pd.DataFrame) -> Listing:
    columns = (
        CONDITION,
        TRIALS,
        Shown(column="lower_quartile_s", header="Lower quartile", digits=1),
        Shown(column="median_s", header="Median", digits=1),
        Shown(column="upper_quartile_s", header="Upper quartile", digits=1),
        Shown(column="median_of_people_s", header="Median of people", digits=1),
    )
    return listing("decision_times", "Seconds per decision", decisions, columns)
