"""One client cannot take every place of a study; whoever agreed keeps the place."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from stimuli.study import Outcome
from study_app.database import db
from study_app.enrolment.openings import MOST
from study_app.enums import Wave
from study_app.models import LoadedStudy, Opening
from tests.study_app.enrolment.changes import change, from_prolific, time_passes


@pytest.fixture
def limited_app(empty_app, tools, tmp_path):
    """A study with 30 places that is not open to any number of people at once."""
    text = tools.study_text(practice=1, validation=2).replace("open = true\n", "")
    bundle = tools.build_bundle(tmp_path / "limited", f"{text}[assignment]\nquota = 10\n")
    tools.load(empty_app, bundle.path)
    return empty_app


def press(app, tools, address="203.0.113.5", query=""):
    visitor = tools.visitor(app.test_client())
    visitor.client.environ_base["REMOTE_ADDR"] = address
    return visitor.start(query)


def test_one_place_opens_few_places_at_once_and_others_still_get_one_27_6(limited_app, tools):
    codes = [press(limited_app, tools).response.status_code for _ in range(40)]
    assert codes == [200] * MOST + [429] * (40 - MOST)
    assert len(tools.participants(limited_app)) == MOST
    other = press(limited_app, tools, address="203.0.113.6")
    assert other.screen == "consent"
    [first, *_] = tools.participants(limited_app)
    with limited_app.app_context():
        sources = db.session.scalars(select(Opening.source)).all()
    assert len(set(sources)) == 2
    assert not any("203.0.113" in source for source in sources)
    assert first.consented_at is None


def test_who_agreed_no_longer_counts_and_after_a_minute_nobody_does_27_6(limited_app, tools):
    visitors = [press(limited_app, tools) for _ in range(MOST)]
    assert press(limited_app, tools).response.status_code == 429
    visitors[0].press("agree")
    assert press(limited_app, tools).screen == "consent"
    assert press(limited_app, tools).response.status_code == 429
    with limited_app.app_context():
        for opening in db.session.scalars(select(Opening)):
            opening.at -= timedelta(minutes=1)
        db.session.commit()
    assert press(limited_app, tools).screen == "consent"
    with limited_app.app_context():
        assert len(db.session.scalars(select(Opening)).all()) == 1


def test_an_open_study_takes_a_class_behind_one_address_27_6(app, tools):
    assert {press(app, tools).screen for _ in range(3 * MOST)} == {"consent"}


def test_a_place_is_held_for_a_minute_before_consent_and_from_then_on_27_6(
    empty_app, tools, tmp_path
):
    text = tools.study_text(practice=1, validation=2) + "[assignment]\nquota = 1\nviews = 1\n"
    text = text.replace("trials = 6", "trials = 12")
    tools.load(empty_app, tools.build_bundle(tmp_path / "one", text).path)
    readers = [press(empty_app, tools) for _ in range(3)]
    assert press(empty_app, tools).screen == "debrief"  # full
    time_passes(empty_app, timedelta(seconds=61))
    assert readers[0].press("agree").screen == "check"  # nobody took it meanwhile
    late = [press(empty_app, tools) for _ in range(2)]
    assert [one.screen for one in late] == ["consent", "consent"]
    assert readers[1].press("agree").screen == "debrief"
    outcomes = [p.outcome for p in tools.participants(empty_app)]
    assert outcomes[:2] == [None, Outcome.QUOTA_FULL]


@pytest.fixture
def strict_app(empty_app, tools, tmp_path):
    """A study with completion codes of Prolific, which says nothing of ids."""
    text = tools.study_text(practice=1, validation=2).replace('ids = "optional"\n', "")
    tools.load(empty_app, tools.build_bundle(tmp_path / "strict", text).path)
    return empty_app


def test_nobody_enters_the_main_wave_without_an_id_where_people_are_paid_27_6(strict_app, tools):
    visitor = tools.visitor(strict_app.test_client()).open("/")
    assert "Your link lacks the id by which you are paid" in visitor.response.text
    assert visitor.page.forms == []
    empty = tools.visitor(strict_app.test_client())
    assert empty.open("/?PROLIFIC_PID=&STUDY_ID=s&SESSION_ID=t").page.forms == []
    assert tools.participants(strict_app) == []
    assert press(strict_app, tools, query=from_prolific("one")).screen == "consent"
    output = strict_app.test_cli_runner().invoke(args=["study", "invite", "Ada"]).output
    query = f"?invitation={output.split('=')[1].strip()}"
    assert press(strict_app, tools, query=query).screen == "consent"
    change(strict_app, LoadedStudy, wave=Wave.PILOT)  # colleagues, who have none
    assert press(strict_app, tools).screen == "consent"


def test_a_press_of_start_without_an_id_is_refused_in_words_27_6(strict_app, app, tools):
    page = tools.visitor(strict_app.test_client()).open(f"/{from_prolific('x')}").page
    fields = {k: v for k, v in page.form.fields.items() if not k.isupper()}
    reply = strict_app.test_client().post("/start", data=fields)
    assert reply.status_code == 403
    assert "Please open the study from the page on which you found it" in reply.text
