"""What simulated participants browse with: cookies, redirects, forms, one kept connection.

Like a real browser it sends a request again until the server has answered it.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPSConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from study_app.errors import RefusalError
from study_app.simulation.html import Page, read_page
from study_app.simulation.profiles import Mishap

TIMEOUT_S = 60
PATIENCE_S = 60  # a server that was killed is back by then
PAUSE_S = 0.1
UNAVAILABLE = 503
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is sent; a body makes it a POST."""

    path: str
    body: str | None = None
    headers: Mapping[str, str]

    @property
    def method(self) -> str:
        """GET or POST."""
        return "GET" if self.body is None else "POST"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What came back."""

    status: int
    headers: HTTPMessage
    html: str


class HttpClient:
    """One person's small browser.

    Args:
        headers: are sent with each request.

    Attributes:
        page: the page that is open.
        path: its address on the server.
        requests: how many requests were answered.
    """

    def __init__(self, url: str, headers: Mapping[str, str] | None = None) -> None:
        parts = urlsplit(url)
        self._kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._host = parts.netloc
        self._connection = self._connect()
        self._url = f"{parts.scheme}://{parts.netloc}"
        self._always = dict(headers or {})
        self._cookies: dict[str, str] = {}
        self.page = Page()
        self.path = parts.path or "/"
        self.requests = 0

    def open(self, path: str) -> None:
        """Open a page."""
        self._follow(self._reply(Request(path=path, headers=self._headers())), path)

    def submit(self, fields: Mapping[str, str], *, mishap: Mishap | None = None) -> None:
        """Send the page's form with some fields changed or added, and see what comes."""
        if mishap is Mishap.RELOADED:
            self.open(self.path)
        form = self.page.form
        request = Request(
            path=form.action,
            body=urlencode({**form.fields, **fields}),
            headers={**FORM, **self._headers()},
        )
        with self._copy(request, mishap):
            reply = self._reply(request)
        self._follow(reply, self.path)

    def rest(self) -> None:
        """Close the connection; the next request opens it again."""
        self._connection.close()

    def _connect(self) -> HTTPConnection:
        return self._kind(self._host, timeout=TIMEOUT_S)

    def _headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        return {**self._always, "Cookie": cookies, "Referer": self._url + self.path}

    def _follow(self, reply: Reply, path: str) -> None:
        if reply.status in (301, 302, 303, 307, 308):
            self.open(reply.headers["Location"])
        elif reply.status == 200:
            self.page, self.path = read_page(reply.html), path
        else:
            problem = f"{path}: answered {reply.status}; see the server's log"
            raise RefusalError("the server", [problem])

    def _reply(self, request: Request) -> Reply:
        """The answer to a request, which is sent again until there is one."""
        give_up = time.monotonic() + PATIENCE_S
        while True:
            try:
                self._connection.request(
                    request.method, request.path, request.body, request.headers
                )
                response = self._connection.getresponse()
                html = response.read().decode("utf-8")
                if "Retry-After" not in response.headers or response.status != UNAVAILABLE:
                    break
                trouble = "it cannot store anything"
            except (OSError, HTTPException) as error:
                self._connection.close()
                trouble = repr(error)
            if time.monotonic() > give_up:
                problem = f"{request.path}: no answer for {PATIENCE_S} s ({trouble})"
                raise RefusalError("the server", [problem])
            time.sleep(PAUSE_S)
        self.requests += 1
        for line in response.headers.get_all("Set-Cookie", []):
            self._cookies |= {name: m.value for name, m in SimpleCookie(line).items()}
        return Reply(status=response.status, headers=response.headers, html=html)

    @contextmanager
    def _copy(self, request: Request, mishap: Mishap | None) -> Iterator[None]:
        """Sends a request a first time, over a connection of its own that may break."""
        if mishap not in (Mishap.TWICE, Mishap.CUT_BEFORE, Mishap.CUT_AFTER):
            yield
            return
        first, is_sent = self._connect(), False
        with suppress(OSError, HTTPException):
            body = (request.body or "").encode()
            first.putrequest(request.method, request.path)
            for name, value in request.headers.items():
                first.putheader(name, value)
            first.putheader("Content-Length", str(len(body)))
            half = body[: len(body) // 2]
            first.endheaders(half if mishap is Mishap.CUT_BEFORE else body)
            is_sent = True
        if mishap is not Mishap.TWICE:
            first.close()
        yield
        with suppress(OSError, HTTPException):
            if is_sent and mishap is Mishap.TWICE:
                first.getresponse().read()
        first.close()
