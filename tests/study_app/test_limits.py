"""Limits hold off a flood and let a class through; no address is kept; proxies are not believed."""

import re

import pytest

from study_app import create_app
from study_app.limits import ENTRY
from study_app.tokens import SIMULATED_HEADER, simulated_mark

CLASS_SIZE = 60


@pytest.fixture(autouse=True)
def still_clock(monkeypatch):
    """A clock that stands at the beginning of a window, and can be moved."""
    clock = [1_800_000_000.0]
    monkeypatch.setattr("study_app.limits.time.time", lambda: clock[0])
    return clock


def press_start(client, *, address="203.0.113.5", headers=None, form=None, base_url=None):
    """The answer to one press of Start on a page that is open, or was just opened."""
    text = client.get("/").text
    fields = form or dict(re.findall(r'name="(\w+)" value="([^"]*)"', text))
    return client.post(
        "/start",
        data=fields,
        headers=headers,
        base_url=base_url,
        environ_base={"REMOTE_ADDR": address},
    )


def test_a_class_behind_one_address_starts_within_a_minute(app, tools):
    replies = [press_start(app.test_client()) for _ in range(CLASS_SIZE)]
    assert {reply.status_code for reply in replies} == {303}
    assert len(tools.participants(app)) == CLASS_SIZE


@pytest.mark.slow
def test_a_flood_from_one_address_is_held_off_until_the_next_minute(app, tools, still_clock):
    client = app.test_client()
    form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', client.get("/").text))
    replies = [press_start(client, form=form) for _ in range(ENTRY.from_one_place)]
    assert {reply.status_code for reply in replies} == {303}
    refused = press_start(app.test_client())
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert "wait a few minutes" in refused.text
    assert len(tools.participants(app)) == 1
    assert press_start(app.test_client(), address="203.0.113.6").status_code == 303
    still_clock[0] += 60
    assert press_start(app.test_client()).status_code == 303


@pytest.mark.slow
def test_a_rehearsal_is_not_limited(app, tools):
    with app.app_context():
        headers = {SIMULATED_HEADER: simulated_mark("calibrated")}
    client = app.test_client()
    form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', client.get("/").text))
    for _ in range(ENTRY.from_one_place + 1):
        assert press_start(client, headers=headers, form=form).status_code == 303


@pytest.fixture
def behind_a_proxy(app, tmp_path, tools):
    """The same server, told that one proxy stands in front."""
    path = str(tmp_path / "instance")
    other = create_app({"TESTING": True, "PROXIES": 1}, instance_path=path)
    yield other
    tools.close(other)


FORWARDED = {"X-Forwarded-For": "198.51.100.77", "X-Forwarded-Proto": "https"}


def test_headers_of_a_proxy_count_only_where_one_is_configured(app, behind_a_proxy):
    for server, secure in ((app, False), (behind_a_proxy, True)):
        client = server.test_client()
        cookie = press_start(client, headers=FORWARDED).headers["Set-Cookie"]
        assert ("Secure" in cookie) == secure
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


def test_over_https_the_cookie_is_secure_without_a_proxy_too(app):
    reply = press_start(app.test_client(), base_url="https://localhost")
    assert "Secure" in reply.headers["Set-Cookie"]


@pytest.mark.slow
def test_a_made_up_forwarded_address_does_not_escape_the_limit(app):
    client = app.test_client()
    form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', client.get("/").text))
    codes = {
        press_start(
            client, form=form, headers={"X-Forwarded-For": f"198.51.{n // 250}.{n % 250}"}
        ).status_code
        for n in range(ENTRY.from_one_place + 1)
    }
    assert codes == {303, 429}


def test_no_address_reaches_the_disk_or_the_log(app, behind_a_proxy, caplog, capfd, tmp_path):
    caplog.set_level("DEBUG")
    press_start(app.test_client(), address="203.0.113.5")
    press_start(app.test_client(), address="2001:db8:77::5")
    press_start(behind_a_proxy.test_client(), headers={"X-Forwarded-For": "198.51.100.77"})
    files = [path for path in (tmp_path / "instance").rglob("*") if path.is_file()]
    assert len(files) >= 2
    kept = b"".join(path.read_bytes() for path in files)
    out, err = capfd.readouterr()
    said = (caplog.text + out + err).encode()
    for address in (b"203.0.113.5", b"198.51.100.77", b"2001:db8:77", b"127.0.0.1"):
        assert address not in kept
        assert address not in said
