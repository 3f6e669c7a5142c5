"""Signs of life, which page may answer, and what becomes of an answer, in requests and replies."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from stimuli.study import DeviceSettings
from study_app.answer_models import Device
from study_app.database import db
from study_app.models import Participant
from study_app.session.devices import device_facts, is_welcome

OLD, NEW = "0" * 32, "1" * 32
PREFER = {"Prefer": "return=representation"}


@pytest.fixture
def post(visitor):
    """Sends a form to an address of the visitor's link: the reply."""

    def send(what, **fields):
        token = visitor.page.form.fields["csrf_token"]
        data = {"csrf_token": token} | fields
        return visitor.client.post(f"{visitor.url}/{what}", data=data, headers=PREFER)

    return send


def verdict(reply):
    """What became of an answer."""
    return reply.headers["X-Lorikeet-Answer"]


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


def test_an_answer_says_what_became_of_it_and_brings_the_next_screen(visitor, post):
    visitor.start()
    first = post("answer", screen="consent", answer="agree")
    assert (first.status_code, verdict(first)) == (200, "stored")
    assert 'name="screen" value="check"' in first.text
    again = post("answer", screen="consent", answer="agree")
    assert (verdict(again), again.text.split("<main>")[1][:600]) == (
        "already",
        first.text.split("<main>")[1][:600],
    )
    assert verdict(post("answer", screen="judge", trial="nobody", answer="yes")) == "refused"
    malformed = post("answer", screen="consent", answer="perhaps")
    assert (malformed.status_code, verdict(malformed)) == (400, "refused")


@pytest.mark.parametrize("screen", ["check", "instructions", "judge", "feedback", "seen", "card"])
def test_every_answer_is_known_when_it_comes_again(visitor, post, screen):
    visitor.start().walk(until=screen)
    fields = {k: v for k, v in visitor.page.form.fields.items() if k != "csrf_token"}
    choice = visitor.page.form.choices[0]
    assert verdict(post("answer", **fields, answer=choice)) == "stored"
    assert verdict(post("answer", **fields, answer=choice)) == "already"


@pytest.mark.parametrize(("screen", "choice"), [("consent", "decline"), ("check", "incompatible")])
def test_an_answer_that_ended_the_session_is_known_too(visitor, post, screen, choice):
    visitor.start().walk(until=screen)
    assert verdict(post("answer", screen=screen, answer=choice)) == "stored"
    assert verdict(post("answer", screen=screen, answer=choice)) == "already"


def test_a_screen_that_came_with_a_reply_counts_as_shown(app, visitor, post, tools):
    visitor.start().walk(until="instructions")
    assert tools.trials(app)[0].shown_at is None
    post("answer", screen="instructions", answer="continue")
    assert tools.trials(app)[0].shown_at is not None


def test_a_device_is_erased_with_the_answers(app, visitor, tools):
    visitor.start().walk(until="instructions")
    with app.app_context():
        assert db.session.query(Device).count() == 1
    name = tools.participants(app)[0].participant_id
    app.test_cli_runner().invoke(args=["study", "erase", "--participant", name, "--yes"])
    with app.app_context():
        assert db.session.query(Device).count() == 0


KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
CHROME = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {KIT} Chrome/141.0.0.0 Safari/537.36"
MAC = f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {KIT} "
IPHONE = f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {KIT} "
TABLET = f"Mozilla/5.0 (Linux; Android 14; SM-X200) {KIT} "


@pytest.mark.parametrize(
    ("agent", "facts"),
    [
        (CHROME, ("Chrome", 141, "Windows")),
        (f"{CHROME} Edg/141.0.0.0", ("Edge", 141, "Windows")),
        (f"{CHROME} OPR/120.0", ("Opera", 120, "Windows")),
        (f"{MAC}Version/18.1 Safari/605.1.15", ("Safari", 18, "macOS")),
        (f"{IPHONE}Version/18.1 Mobile/15E148 Safari/604.1", ("Safari", 18, "iOS")),
        (f"{IPHONE}CriOS/141.0 Mobile/15E148 Safari/604.1", ("Chrome", 141, "iOS")),
        (
            f"{TABLET}SamsungBrowser/28.0 Chrome/130.0 Safari/537.36",
            ("Samsung Internet", 28, "Android"),
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
            ("Firefox", 145, "Linux"),
        ),
        ("curl/8", (None, None, None)),
    ],
)
def test_a_user_agent_is_reduced_to_three_coarse_facts(agent, facts):
    found = device_facts({}, agent)
    assert (found["browser"], found["browser_version"], found["os"]) == facts


@pytest.mark.parametrize("text", ["", "x", "nan", "-1", "0", "1e9"])
def test_a_size_that_no_screen_has_is_missing(text):
    assert device_facts({"screen_w": text, "refresh_hz": text}, "")["screen_w"] is None
    assert device_facts({"screen_w": text, "refresh_hz": text}, "")["refresh_hz"] is None


def test_tablets_and_computers_are_no_phones():
    settings = DeviceSettings(phones=False)
    assert [is_welcome(settings, agent) for agent in (CHROME, MAC, TABLET, IPHONE)] == [
        *(True, True, True, False),
    ]
    assert is_welcome(DeviceSettings(), IPHONE)
