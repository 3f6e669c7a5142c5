"""What of a study file may change, and until when. This is decided here and nowhere else.

Each participant meets one version of the file, to the end. While only people who try the study out
and simulated ones have come, everything may change but what their answers are made of. From the
first real participant on, words and questions may change between waves, and what is measured stays.
What is compared, and how, a pilot may still tell, whose people are never pooled with those of the
main wave. In a wave that takes people in and has some, nothing changes.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from stimuli.study import ONLINE_TABLES, Phase, Study
from study_app.database import db
from study_app.enrolment.recruiting import is_real
from study_app.enums import Wave
from study_app.models import Participant

# What people read, are asked besides the trials and are paid, and who sends them.
WORDS = ("questions", "scales", "provider", "prolific", "pay", "texts", "words", "names")
# What a pilot tells: places until the main wave has somebody, comparisons until any other wave has.
PLACES = ("quota", "pilot", "views")
COMPARED = "analysis"
HOW_PRACTICE_IS = ("steps", "explain", "feedback")  # its other keys need a new bundle anyway
JUDGED = (Phase.PRACTICE, Phase.VALIDATION, Phase.TEST)
ANEW = (
    "for another study, export the answers, stop the server, and run `flask --app study_app study "
    "set-aside`, which keeps them under another name and begins anew"
)


@dataclass(frozen=True, kw_only=True)
class Presence:
    """Who has come.

    Attributes:
        everybody: all participants, those included who were turned away.
        conditions: those that somebody got, simulated or not.
        real: participants of each wave, without simulated ones and those who try the study out.
    """

    everybody: int
    conditions: frozenset[str]
    real: Mapping[Wave, int]


def presence() -> Presence:
    """As the database has it; the caller holds the study."""
    real = select(Participant.wave, func.count()).where(is_real()).group_by(Participant.wave)
    conditions = select(Participant.condition).distinct()
    return Presence(
        everybody=db.session.scalars(select(func.count()).select_from(Participant)).one(),
        conditions=frozenset(filter(None, db.session.scalars(conditions))),
        real=dict(db.session.execute(real).all()),
    )


def change_problems(old: Study, new: Study, there: Presence, recruiting_for: Wave) -> list[str]:
    """What keeps a study file from taking the place of the one in force; empty for nothing."""
    open_waves = [wave for wave in (recruiting_for, Wave.INVITED) if there.real.get(wave)]
    if open_waves:
        return [_open_problem(wave, there.real[wave]) for wave in open_waves]
    if there.real:
        free = () if there.real.get(Wave.MAIN) else PLACES
        changed = _changed(measured(old, free), measured(new, free))
        if there.real.keys() <= {Wave.PILOT}:
            changed = [name for name in changed if name.split(".")[0] != COMPARED]
        n = sum(there.real.values())
        met = "1 participant" if n == 1 else f"{n} participants"
        reason = f"differs, and stays as {met} met it; put it back, or {ANEW}"
        return [f"{name}: {reason}" for name in changed]
    if there.conditions:
        kept = (answered_by(study, there.conditions) for study in (old, new))
        reason = f"differs, and the answers of those who tried it are made of it; {ANEW}"
        return [f"{name}: {reason}" for name in _changed(*kept)]
    return []


def _open_problem(wave: Wave, n: int) -> str:
    met = f"the {wave} wave: takes people in, and {n} of them met the words of now"
    if wave is Wave.PILOT:
        return (
            f"{met}; end it with `flask --app study_app study recruit main`, then load this again "
            "(first `flask --app study_app study pause`, if people may come in between)"
        )
    return f"{met}, which all of a wave meet, so nothing may change; {ANEW}"


def measured(study: Study, free: Collection[str]) -> dict[str, object]:
    """What numbers are measured by and compared, by its name in the study file.

    Args:
        free: keys of `[assignment]` that may change all the same.
    """
    tables = study.model_dump(mode="json", include={*ONLINE_TABLES, "practice"})
    facts = {name: tables[name] for name in ONLINE_TABLES if name not in WORDS}
    facts["phases"] = [phase for phase in tables["phases"] if phase["name"] != Phase.COMMENTS]
    facts["assignment"] = {k: v for k, v in tables["assignment"].items() if k not in free}
    facts["practice"] = {key: tables["practice"][key] for key in HOW_PRACTICE_IS}
    if study.attention:
        # How many checks somebody may fail depends on how long the study takes.
        facts["pay"] = {"minutes": study.least_failed}
    return facts


def answered_by(study: Study, conditions: frozenset[str]) -> dict[str, object]:
    """What rows of trials are made of, which are read by the version in force, likewise.

    Args:
        conditions: that somebody got.
    """
    tables = study.model_dump(mode="json", include={"conditions", "phases", "trial"})
    own = {c["name"]: c for c in tables["conditions"] if c["name"] in conditions}
    return {
        "conditions": own,
        "phases": [phase for phase in tables["phases"] if phase["name"] in JUDGED],
        "trial": {"steps": tables["trial"]["steps"]},
        "gate": {"interleaved": study.gate.interleaved},
    }


def _changed(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    """The names of what differs in what both tell: keys of a table, or a list of tables."""
    names = []
    for table in (table for table in old if table in new):
        before, after = old[table], new[table]
        if before == after:
            continue
        if isinstance(before, dict) and isinstance(after, dict):
            keys = [k for k in dict.fromkeys((*before, *after)) if before.get(k) != after.get(k)]
            names += [f"{table}.{key}" for key in keys]
        else:
            names.append(table)
    return names
