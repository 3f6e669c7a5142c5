"""The answers: the screens of a trial, brought together into one row."""

import pandas as pd

from analysis.gorilla.map_file import SET, GorillaStudy, PhaseTable
from analysis.gorilla.stimuli import sets_of, stimulus_id
from analysis.gorilla.task_files import PERSON

TRIAL = [PERSON, "Spreadsheet Row"]


def list_trials(rows: pd.DataFrame, study: GorillaStudy) -> tuple[pd.DataFrame, list[str]]:
    """Every trial of every person, in the order in which they met them.

    Gorilla's own Correct and Incorrect are not read: where the sheet has no ANSWER, as in the
    authors' test, they mean nothing. Where a page was reloaded and a screen answered again, the
    last answer counts, as in the authors' analysis.

    Args:
        rows: as `task_files.read_rows` returns them.
        study: how they are read.

    Returns:
        private id, condition, phase, trial_index, stimulus_id, seen_before, seen_rt_ms,
        card_rt_ms, decision, decision_rt_ms, shown_at and answered_at. And a line for each
        problem.
    """
    parts, problems = [], []
    for name, phase in study.phases.items():
        part, phase_problems = _trials_of_phase(rows, phase, study)
        parts.append(part.assign(phase=name))
        problems += phase_problems
    return pd.concat(parts, ignore_index=True), problems


def _trials_of_phase(
    rows: pd.DataFrame, phase: PhaseTable, study: GorillaStudy
) -> tuple[pd.DataFrame, list[str]]:
    rows = rows[rows["display"] == phase.display].sort_values([PERSON, "event"])
    decision = _screen(rows, phase.decision_screen)
    seen, card = _screen(rows, phase.seen_screen), _screen(rows, phase.card_screen)
    images, problems = _images(decision, phase)
    words = study.words
    first = seen if len(seen) else decision
    trials = pd.DataFrame(
        {
            "condition": decision["condition"],
            "stimulus_id": stimulus_id(images),
            "seen_before": seen["Response"].map({words.seen: True, words.unseen: False}),
            "seen_rt_ms": _ms(seen),
            "card_rt_ms": _ms(card),
            "decision": decision["Response"].map({words.accept: "accept", words.reject: "reject"}),
            "decision_rt_ms": _ms(decision),
            # A screen is logged when it is answered, with the time that took.
            "shown_at": _at(first) - pd.to_timedelta(_ms(first).fillna(0), unit="ms"),
            "answered_at": _at(decision),
            "event": decision["event"],
        },
        index=decision.index,
    ).sort_values([PERSON, "event"])
    unknown = trials["decision"].reindex(decision.index).isna()
    problems += [
        f"{phase.display}, {phase.decision_screen}: the answer {text!r} is neither accept nor "
        "reject in [words]; correct it"
        for text in decision.loc[unknown, "Response"].unique()
    ]
    trials["trial_index"] = trials.groupby(PERSON).cumcount()
    trials["seen_before"] = trials["seen_before"].astype("boolean")
    return trials.reset_index().drop(columns=["Spreadsheet Row", "event"]), problems


def _images(decision: pd.DataFrame, phase: PhaseTable) -> tuple[pd.Series, list[str]]:
    if not phase.by_set:
        return decision[phase.image], []
    images = pd.Series("", decision.index)
    sets = sets_of(decision, phase)
    for number in sets:
        in_set = decision["set"] == number
        images[in_set] = decision.loc[in_set, phase.image.replace(SET, number)]
    unclear = decision[~decision["set"].isin(sets)]
    return images, [
        f"{file}: {len(rows)} trials belong to the set {rows['set'].iloc[0]!r}, for which there is "
        f"no column {phase.image}; correct [task] set or the column's name"
        for file, rows in unclear.groupby("file")
    ]


def _screen(rows: pd.DataFrame, name: str) -> pd.DataFrame:
    rows = rows[(rows["Screen Name"] == name) & (name != "")]
    return rows.drop_duplicates(TRIAL, keep="last").set_index(TRIAL)


def _ms(rows: pd.DataFrame) -> pd.Series:
    return pd.to_numeric(rows["Reaction Time"], errors="coerce")


def _at(rows: pd.DataFrame) -> pd.Series:
    return pd.to_datetime(pd.to_numeric(rows["UTC Timestamp"]), unit="ms", utc=True)
