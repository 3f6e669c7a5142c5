"""The experimenter's page, read and used without a browser."""

import re

from sqlalchemy import select, update

from study_app.database import db, writing
from study_app.models import AuditEntry, LoadedStudy


def send(console, action, **fields):
    """Send one of the page's forms."""
    form = next(form for form in console.page.forms if form.action == f"/experimenter/{action}")
    reply = console.client.post(form.action, data=form.fields | fields)
    console.open("/experimenter")
    return reply


def text_of(visitor):
    """What the page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", visitor.response.text).split())


def acts(app):
    """The log, the oldest first."""
    with app.app_context():
        return [entry.act for entry in db.session.scalars(select(AuditEntry))]


def set_quota(app, quota):
    """As `study load` will."""
    with app.app_context(), writing():
        db.session.execute(update(LoadedStudy).values(quota=quota))


def expert(bundle):
    """Chooses the right answer to every question, by the picture."""
    right = {
        f"/media/{bundle.stimulus_by_id[p.stimulus_id].image.split('/')[1]}": p.right
        for p in bundle.predictions
    }

    def choose(page):
        if page.form.fields["screen"] != "judge":
            return page.form.choices[0]
        return "yes" if any(right.get(picture) for picture in page.pictures) else "no"

    return choose
