"""What holds for every route, walked from the list of routes, so that a new one is held to it."""

import re
import socket
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from study_app.simulation.server import serving
from study_app.tokens import sign_in_token
from study_app.web.security import HEADERS

OPAQUE = re.compile(r"[0-9a-f]{16}\.jpg")


@pytest.fixture
def signed_in(app, tools):
    """The experimenter's browser, with somebody's session under way in it too."""
    with app.app_context():
        link = f"/experimenter/enter/{sign_in_token()}"
    visitor = tools.visitor(app.test_client()).open(link)
    return tools.visitor(visitor.client).start().walk(until="judge")


def addresses(app, visitor, method):
    """An address of every route that takes a method."""
    picture = next(p for p in visitor.page.pictures if p.startswith("/media/"))
    values = {"token": visitor.token, "name": picture.split("/")[-1], "filename": "study.css"}
    routes = [
        re.sub(r"<(?:\w+:)?(\w+)>", lambda match: values[match[1]], rule.rule)
        for rule in app.url_map.iter_rules()
        if method in rule.methods
    ]
    assert routes
    return routes


def contents(app):
    """Every row of the database."""
    with closing(sqlite3.connect(Path(app.instance_path) / "study.sqlite")) as connection:
        return list(connection.iterdump())


@pytest.mark.parametrize("token", [None, "", "0" * 40, "of somebody else"])
def test_no_form_is_taken_without_its_own_token(app, signed_in, another_visitor, token):
    if token == "of somebody else":
        token = another_visitor().open("/").page.form.fields["csrf_token"]
    before = contents(app)
    for address in addresses(app, signed_in, "POST"):
        for choice in ("yes", "keep", "pause", "show"):
            form = {"answer": choice, "screen": "judge", "start_key": "0" * 32, "quota": "9"}
            form |= {} if token is None else {"csrf_token": token}
            assert signed_in.client.post(address, data=form).status_code == 400, address
    assert contents(app) == before


def test_no_form_is_taken_from_another_site_over_https(app, signed_in):
    token = signed_in.page.form.fields["csrf_token"]
    for address in addresses(app, signed_in, "POST"):
        reply = signed_in.client.post(
            address,
            data={"csrf_token": token},
            base_url="https://localhost",
            headers={"Referer": "https://elsewhere.example/"},
        )
        assert reply.status_code == 400, address


def test_every_answer_has_the_security_headers_and_every_cookie_its_flags(app, signed_in):
    replies = [
        signed_in.client.open(address, method=method, data={"x": "y" * size}, buffered=True)
        for method in ("GET", "POST", "PUT")
        for address in [*addresses(app, signed_in, "GET"), "/nowhere", "/p/nobody"]
        for size in (1, 100_000)
    ]
    replies.append(app.test_client().get("/experimenter"))
    assert {200, 303, 400, 404, 405, 413} <= {reply.status_code for reply in replies}
    for reply in replies:
        for name, value in HEADERS.items():
            assert reply.headers[name] == value
        assert "Cache-Control" in reply.headers
        for cookie in reply.headers.getlist("Set-Cookie"):
            assert "HttpOnly" in cookie
            assert "SameSite=Lax" in cookie
        assert "Server" not in reply.headers


def test_pages_are_never_kept_by_a_cache(app, signed_in):
    for address in addresses(app, signed_in, "GET"):
        reply = signed_in.client.get(address, buffered=True)
        if reply.mimetype == "text/html":
            assert reply.headers["Cache-Control"] == "no-store", address


@pytest.mark.parametrize(
    "folder", ["/media", "/media/", "/static", "/static/", "/static/pico", "/static/pico/", "/p/"]
)
def test_no_folder_is_listed(visitor, folder):
    assert visitor.open(folder).response.status_code == 404


ESCAPES = (
    *("/media/../study.sqlite", "/media/..%2f..%2fbundle.json", "/media/%2e%2e/stimuli.jsonl"),
    *("/media/..%5c..%5cstimuli.jsonl", "/media//etc/passwd", "/media/....//bundle.json"),
    *("/static/../settings.py", "/static/..%2fsettings.py", "/static/%2e%2e/%2e%2e/README.md"),
    *("/static//etc/passwd", "/static/pico/../../../instance/secret_key", "/static/%00"),
    *("/media/%00.jpg", "/p/%00", "/experimenter/enter/%00", "/../../etc/passwd"),
)


@pytest.mark.slow
def test_no_path_leads_out_of_the_folders_that_are_served(app):
    """Over a socket: clients of libraries tidy such paths up before they send them."""
    with serving(app) as url:
        for path in ESCAPES:
            status = ask(url, f"GET {path} HTTP/1.1\r\nHost: localhost\r\n")
            # What is tidied up to another address of ours is a redirect to it.
            assert status in (301, 308, 404), (path, status)


@pytest.mark.slow
def test_a_broken_request_line_or_query_gets_an_answer_that_is_no_fault_of_ours(app):
    lines = (
        "GET /?%80 HTTP/1.1\r\nHost: localhost\r\n",
        "GET /?\x80\xff HTTP/1.1\r\nHost: localhost\r\n",
        "POST /start HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n",
        "POST /start HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nContent-Type: \xff\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n",
    )
    with serving(app) as url:
        for line in lines:
            assert 200 <= ask(url, line) < 500, line


def ask(url, head):
    """The status that a server sends to such a request."""
    host, port = urlsplit(url).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall((head + "Connection: close\r\n\r\n").encode("latin-1"))
        with connection.makefile("rb") as reply:
            return int(reply.readline().split()[1])


def test_pictures_have_opaque_names_and_only_those_of_the_bundle_are_sent(visitor, bundle):
    visitor.start().walk(until="judge")
    names = [p.split("/")[-1] for p in visitor.page.pictures if p.startswith("/media/")]
    assert names
    assert all(OPAQUE.fullmatch(name) for name in names)
    stimulus = bundle.stimuli[0]
    for name in (stimulus.stimulus_id, f"{stimulus.stimulus_id}.jpg", stimulus.source):
        assert visitor.client.get(f"/media/{name}").status_code == 404


def test_before_the_end_no_page_names_a_condition_or_a_classifier(empty_app, tools, tmp_path):
    names = {"confidence": "quagga", "heatmap": "okapi", "neighbours": "axolotl"}
    text = tools.study_text(practice=1, validation=2)
    for old, new in names.items():
        text = text.replace(f'name = "{old}"', f'name = "{new}"')
    tools.load(empty_app, tools.build_bundle(tmp_path / "named", text).path)
    visitors = [tools.visitor(empty_app.test_client()).start() for _ in names]
    met = {participant.condition for participant in tools.participants(empty_app)}
    for visitor in visitors:
        visitor.walk()
        said = "".join(visitor.texts) + str(visitor.response.headers)
        assert not re.search("quagga|okapi|axolotl|tiny", said)
    assert met == set(names.values())


@pytest.mark.parametrize("name", ["STUDY_ID", "SESSION_ID"])
def test_what_a_link_carries_is_written_into_the_page_as_text(visitor, name):
    page = visitor.client.get("/", query_string={name: '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_what_can_be_no_persons_id_is_on_no_page(visitor):
    page = visitor.client.get("/", query_string={"PROLIFIC_PID": "<script>alert(1)</script>"}).text
    assert "alert(1)" not in page


@pytest.mark.parametrize(
    "changes",
    [
        {"start_key": "short"},
        {"start_key": "g" * 32},
        {"PROLIFIC_PID": "a b"},
        {"PROLIFIC_PID": "ann", "SESSION_ID": "x" * 65},
        {"PROLIFIC_PID": "ann", "STUDY_ID": "'; DROP TABLE trial; --"},
        {"PROLIFIC_PID": "an\0n"},
    ],
)
def test_a_start_with_parameters_that_cannot_be_is_refused(app, visitor, tools, changes):
    visitor.open("/").press(**changes)
    assert visitor.response.status_code == 400
    assert tools.participants(app) == []


@pytest.mark.parametrize("token", ["", "wrong"])
def test_an_answer_without_the_csrf_token_is_refused(app, visitor, tools, token):
    visitor.start().press("agree", csrf_token=token)
    assert visitor.response.status_code == 400
    assert tools.participants(app)[0].consented_at is None


def test_start_without_the_csrf_token_is_refused(app, visitor, tools):
    visitor.open("/").press(csrf_token="")
    assert visitor.response.status_code == 400
    assert tools.participants(app) == []


def test_pages_have_the_security_headers(visitor):
    headers = visitor.open("/").response.headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in headers
    cookie = visitor.client.post("/start", data=visitor.page.form.fields).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_no_page_has_inline_scripts_or_styles(visitor):
    visitor.start().walk()
    for text in visitor.texts:
        assert "<style" not in text
        assert "style=" not in text
        assert "<script>" not in text
        assert "onclick" not in text
