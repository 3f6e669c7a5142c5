"""Which wave people are taken into, and personal links."""

import secrets
from collections.abc import Iterable

from sqlalchemy import select

from study_app.audit import note
from study_app.database import db, now, writing
from study_app.models import Invitation
from study_app.places import hold_study
from study_app.running import RunningStudy
from study_app.words import Wave


def open_wave(running: RunningStudy, wave: Wave) -> int | None:
    """Take in people of this wave from now on, with the places that the study file gives it.

    Returns:
        The places of each condition; None for no end.
    """
    settings = running.study.assignment
    quota = settings.pilot if wave is Wave.PILOT else settings.quota
    with writing():
        loaded = hold_study(running)
        if loaded.wave is not wave:
            loaded.wave, loaded.quota = wave, quota
            note(f"opened the {wave} wave; places in each condition: {quota or 'no end'}")
        return loaded.quota


def invite(labels: Iterable[str]) -> dict[str, str]:
    """The token of a personal link for each name; a known name keeps its link."""
    with writing():
        known = dict(db.session.execute(select(Invitation.label, Invitation.token)).all())
        new = [label for label in dict.fromkeys(labels) if label not in known]
        for label in new:
            known[label] = secrets.token_urlsafe(24)
            db.session.add(Invitation(token=known[label], label=label, created_at=now()))
        if new:
            note(f"made {len(new)} personal links")
    return {label: known[label] for label in labels}
