"""Thousands of odd requests to every route: no 500, no row that no legal action explains.

`make test ALL=1` sends 1,000 requests; `LORIKEET_FUZZ=10000` in the environment so many others.
"""

import io
import os
import sqlite3
from contextlib import closing
from urllib.parse import quote_from_bytes

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from werkzeug.exceptions import HTTPException
from werkzeug.test import run_wsgi_app

from stimuli.study import Provider
from study_app.enrolment.provider_link import PLAUSIBLE_ID, START_KEY, read_parameters
from tests.study_app.fuzzed_server import populated
from tests.study_app.odd_requests import PARAMETERS, requests, sweep
from tests.study_app.own_steps import EVERY_KIND, with_steps

REQUESTS = int(os.environ.get("LORIKEET_FUZZ", "1000"))
AT_LEAST_ODD = 300  # besides one of everything that is in order


@pytest.fixture(scope="module", params=["the paper's trial", "steps of every kind"])
def world(request, tmp_path_factory, tools):
    text, folder = tools.study_text(), tmp_path_factory.mktemp("fuzzed")
    if request.param == "steps of every kind":
        text = with_steps(text, EVERY_KIND)
    bundle = tools.build_bundle(folder / "bundle", text)
    with populated(folder / "instance", bundle.path, tools) as world:
        yield world


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
    known = read_parameters(fields, Provider())
    ids = [known.get(name, "") for name in PARAMETERS]
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
    participant = world.tokens.get(values.get("token", ""))
    method = request.method.upper()  # Werkzeug reads it so
    if method in ("GET", "HEAD"):
        return (
            ({"trial"}, participant)
            if endpoint == "views.session" and participant
            else (set(), None)
        )
    token = world.form_token(request.path, request.fields, request.who)
    if method != "POST" or token.encode() not in sent(request):
        return set(), None
    if endpoint == "views.start":
        made = {"participant", "trial", "identity", "provider_session", "draw", "condition_tally"}
        made = made if may_start(request) else set()
        return {"attempts", *made}, None
    if endpoint == "login.enter":
        return {"attempts", "audit_entry", "experimenter_session"}, None
    if endpoint == "login.leave":
        return {"experimenter_session"}, None
    if endpoint.startswith("experimenter."):
        return ({"loaded_study", "audit_entry"} if request.who == "experimenter" else set()), None
    if endpoint == "withdrawal.withdraw" and participant:
        erased = {"participant", "trial", "step_answer", "device", "audit_entry", "condition_tally"}
        return erased, participant
    if endpoint == "views.answer" and participant:
        return {"participant", "trial", "step_answer", "device", "condition_tally"}, participant
    if endpoint == "heartbeat.here" and participant:
        return {"participant", "condition_tally"}, participant
    return set(), None


def sent(request):
    """Everything that a form token could come in: the body, or a header of its own."""
    return request.body + dict(request.environ).get("HTTP_X_CSRFTOKEN", "").encode()


def may_start(request):
    """Whether a form of a start is plausible; of one in another encoding nothing is claimed."""
    return request.fields is None or is_plausible(request.fields)


def tables(connection):
    """Every row of every table, by table and key.

    Whoever takes a place, or gives one back, clears those of others that are over: that is left
    out.
    """
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    rows = {}
    for (name,) in names:
        facts = connection.execute(f"SELECT name FROM pragma_table_info('{name}')").fetchall()
        columns = ", ".join(f'"{column}"' for (column,) in facts if column != "place_until")
        query = f"SELECT rowid, {columns} FROM {name}"
        rows[name] = {row[0]: row for row in connection.execute(query)}
    return rows


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
    rows = [after[name].get(key) or before[name][key] for key in keys]
    if name == "step_answer":  # its trials
        return owners(world, "trial", {row[1] for row in rows}, after)
    place = {"participant": 1, "trial": 2, "device": 1}[name]
    return {row[place] for row in rows}


def check_rows(world, request):
    """Whatever a request changed must be what it may change; then the database is as before."""
    after = tables(world.watch)
    changed = differences(tables(world.kept), after)
    allowed, participant = explained(world, request)
    assert set(changed) <= allowed, (changed, allowed)
    for name in changed.keys() & {"participant", "trial", "step_answer", "device"}:
        whose = owners(world, name, changed[name], after)
        assert whose == {participant} if participant else whose.isdisjoint(world.tokens.values())
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


@pytest.mark.slow
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
    # What is legal was done too: else nothing would be tested. Places may be over meanwhile or not.
    steps = {"step_answer"} if world.steps else set()
    changed = {endpoint: names - {"condition_tally"} for endpoint, names in world.changed.items()}
    assert changed == {
        "views.start": {"participant", "trial", "attempts", *changed["views.start"]},
        "views.answer": {"participant", "trial", "device", *steps},
        "views.session": {"trial"},
        "heartbeat.here": {"participant"},
        "withdrawal.withdraw": {"participant", "trial", "device", "audit_entry", *steps},
        "login.enter": {"attempts", "audit_entry", "experimenter_session"},
        "login.leave": {"experimenter_session"},
        "experimenter.change_recruiting": {"loaded_study", "audit_entry"},
        "experimenter.change_quota": {"loaded_study", "audit_entry"},
        "experimenter.change_blindness": {"audit_entry"},
    }
