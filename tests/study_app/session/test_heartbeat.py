"""Signs of life, and which page may answer, in requests and replies."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from study_app.database import db
from study_app.models import Participant
from tests.study_app.visiting import verdict

OLD, NEW = "0" * 32, "1" * 32


def seen_at(app, tools, *, earlier=None):
    """The last sign of life, moved into the past first if `earlier` says how far."""
    if earlier:
        with app.app_context():
            moved = tools.participants(app)[0].seen_at - earlier
            db.session.execute(update(Participant).values(seen_at=moved))
            db.session.commit()
    return tools.participants(app)[0].seen_at


def test_a_sign_of_life_is_noted_at_most_every_twenty_seconds(app, visitor, post, tools):
    visitor.start()
    first = seen_at(app, tools)
    assert post("here", view=OLD).status_code == 204
    assert seen_at(app, tools) == first
    post("here", view=OLD)
    assert seen_at(app, tools) == first
    moved = seen_at(app, tools, earlier=timedelta(seconds=19))
    post("here", view=OLD)
    assert seen_at(app, tools) == moved
    moved = seen_at(app, tools, earlier=timedelta(seconds=2))
    post("here", view=OLD)
    assert seen_at(app, tools) > moved


def test_an_answer_is_a_sign_of_life(app, visitor, tools):
    visitor.start()
    earlier = seen_at(app, tools, earlier=timedelta(seconds=21))
    visitor.press("agree")
    assert seen_at(app, tools) > earlier


@pytest.mark.parametrize("fields", [{}, {"view": "x"}, {"view": OLD, "csrf_token": ""}])
def test_a_sign_of_life_that_is_none_is_refused(app, visitor, post, tools, fields):
    visitor.start()
    earlier = seen_at(app, tools, earlier=timedelta(seconds=21))
    assert post("here", **fields).status_code == 400
    assert seen_at(app, tools) == earlier


def test_the_newest_page_answers_and_the_older_one_is_told(app, visitor, post, tools):
    visitor.start()
    post("here", view=OLD, claim="1")
    post("here", view=NEW, claim="1")
    assert post("here", view=OLD).status_code == 409
    reply = post("answer", screen="consent", answer="agree", view=OLD)
    assert (reply.status_code, verdict(reply)) == (409, "elsewhere")
    assert "open in another tab" in reply.text
    assert tools.participants(app)[0].consented_at is None
    assert verdict(post("answer", screen="consent", answer="agree", view=NEW)) == "stored"
