"""Whom the study takes in: which wave, how many, or nobody for now. People under way go on."""

from dataclasses import dataclass

from sqlalchemy import select

from study_app.active_study import ActiveStudy
from study_app.audit import note
from study_app.database import db, writing
from study_app.enums import Wave
from study_app.errors import RefusalError
from study_app.models import LoadedStudy

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


def open_wave(active: ActiveStudy, wave: Wave) -> int | None:
    """Take in people of this wave from now on, with the places that the study file gives it.

    Returns:
        The places of each condition; None for no end.
    """
    settings = active.study.assignment
    quota = settings.pilot if wave is Wave.PILOT else settings.quota
    with writing():
        loaded = lock_study()
        if loaded.wave is not wave:
            loaded.wave, loaded.quota = wave, quota
            note(f"opened the {wave} wave; places in each condition: {quota or 'no end'}")
        return loaded.quota


def hold_study(active: ActiveStudy) -> LoadedStudy:
    """Keep others who take or return to a place, and `study load`, waiting until the end.

    Raises:
        RefusalError: if another study was put in force meanwhile.
    """
    loaded = lock_study()
    if (loaded.bundle_digest, loaded.study_digest) != active.digests:
        raise RefusalError("study", ["was replaced a moment ago; try again"])
    return loaded


def lock_study() -> LoadedStudy:
    """The loaded study; whoever starts waits until the transaction ends."""
    return db.session.scalars(LOCKED_STUDY).one()
