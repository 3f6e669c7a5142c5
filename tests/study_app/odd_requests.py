"""Requests of every kind to every route: what our own pages send, and nearly that."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from hypothesis import strategies as st

from stimuli.study import Provider
from study_app.enrolment.provider_link import parameters
from study_app.session.screens import BUTTONS, TRIAL_SCREENS
from tests.study_app.fuzzed_server import PASSWORD

PARAMETERS = Provider().parameters
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
    *("webdriver", "scripted", "still", "pasted_chars", "unkeyed_chars", "more", "translated"),
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
    path = draw(_path(world, rule))
    fields = draw(st.none() | _fields(world, path, who) | _fields(world, path, who))
    kind, body = draw(_body(fields))
    odd = draw(st.dictionaries(st.sampled_from(HEADERS), LATIN, max_size=2))
    environ = {"CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(body)), **odd}
    if draw(st.integers(0, 9)) == 0:
        environ["HTTP_X_LORIKEET_SIMULATED"] = world.simulated
    query = draw(st.just(b"") | st.binary(max_size=30) | _query())
    environ["QUERY_STRING"] = query.decode("latin-1")
    return Request(
        method=method,
        path=path,
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


def _fields(world, path, who):
    """Fields of a form: a good token mostly, the same name perhaps twice."""
    known = st.sampled_from(world.words)
    token = st.sampled_from([True] * 4 + [False]) | ODD
    others = st.lists(st.tuples(st.sampled_from(NAMES[1:]), known | known | ODD), max_size=5)
    whole = st.sampled_from([*_whole_forms(world)]).map(list)
    return st.tuples(token, others | whole | whole).map(
        lambda drawn: [("csrf_token", _token(world, path, who, *drawn)), *drawn[1]]
    )


def _token(world, path, who, token, others):
    """The right one, that of somebody else, or an odd one."""
    if isinstance(token, str):
        return token
    return world.form_token(path, others, who) if token else world.cookies["participant"][1]


def _whole_forms(world):
    """What our own pages send."""
    yield (("start_key", "ab" * 16),)
    yield (("start_key", "cd" * 16), *zip(PARAMETERS, ("bob", "s", "two"), strict=True))
    keys = [word for word in world.words if re.fullmatch(r"[0-9a-f]{16}", word)]
    for screen, choices in BUTTONS.items():
        for choice in choices or ():
            for key in keys if screen in {s.name for s in TRIAL_SCREENS} else [""]:
                yield (("screen", screen), ("trial", key), ("answer", choice), ("rt_ms", "812.5"))
    yield from world.steps
    yield (("view", "ef" * 16), ("claim", "1"))
    yield from ([("answer", word)] for word in ("keep", "erase", "pause", "resume", "show", "hide"))
    yield from ((("quota", "30"),), (("password", PASSWORD),), (("password", "wrong"),))


def sweep(world):
    """Every route with each of its methods, and every form of ours sent to every route."""
    for rule in sorted(world.app.url_map.iter_rules(), key=str):
        arguments = re.findall(ARGUMENT, rule.rule)
        for value in known_values(world, arguments[0]) if arguments else [""]:
            path = re.sub(ARGUMENT, lambda _, value=value: value, rule.rule).encode()
            for method in sorted(rule.methods):
                for form in _whole_forms(world) if method == "POST" else [()]:
                    token = world.form_token(path, form, "experimenter")
                    fields = (("csrf_token", token), *form)
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
