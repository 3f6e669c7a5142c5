"""Thousands of odd requests to every route: no 500, no row that no legal action explains.

`make test` sends 1,000 requests; `LORIKEET_FUZZ=10000` in the environment sends so many others.
"""

import io
import os
import re
import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote_from_bytes, urlencode

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from werkzeug.exceptions import HTTPException
from werkzeug.security import generate_password_hash
from werkzeug.test import run_wsgi_app

from stimuli.study import Provider
from study_app import create_app
from study_app.answer_form import CHOICES
from study_app.arrivals import PLAUSIBLE_ID, START_KEY, parameters
from study_app.tokens import sign_in_token, simulated_token
from study_app.words import TRIAL_SCREENS, Screen

PARAMETERS = Provider().parameters
REQUESTS = int(os.environ.get("LORIKEET_FUZZ", "1000"))
AT_LEAST_ODD = 300  # besides one of everything that is in order
PASSWORD = "a long enough password"
OPEN_TRIALS = (
    "SELECT key FROM trial WHERE shown_at IS NOT NULL AND feedback_read_at IS NULL "
    "AND (decision IS NULL OR phase = 'practice')"
)
KEEPS_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request, as the server gets it.

    Attributes:
        who: whose cookie goes along, a key of `World.cookies`.
        fields: of a form, in order, some perhaps twice; None if the body is something else.
        body: what goes over the line.
    """

    method: str
    path: bytes
    who: str
    fields: tuple[tuple[str, str], ...] | None
    body: bytes
    environ: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class World:
    """A server with people at every stage, its database as a copy to return to, and what is known.

    Attributes:
        tokens: secrets of people's links, by the row of the person.
        cookies: session cookies, with the form token that belongs to each.
        words: what forms of ours have as values.
    """

    app: Flask
    database: Path
    kept: sqlite3.Connection
    watch: sqlite3.Connection
    tokens: dict[str, int]
    cookies: dict[str, tuple[str, str]]
    words: tuple[str, ...]
    pictures: tuple[str, ...]
    links: tuple[str, ...]
    simulated: str
    statuses: Counter[int] = field(default_factory=Counter)
    reached: set[tuple[str, str]] = field(default_factory=set)
    changed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


@pytest.fixture(scope="module")
def world(tmp_path_factory, bundle_path, tools):
    """The server under test. Errors come out of it instead of becoming a page."""
    instance = tmp_path_factory.mktemp("fuzzed")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        app = create_app({"TESTING": True}, instance_path=str(instance))
        tools.load(app, bundle_path)
    app.config["EXPERIMENTER_PASSWORD_HASH"] = None
    for until in ("consent", "check", "judge", "seen", "debrief"):
        tools.visitor(app.test_client()).start().walk(until=until)
    away = tools.visitor(app.test_client()).start().walk(until="feedback")
    away.client.post(away.page.form.action, data=away.page.form.fields | {"answer": "continue"})
    gone = tools.visitor(app.test_client()).start(
        "?PROLIFIC_PID=5f9b2c1e0a7d4e3b8c6f1a20&STUDY_ID=s&SESSION_ID=one"
    )
    gone.walk(until="seen").open(f"{gone.url}/withdraw").press("keep")
    with app.app_context():
        link, simulated = sign_in_token(), simulated_token()
    app.config["EXPERIMENTER_PASSWORD_HASH"] = generate_password_hash(PASSWORD, "pbkdf2:sha256:1")
    cookies = {
        "nobody": ("", ""),
        "participant": _cookie(tools.visitor(app.test_client()).open("/")),
        "experimenter": _signed_in(app, tools),
        "garbage": ("lorikeet=.eJwNyTEOgCAMBdC7_JkBWkrLZQyKgzEhxMnE", ""),
    }
    database = instance / "study.sqlite"
    with closing(sqlite3.connect(database)) as live:
        live.execute("UPDATE loaded_study SET quota = 20")
        live.commit()
    kept = sqlite3.connect(":memory:")
    with closing(sqlite3.connect(database)) as live:
        live.backup(kept)
    watch = sqlite3.connect(database)
    yield World(
        app=app,
        database=database,
        kept=kept,
        watch=watch,
        tokens={person.token: person.id for person in tools.people(app)},
        cookies=cookies,
        words=(
            *(key for (key,) in kept.execute(OPEN_TRIALS)),
            *(key for (key,) in kept.execute("SELECT start_key FROM participant")),
            *map(str, Screen),
            *{choice for choices in CHOICES.values() for choice in choices},
            *("keep", "erase", "pause", "resume", "show", "hide", "30", "12.5", PASSWORD, "0" * 32),
        ),
        pictures=tuple(path.name for path in (bundle_path / "images").iterdir())[:4],
        links=(link,),
        simulated=simulated,
    )
    kept.close()
    watch.close()
    tools.close(app)


def _cookie(visitor):
    """A visitor's session cookie, and the form token that goes with it."""
    token = visitor.page.forms[0].fields["csrf_token"]
    return f"lorikeet={visitor.client.get_cookie('lorikeet').value}", token


def _signed_in(app, tools):
    return _cookie(tools.visitor(app.test_client()).open("/experimenter").press(password=PASSWORD))


ODD = st.one_of(
    st.sampled_from(
        ["", "\0", "..", "../../etc/passwd", "%00", "'; DROP TABLE trial; --", "{{7*7}}", "NaN"]
    ),
    st.sampled_from(["1e999", "-1", "9" * 400, "\ud7ff\U0001f99c", "\u202e", "a" * 5000, "٣٠"]),
    st.text(max_size=30),
)
ARGUMENT = r"<(?:\w+:)?(\w+)>"
NAMES = (
    *("csrf_token", "start_key", *parameters(Provider())),
    *("screen", "trial", "answer", "rt_ms", "input", "password", "quota"),
    *("away_ms", "away_count", "view", "claim", "screen_w", "refresh_hz"),
    *("webdriver", "scripted", "still", "pasted_chars", "unkeyed_chars", "more"),
)
METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "BREW", "get")
LATIN = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=40)
HEADERS = (
    *("HTTP_ACCEPT", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_REFERER"),
    *("HTTP_HOST", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST"),
    *("HTTP_AUTHORIZATION", "HTTP_X_HTTP_METHOD_OVERRIDE", "HTTP_X_CSRFTOKEN", "HTTP_COOKIE2"),
    *("HTTP_X_LORIKEET_SIMULATED", "HTTP_TRANSFER_ENCODING", "HTTP_EXPECT", "REMOTE_ADDR"),
    *("CONTENT_LENGTH", "CONTENT_TYPE", "HTTP_CONTENT_ENCODING", "HTTP_ACCEPT_LANGUAGE"),
)


@st.composite
def requests(draw, world):
    """Any request; most of them are nearly right in all but one or two things."""
    rule = draw(st.sampled_from(sorted(world.app.url_map.iter_rules(), key=str)))
    own = sorted(rule.methods or ())
    method = draw(st.sampled_from(own) | st.sampled_from(METHODS))
    who = draw(st.sampled_from([*world.cookies, "participant", "experimenter"]))
    fields = draw(st.none() | _fields(world, who) | _fields(world, who))
    kind, body = draw(_body(fields))
    odd = draw(st.dictionaries(st.sampled_from(HEADERS), LATIN, max_size=2))
    environ = {"CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(body)), **odd}
    if draw(st.integers(0, 9)) == 0:
        environ["HTTP_X_LORIKEET_SIMULATED"] = world.simulated
    query = draw(st.just(b"") | st.binary(max_size=30) | _query())
    environ["QUERY_STRING"] = query.decode("latin-1")
    return Request(
        method=method,
        path=draw(_path(world, rule)),
        who=who,
        fields=tuple(fields) if fields is not None and kind == KEEPS_FORM else None,
        body=body,
        environ=tuple(environ.items()),
    )


def _path(world, rule):
    """An address of a route: with a value that we gave out, with an odd one, or broken."""
    parts = re.split(ARGUMENT, rule.rule)
    pieces = [
        st.just(part.encode())
        if i % 2 == 0
        else st.sampled_from([value.encode() for value in known_values(world, part)])
        | ODD.map(lambda text: text.encode("utf-8", "replace"))
        | st.binary(max_size=20)
        for i, part in enumerate(parts)
    ]
    whole = st.tuples(*pieces).map(b"".join)
    return st.one_of(whole, whole, whole, st.tuples(whole, st.binary(max_size=8)).map(b"".join))


def known_values(world, argument):
    """What a part of an address may be."""
    return {
        "token": [*world.tokens, *world.links],
        "name": [*world.pictures],
        "filename": ["study.css", "pico/pico.min.css", "", "pico", "../settings.py"],
    }[argument]


def _query():
    names = st.sampled_from(NAMES)
    pairs = st.lists(st.tuples(names, ODD), max_size=4)
    return pairs.map(lambda given: urlencode(given, errors="replace").encode())


def _fields(world, who):
    """Fields of a form: a good token mostly, the same name perhaps twice."""
    good, known = st.just(world.cookies[who][1]), st.sampled_from(world.words)
    token = st.one_of(good, good, good, good, ODD, st.just(world.cookies["participant"][1]))
    others = st.lists(st.tuples(st.sampled_from(NAMES[1:]), known | known | ODD), max_size=5)
    whole = st.sampled_from([*_whole_forms(world)]).map(list)
    return st.tuples(token, others | whole | whole).map(
        lambda drawn: [("csrf_token", drawn[0]), *drawn[1]]
    )


def _whole_forms(world):
    """What our own pages send."""
    yield (("start_key", "ab" * 16),)
    yield (("start_key", "cd" * 16), *zip(PARAMETERS, ("bob", "s", "two"), strict=True))
    keys = [word for word in world.words if re.fullmatch(r"[0-9a-f]{16}", word)]
    for screen, choices in CHOICES.items():
        for choice in choices:
            for key in keys if screen in TRIAL_SCREENS else [""]:
                yield (("screen", screen), ("trial", key), ("answer", choice), ("rt_ms", "812.5"))
    yield (("view", "ef" * 16), ("claim", "1"))
    yield from ([("answer", word)] for word in ("keep", "erase", "pause", "resume", "show", "hide"))
    yield from ((("quota", "30"),), (("password", PASSWORD),), (("password", "wrong"),))


def sweep(world):
    """Every route with each of its methods, and every form of ours sent to every route."""
    cookie = world.cookies["experimenter"]
    for rule in sorted(world.app.url_map.iter_rules(), key=str):
        arguments = re.findall(ARGUMENT, rule.rule)
        for value in known_values(world, arguments[0]) if arguments else [""]:
            path = re.sub(ARGUMENT, lambda _, value=value: value, rule.rule).encode()
            for method in sorted(rule.methods):
                for form in _whole_forms(world) if method == "POST" else [()]:
                    fields = (("csrf_token", cookie[1]), *form)
                    body = urlencode(fields).encode()
                    kind = (("CONTENT_TYPE", KEEPS_FORM), ("CONTENT_LENGTH", str(len(body))))
                    yield Request(
                        method=method,
                        path=path,
                        who="experimenter",
                        fields=fields,
                        body=body,
                        environ=kind,
                    )


def _body(fields):
    """A form as a browser sends it, or the same broken in some way: its type, and its bytes."""
    if fields is None:
        kinds = st.sampled_from(["", "application/json", "text/plain; charset=\xff", KEEPS_FORM])
        return st.tuples(kinds, st.binary(max_size=60) | st.just(b"x=" + b"y" * 70_000))
    form = urlencode(fields, errors="replace").encode()
    parts = b"".join(
        b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (name.encode(), value.encode("utf-8", "replace"))
        for name, value in fields
    )
    whole = st.just((KEEPS_FORM, form))
    return st.one_of(
        whole,
        whole,
        whole,
        st.just(("multipart/form-data; boundary=b", parts + b"--b--\r\n")),
        st.just(("multipart/form-data; boundary=b", parts)),
        st.just(("multipart/form-data", parts)),
        st.just(("multipart/form-data; boundary=" + "b" * 300, parts + b"--b--")),
        st.integers(0, len(parts)).map(lambda n: ("multipart/form-data; boundary=b", parts[:n])),
        st.binary(max_size=8).map(lambda odd: (KEEPS_FORM, form + odd)),
    )


def send(world, request):
    """Give a request to the server; its status."""
    cookie = world.cookies[request.who][0]
    environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path.decode("latin-1"),
        "REQUEST_URI": quote_from_bytes(request.path),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **({"HTTP_COOKIE": cookie} if cookie else {}),
        **dict(request.environ),
    }
    _, status, headers = run_wsgi_app(world.app.wsgi_app, environ, buffered=True)
    assert headers["X-Content-Type-Options"] == "nosniff"
    return int(status.split()[0])


def route_of(world, request):
    """The route that a request means, with its values; None where there is none."""
    path = request.path.decode("utf-8", "replace")
    try:
        return world.app.url_map.bind("localhost").match(
            path, method=request.method, return_rule=True
        )
    except HTTPException:
        return None


def is_plausible(fields):
    """Whether a person may be made of this form."""
    given = dict(reversed(fields))  # of a name that comes twice, the first counts
    ids = [given.get(name, "") for name in PARAMETERS]
    return bool(START_KEY.fullmatch(given.get("start_key", ""))) and (
        not ids[0] or all(PLAUSIBLE_ID.fullmatch(value or "-") for value in ids)
    )


def explained(world, request):
    """The tables that a request may change, and the person whose rows they are, if they are one's.

    A form counts only as a browser sends it, or in one piece of another encoding: what is broken
    may be read or not, so it may do what the same form whole could.
    """
    found = route_of(world, request)
    if found is None:
        return set(), None
    endpoint, values = found[0].endpoint, found[1]
    person = world.tokens.get(values.get("token", ""))
    method = request.method.upper()  # Werkzeug reads it so
    if method in ("GET", "HEAD"):
        return ({"trial"}, person) if endpoint == "views.session" and person else (set(), None)
    if method != "POST" or world.cookies[request.who][1].encode() not in sent(request):
        return set(), None
    if endpoint == "views.start":
        made = {"participant", "trial", "identity", "draw"} if may_start(request) else set()
        return {"attempts", *made}, None
    if endpoint == "login.enter":
        return {"attempts", "audit_entry"}, None
    if endpoint.startswith("experimenter."):
        return ({"loaded_study", "audit_entry"} if request.who == "experimenter" else set()), None
    if endpoint == "withdrawal.withdraw" and person:
        return {"participant", "trial", "device", "audit_entry"}, person
    if endpoint == "views.answer" and person:
        return {"participant", "trial", "device"}, person
    if endpoint == "presence.here" and person:
        return {"participant"}, person
    return set(), None


def sent(request):
    """Everything that a form token could come in: the body, or a header of its own."""
    return request.body + dict(request.environ).get("HTTP_X_CSRFTOKEN", "").encode()


def may_start(request):
    """Whether a form of a start is plausible; of one in another encoding nothing is claimed."""
    return request.fields is None or is_plausible(request.fields)


def tables(connection):
    """Every row of every table, by table and key."""
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {
        name: {row[0]: row for row in connection.execute(f"SELECT rowid, * FROM {name}")}
        for (name,) in names
    }


def differences(before, after):
    """The rows that are new, gone or different, by table."""
    return {
        name: {
            key
            for key in before[name] | after[name]
            if before[name].get(key) != after[name].get(key)
        }
        for name in before
        if before[name] != after[name]
    }


def owners(world, name, keys, after):
    """Whose rows these are, of the tables that belong to people."""
    before = tables(world.kept)
    place = {"participant": 1, "trial": 2, "device": 1}[name]
    return {(after[name].get(key) or before[name][key])[place] for key in keys}


def check_rows(world, request):
    """Whatever a request changed must be what it may change; then the database is as before."""
    after = tables(world.watch)
    changed = differences(tables(world.kept), after)
    allowed, person = explained(world, request)
    assert set(changed) <= allowed, (changed, allowed)
    for name in changed.keys() & {"participant", "trial", "device"}:
        whose = owners(world, name, changed[name], after)
        assert whose == {person} if person else whose.isdisjoint(world.tokens.values())
    if request.method.upper() != "POST":
        assert set(changed) <= {"trial"}
    assert len(changed.get("audit_entry", ())) <= 1
    for name in changed:
        world.changed[route_of(world, request)[0].endpoint].add(name)


def restore(world):
    """Put the database back, while the server has it open."""
    with closing(sqlite3.connect(world.database)) as live:
        world.kept.backup(live)


def version(world):
    """A number that is another one whenever somebody else wrote to the database."""
    return world.watch.execute("PRAGMA data_version").fetchone()[0]


def try_out(world, request):
    """Send a request, and hold its answer and its traces against what may be."""
    before = version(world)
    status = send(world, request)
    world.statuses[status] += 1
    if found := route_of(world, request):
        world.reached.add((found[0].rule, request.method))
    assert status < 500, status
    if version(world) != before:
        try:
            check_rows(world, request)
        finally:
            restore(world)


def test_no_request_breaks_the_server_or_writes_what_it_should_not(world):
    orderly = list(sweep(world))
    for request in orderly:
        try_out(world, request)

    @settings(
        max_examples=max(REQUESTS - len(orderly), AT_LEAST_ODD),
        derandomize="LORIKEET_FUZZ" not in os.environ,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        database=None,
    )
    @given(request=requests(world))
    def fuzz(request):
        try_out(world, request)

    fuzz()
    # Every route was met with each of its methods, and every kind of answer was given.
    everything = {
        (rule.rule, method) for rule in world.app.url_map.iter_rules() for method in rule.methods
    }
    assert everything <= world.reached
    assert {200, 303, 400, 403, 404, 405, 413} <= world.statuses.keys()
    # What is legal was done too: else nothing would be tested.
    assert world.changed == {
        "views.start": {"participant", "trial", "attempts", *world.changed["views.start"]},
        "views.answer": {"participant", "trial", "device"},
        "views.session": {"trial"},
        "presence.here": {"participant"},
        "withdrawal.withdraw": {"participant", "trial", "device", "audit_entry"},
        "login.enter": {"attempts", "audit_entry"},
        "experimenter.change_recruiting": {"loaded_study", "audit_entry"},
        "experimenter.change_quota": {"loaded_study", "audit_entry"},
        "experimenter.change_blindness": {"audit_entry"},
    }
