"""The answers: the screens of a trial, brought together into one row."""

import pandas as pd

from analysis.gorilla.map_file import SET, GorillaStudy, PhaseTable
from analysis.gorilla.stimuli import sets_of, stimulus_id
from analysis.gorilla.task_files import PERSON

TRIAL = [PERSON, "Spreadsheet Row"]


def trials(rows: pd.DataFrame, study: GorillaStudy) -> tuple[pd.DataFrame, list[str]]:
    """Every trial of every person, in the order in which they met them.

    Gorilla's own Correct and Incorrect are not read: where the sheet has no ANSWER, as in the
    authors' test, they mean nothing. Where a page was reloaded and a screen answered again, the
    last answer counts, as in the authors' analysis.

    Args:
        rows: as `sheets.read_rows` returns them.
        study: how they are read.

    Returns:
        private id, condition, phase, trial_index, stimulus_id, seen_before, seen_rt_ms,
        card_rt_ms, decision, decision_rt_ms, shown_at and answered_at. And a line for each
        problem.
    """
    parts, problems = [], []
    for name, phase in study.phases.items():
        found, own = _of_phase(rows, phase, study)
        parts.append(found.assign(phase=name))
        problems += own
    return pd.concat(parts, ignore_index=True), problems


def _of_phase(
    rows: pd.DataFrame, phase: PhaseTable, study: GorillaStudy
) -> tuple[pd.DataFrame, list[str]]:
    shown = rows[rows["display"] == phase.display].sort_values([PERSON, "event"])
    decided = _screen(shown, phase.decision_screen)
    seen, card = _screen(shown, phase.seen_screen), _screen(shown, phase.card_screen)
    image, problems = _images(decided, phase)
    words = study.words
    found = pd.DataFrame(
        {
            "condition": decided["condition"],
            "stimulus_id": stimulus_id(image),
            "seen_before": seen["Response"].map({words.seen: True, words.unseen: False}),
            "seen_rt_ms": _ms(seen),
            "card_rt_ms": _ms(card),
            "decision": decided["Response"].map({words.accept: "accept", words.reject: "reject"}),
            "decision_rt_ms": _ms(decided),
            "shown_at": _began(seen if len(seen) else decided),
            "answered_at": _at(decided),
            "event": decided["event"],
        },
        index=decided.index,
    ).sort_values([PERSON, "event"])
    problems += _unknown_answers(decided, found["decision"], phase)
    found["trial_index"] = found.groupby(PERSON).cumcount()
    found["seen_before"] = found["seen_before"].astype("boolean")
    return found.reset_index().drop(columns=["Spreadsheet Row", "event"]), problems


def _screen(shown: pd.DataFrame, name: str) -> pd.DataFrame:
    rows = shown[(shown["Screen Name"] == name) & (name != "")]
    return rows.drop_duplicates(TRIAL, keep="last").set_index(TRIAL)


def _images(decided: pd.DataFrame, phase: PhaseTable) -> tuple[pd.Series, list[str]]:
    if not phase.by_set:
        return decided[phase.image], []
    image = pd.Series("", decided.index)
    sets = sets_of(decided, phase)
    for number in sets:
        own = decided["set"] == number
        image[own] = decided.loc[own, phase.image.replace(SET, number)]
    unclear = decided[~decided["set"].isin(sets)]
    return image, [
        f"{file}: {len(own)} trials belong to the set {own['set'].iloc[0]!r}, for which there is "
        f"no column {phase.image}; correct [task] set or the column's name"
        for file, own in unclear.groupby("file")
    ]


def _unknown_answers(decided: pd.DataFrame, read: pd.Series, phase: PhaseTable) -> list[str]:
    strange = decided.loc[read.reindex(decided.index).isna(), "Response"].unique()
    return [
        f"{phase.display}, {phase.decision_screen}: the answer {text!r} is neither accept nor "
        "reject in [words]; correct it"
        for text in strange
    ]


def _ms(rows: pd.DataFrame) -> pd.Series:
    return pd.to_numeric(rows["Reaction Time"], errors="coerce")


def _at(rows: pd.DataFrame) -> pd.Series:
    return pd.to_datetime(pd.to_numeric(rows["UTC Timestamp"]), unit="ms", utc=True)


def _began(rows: pd.DataFrame) -> pd.Series:
    """When a screen came up: it is logged when it is answered, with the time that took."""
    return _at(rows) - pd.to_timedelta(_ms(rows).fillna(0), unit="ms")
