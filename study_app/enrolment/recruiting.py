"""Whom the study takes in: which wave, how many, or nobody for now. People under way go on."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select

from stimuli.study import Assignment
from study_app.active_study import ActiveStudy
from study_app.audit import note
from study_app.database import db, now, writing
from study_app.enums import Wave
from study_app.errors import RefusalError
from study_app.models import LoadedStudy, Participant

LARGEST_QUOTA = 100_000
# Statements are built once: building one costs as much as running it.
STATE = select(LoadedStudy.paused, LoadedStudy.quota, LoadedStudy.wave)
LOCKED_STUDY = select(LoadedStudy).with_for_update()


class PausedError(Exception):
    """Somebody new pressed Start while recruiting is paused."""


@dataclass(frozen=True, kw_only=True)
class Recruiting:
    """What the experimenter decided.

    Attributes:
        quota: places of each condition; None for no end.
    """

    paused: bool
    quota: int | None
    wave: Wave


def recruiting() -> Recruiting:
    """How things stand."""
    paused, quota, wave = db.session.execute(STATE).one()
    return Recruiting(paused=paused, quota=quota, wave=wave)


def in_force_since() -> datetime:
    """When the version of the study file was put in force that whoever starts now meets."""
    return db.session.scalars(select(LoadedStudy.loaded_at)).one()


def pause() -> bool:
    """Take nobody new in; whether that is a change."""
    return _set_paused(True, "paused recruiting")


def resume() -> bool:
    """Take people in again; whether that is a change."""
    return _set_paused(False, "resumed recruiting")


def _set_paused(paused: bool, act: str) -> bool:
    with writing():
        loaded = lock_study()
        if is_change := loaded.paused != paused:
            loaded.paused = paused
            note(act)
        return is_change


def raise_quota(n: int) -> None:
    """Ask for more qualified people in each condition.

    Raises:
        RefusalError: if there is no quota, or `n` is not above it.
    """
    with writing():
        loaded = lock_study()
        if loaded.quota is None:
            raise RefusalError("the quota", ["is not limited, so there is nothing to raise"])
        if not loaded.quota < n <= LARGEST_QUOTA:
            problem = f"must be above {loaded.quota} and at most {LARGEST_QUOTA}, not {n}"
            raise RefusalError("the new quota", [problem])
        note(f"raised the quota per condition from {loaded.quota} to {n}")
        loaded.quota = n


def places_in(assignment: Assignment, wave: Wave) -> int | None:
    """The places of each condition that a study file gives a wave; None for no end."""
    return assignment.pilot if wave is Wave.PILOT else assignment.quota


def open_wave(active: ActiveStudy, wave: Wave) -> int | None:
    """Take in people of this wave from now on, with the places that the study file gives it.

    A wave that had people before goes on in the version of the study file that they met.

    Returns:
        The places of each condition; None for no end.

    Raises:
        RefusalError: if people with a personal link have met another version.
    """
    quota = places_in(active.study.assignment, wave)
    with writing():
        loaded = lock_study()
        if loaded.wave is not wave:
            loaded.wave, loaded.quota = wave, quota
            note(f"opened the {wave} wave; places in each condition: {quota or 'no end'}")
            _take_up_version(loaded, wave)
        return loaded.quota


def _take_up_version(loaded: LoadedStudy, wave: Wave) -> None:
    """All real people of a wave meet one version."""
    version, invited = _version_met(wave), _version_met(Wave.INVITED)
    if version is None or version == loaded.version:
        return
    if invited not in (None, version):
        problem = (
            f"had people who met version {version} of the study file, and those who came by a "
            f"personal link met version {invited}, which has to stay in force"
        )
        raise RefusalError(f"the {wave} wave", [problem])
    loaded.version, loaded.loaded_at = version, now()
    note(f"put version {version} of the study file in force again, which the {wave} wave met")


def _version_met(wave: Wave) -> int | None:
    """The version that real people of a wave met; None where there are none."""
    query = select(func.max(Participant.version)).where(Participant.wave == wave, is_real())
    return db.session.scalar(query)


def is_real() -> ColumnElement[bool]:
    """Participants who are neither simulated nor try the study out, and met a screen of it."""
    aside = Participant.wave.in_((Wave.TEST, Wave.PREVIEW))
    return and_(Participant.simulated.is_(False), Participant.condition.is_not(None), ~aside)


def hold_study(active: ActiveStudy) -> LoadedStudy:
    """Keep others who take or return to a place, and `study load`, waiting until the end.

    Raises:
        RefusalError: if another study was put in force meanwhile.
    """
    loaded = lock_study()
    if (loaded.bundle_digest, loaded.version) != active.identity:
        raise RefusalError("study", ["was replaced a moment ago; try again"])
    return loaded


def lock_study() -> LoadedStudy:
    """The loaded study; whoever starts waits until the transaction ends."""
    return db.session.scalars(LOCKED_STUDY).one()
