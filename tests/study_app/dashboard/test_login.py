"""The experimenter's way in: a password, a link on one's own machine, and limits on guessing."""

import re
import stat
import time
from datetime import timedelta

import pytest
from werkzeug.security import generate_password_hash

from stimuli.study import Provider
from study_app import create_app
from study_app.dashboard import login
from study_app.dashboard.status import links_text
from study_app.database import now
from study_app.tokens import LINK_S, sign_in_token

PASSWORD = "a long enough password"


@pytest.fixture
def study(app):
    """Runs a command of `study`: its exit status and output."""

    def command(*arguments, answers=""):
        result = app.test_cli_runner().invoke(args=["study", *arguments], input=answers)
        return result.exit_code, result.output

    return command


@pytest.fixture
def with_password(app, study):
    """The server, after `study password`."""
    assert study("password", answers=f"{PASSWORD}\n{PASSWORD}\n")[0] == 0
    return app


def link(app):
    """The link that `study links` prints."""
    with app.app_context():
        address = re.search(
            r"Experimenter +http://127.0.0.1:5000(\S+)", links_text(LOCAL, Provider())
        )
    return address[1]


LOCAL = "http://127.0.0.1:5000"


def test_the_password_opens_the_page_and_signing_out_closes_it(with_password, visitor):
    visitor.open("/experimenter")
    assert visitor.url == "/experimenter/login"
    visitor.press(password=PASSWORD)
    assert (visitor.url, visitor.response.status_code) == ("/experimenter", 200)
    leave = next(form for form in visitor.page.forms if form.action == "/experimenter/logout")
    visitor.client.post(leave.action, data=leave.fields)
    assert visitor.open("/experimenter").url == "/experimenter/login"


def test_a_wrong_password_opens_nothing(with_password, visitor):
    visitor.open("/experimenter").press(password=PASSWORD + "!")
    assert visitor.response.status_code == 403
    assert "That is not the password" in visitor.response.text
    assert visitor.open("/experimenter").url == "/experimenter/login"


def test_the_hash_is_kept_in_a_file_that_only_its_owner_can_read(with_password, tmp_path):
    path = tmp_path / "instance/experimenter_password"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text().startswith("scrypt:")
    assert PASSWORD not in path.read_text()
    assert [p.name for p in path.parent.glob("experimenter_password*")] == [path.name]


def test_a_short_password_and_two_different_ones_are_refused(study, tmp_path):
    assert "choose at least 12" in study("password", answers="short\nshort\n")[1]
    study("password", answers=f"{PASSWORD}\nanother one entirely\n")
    assert not (tmp_path / "instance/experimenter_password").exists()


def test_a_hash_in_the_configuration_wins_and_the_command_says_so(app, study, visitor):
    app.config["EXPERIMENTER_PASSWORD_HASH"] = generate_password_hash("from the configuration")
    status, output = study("password", answers=f"{PASSWORD}\n{PASSWORD}\n")
    assert (status, "is set there and wins; remove it" in output) == (1, True)
    visitor.open("/experimenter").press(password="from the configuration")
    assert visitor.url == "/experimenter"


def test_a_new_password_ends_every_session(with_password, visitor, study):
    visitor.open("/experimenter").press(password=PASSWORD)
    study("password", answers="another one entirely\n" * 2)
    assert visitor.open("/experimenter").url == "/experimenter/login"


def test_a_session_ends_after_twelve_hours(with_password, visitor, monkeypatch):
    visitor.open("/experimenter").press(password=PASSWORD)
    clock = now()
    monkeypatch.setattr(login, "now", lambda: clock + timedelta(hours=11, minutes=59))
    assert visitor.open("/experimenter").url == "/experimenter"
    monkeypatch.setattr(login, "now", lambda: clock + timedelta(hours=12, minutes=1))
    assert visitor.open("/experimenter").url == "/experimenter/login"


def test_on_ones_own_machine_the_printed_link_opens_the_page_in_one_step(app, visitor):
    assert visitor.open(link(app)).url == "/experimenter"


def test_a_printed_link_is_for_this_machine_and_for_a_day_at_most(app, visitor, monkeypatch):
    address = link(app)
    far = visitor.client.get(address, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert far.status_code == 403
    signed_at = time.time()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: signed_at + LINK_S + 60)
    assert visitor.open(address).response.status_code == 403
    assert visitor.open("/experimenter").url == "/experimenter/login"


def test_a_made_up_link_opens_nothing(app, visitor, tmp_path):
    other = create_app({"TESTING": True}, instance_path=str(tmp_path / "other"))
    with other.app_context():
        strange = sign_in_token()
    for token in (strange, "x", "x.y.z", ".", "é"):
        assert visitor.open(f"/experimenter/enter/{token}").response.status_code == 403


def test_once_a_password_is_set_links_lead_to_the_form_and_old_ones_do_nothing(app, study, visitor):
    old = link(app)
    visitor.open(old)
    study("password", answers=f"{PASSWORD}\n{PASSWORD}\n")
    assert visitor.open("/experimenter").url == "/experimenter/login"
    assert visitor.open(old).response.status_code == 403
    assert "experimenter (asks for the password)" in study("links")[1]


def test_links_for_a_server_that_others_reach_ask_for_a_password_first(study):
    output = study("links", "--url", "https://study.example.org")[1]
    assert "https://study.example.org/experimenter (first set a password" in output
    assert "/enter/" not in output


def test_the_page_says_how_to_set_a_password_where_there_is_none(visitor):
    visitor.open("/experimenter")
    assert "study password" in visitor.response.text
    assert visitor.page.forms == []
    guess = {"csrf_token": "", "password": ""}
    assert visitor.client.post("/experimenter/login", data=guess).status_code == 400


@pytest.mark.parametrize("page", ["", "/login", "/enter/x"])
def test_without_a_study_the_pages_of_the_experimenter_say_so(empty_app, tools, page):
    visitor = tools.visitor(empty_app.test_client()).open(f"/experimenter{page}")
    assert visitor.response.status_code == 503
    assert "no study is loaded" in visitor.response.text


def guess(app, password, address="127.0.0.1"):
    """The status of a sign-in from an address."""
    client = app.test_client()
    form = client.get("/experimenter/login").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)[1]
    data = {"csrf_token": token, "password": password}
    reply = client.post("/experimenter/login", data=data, environ_base={"REMOTE_ADDR": address})
    return reply.status_code


@pytest.fixture
def cheap_hash(app):
    """A password whose check takes no time, to guess often."""
    app.config["EXPERIMENTER_PASSWORD_HASH"] = generate_password_hash(PASSWORD, "pbkdf2:sha256:1")
    return app


@pytest.fixture
def still_clock(monkeypatch):
    """A clock that stands at the beginning of a window, and can be moved."""
    clock = [1_800_000_000.0]
    monkeypatch.setattr("study_app.limits.time.time", lambda: clock[0])
    return clock


def test_ten_wrong_passwords_do_not_keep_the_right_one_out_27_11(cheap_hash, still_clock):
    assert {guess(cheap_hash, "wrong") for _ in range(10)} == {403}
    assert guess(cheap_hash, PASSWORD) == 303


def test_a_browser_that_was_signed_in_is_not_locked_out_by_strangers_27_11(
    cheap_hash, visitor, still_clock
):
    visitor.open("/experimenter").press(password=PASSWORD)
    sign_out(visitor)
    for host in range(4):
        for _ in range(20):
            guess(cheap_hash, "wrong", f"203.0.113.{host}")
    for _ in range(30):
        guess(cheap_hash, "wrong")
    assert guess(cheap_hash, PASSWORD) == 429
    assert visitor.open("/experimenter").press(password=PASSWORD).url == "/experimenter"


def sign_out(visitor):
    [form] = [form for form in visitor.page.forms if form.action.endswith("/logout")]
    visitor.client.post(form.action, data=form.fields)


@pytest.mark.parametrize("ended_by", ["signing out", "a new password"])
def test_a_session_ends_on_the_server_too_27_11(with_password, visitor, study, ended_by):
    """A copy of the cookie, kept by whoever, opens nothing."""
    visitor.open("/experimenter").press(password=PASSWORD)
    name = with_password.config["SESSION_COOKIE_NAME"]
    copied = visitor.client.get_cookie(name).value
    if ended_by == "signing out":
        sign_out(visitor)
    else:
        study("password", answers=f"{PASSWORD}\n{PASSWORD}\n")
    thief = with_password.test_client()
    thief.set_cookie(name, copied)
    assert thief.get("/experimenter").headers["Location"] == "/experimenter/login"


def test_the_twenty_first_wrong_password_within_ten_minutes_is_not_looked_at(
    cheap_hash, still_clock
):
    assert [guess(cheap_hash, "wrong") for _ in range(21)] == [403] * 20 + [429]
    assert guess(cheap_hash, PASSWORD) == 429
    still_clock[0] += 600
    assert guess(cheap_hash, PASSWORD) == 303


def test_a_stranger_locks_out_himself_but_many_strangers_lock_out_everybody(
    cheap_hash, still_clock
):
    for host in range(3):
        for _ in range(20):
            assert guess(cheap_hash, "wrong", f"203.0.113.{host}") == 403
        assert guess(cheap_hash, "wrong", f"203.0.113.{host}") == 429
        if host == 0:
            assert guess(cheap_hash, PASSWORD, "198.51.100.7") == 303
    assert guess(cheap_hash, PASSWORD, "198.51.100.7") == 429


def test_right_passwords_never_lock_anybody_out(cheap_hash, still_clock):
    assert {guess(cheap_hash, PASSWORD) for _ in range(30)} == {303}


def test_addresses_of_one_ipv6_network_count_as_one_place(cheap_hash, still_clock):
    places = [f"2001:db8:1:2::{host}" for host in range(21)]
    assert [guess(cheap_hash, "wrong", place) for place in places] == [403] * 20 + [429]
    assert guess(cheap_hash, "wrong", "2001:db8:1:3::1") == 403
