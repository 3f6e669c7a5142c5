"""Browsers and proxies that send less than others: people can start, or read why not."""

import logging
import time

import pytest

from study_app import create_app
from study_app.session import heartbeat

AT_HOME = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
PROXY = AT_HOME | {"X-Forwarded-Host": "study.example.org"}


@pytest.fixture
def proxied(app, tools):
    """The server behind one proxy, as `PROXIES = 1` says."""
    other = create_app({"TESTING": True, "PROXIES": 1}, instance_path=app.instance_path)
    yield other
    tools.close(other)


@pytest.mark.parametrize(
    "headers",
    [
        PROXY,
        PROXY | {"Referer": "https://study.example.org/", "Sec-Fetch-Site": "same-origin"},
        PROXY | {"Referer": "https://app.prolific.com/"},
        AT_HOME | {"Origin": "https://study.example.org"},  # nginx sends no Host by default
    ],
)
def test_people_start_over_https_whatever_their_browser_says_of_where_it_was_27_9(
    proxied, tools, headers
):
    visitor = tools.visitor(proxied.test_client())
    visitor.client.environ_base |= {
        f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()
    }
    assert visitor.start().press("agree").screen == "check"


def test_a_form_of_another_site_is_refused_and_the_log_says_why_27_9(app, visitor, tools, caplog):
    visitor.open("/")
    visitor.client.environ_base["HTTP_SEC_FETCH_SITE"] = "cross-site"
    assert visitor.press().response.status_code == 400
    assert tools.participants(app) == []
    assert "Refused POST /start: a form of another site" in caplog.text


def test_under_a_prefix_every_address_has_it_27_9(proxied, tools):
    visitor = tools.visitor(proxied.test_client())
    visitor.client.environ_base["HTTP_X_FORWARDED_PREFIX"] = "/studies/one"
    page = visitor.client.get("/").text
    addresses = [part.split('"')[0] for part in page.split('href="')[1:]]
    assert addresses
    assert all(address.startswith("/studies/one/") for address in addresses)
    visitor.open("/")
    assert visitor.page.form.action == "/studies/one/start"
    started = visitor.client.post("/start", data=visitor.page.form.fields)
    assert started.headers["Location"].startswith("/studies/one/p/")


def test_two_studies_on_one_host_have_a_cookie_each_27_9(app, tmp_path, tools, bundle_path):
    other = create_app({"TESTING": True}, instance_path=str(tmp_path / "other"))
    tools.load(other, bundle_path)
    names = {
        tools.visitor(one.test_client()).start().client.application.config["SESSION_COOKIE_NAME"]
        for one in (app, other)
    }
    assert len(names) == 2
    tools.close(other)


def test_nobody_needs_a_cookie_27_9(app, visitor):
    visitor.client = app.test_client(use_cookies=False)
    assert visitor.start().walk().screen == "debrief"
    assert "CDONE123" in visitor.response.text


def test_a_form_that_was_open_while_the_clock_was_set_back_is_taken_27_9(visitor, monkeypatch):
    visitor.open("/")
    clock = time.time
    monkeypatch.setattr("time.time", lambda: clock() - 7200)
    assert visitor.press().screen == "consent"


@pytest.mark.parametrize("address", ["/p/{token}/here", "/p/{token}/withdraw", "/start"])
def test_every_refusal_is_logged_with_its_reason_and_without_the_link_27_9(
    visitor, caplog, address
):
    visitor.start()
    path = address.format(token=visitor.token)
    assert visitor.client.post(path, data={"answer": "x"}).status_code == 400
    [record] = [one for one in caplog.records if "Refused" in one.getMessage()]
    assert "a form without its token" in record.getMessage()
    assert visitor.token not in caplog.text
    assert "127.0.0.1" not in caplog.text


def test_a_fault_is_logged_without_the_link_of_whoever_met_it(app, visitor, caplog, monkeypatch):
    visitor.start()
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr(heartbeat, "elsewhere_page", lambda *_: 1 / 0)
    assert visitor.client.get(f"/p/{visitor.token}/elsewhere").status_code == 500
    assert "Exception on /p/.../elsewhere [GET]" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert visitor.token not in caplog.text


def test_what_gunicorn_cannot_read_leaves_no_address_in_the_log_27_12(app, caplog):
    log = logging.getLogger("gunicorn.error")
    log.warning("Invalid request from ip=203.0.113.9: Invalid HTTP request line")
    log.warning("Invalid request from ip=2001:db8::7: Invalid HTTP request line")
    assert "203.0.113.9" not in caplog.text
    assert "2001:db8" not in caplog.text
    assert "Invalid HTTP request line" in caplog.text


@pytest.mark.parametrize("where", ["query", "form"])
def test_nul_in_any_parameter_is_refused_27_12(visitor, where, caplog):
    visitor.open("/")
    if where == "query":
        assert visitor.client.get("/?PROLIFIC_PID=a%00b").status_code == 400
    else:
        fields = visitor.page.form.fields | {"utm_source": "a\0b"}
        assert visitor.client.post("/start", data=fields).status_code == 400
    assert "NUL in a parameter" in caplog.text
