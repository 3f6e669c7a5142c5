"""A small browser for simulated participants: cookies, redirects, forms, one kept connection."""

from collections.abc import Mapping
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from study_app.page import Page, read_page
from study_app.refusals import RefusalError

TIMEOUT_S = 60


class Browser:
    """One person's browser.

    Attributes:
        page: the page that is open.
        path: its address on the server.
        requests: how many requests were sent.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = kind(parts.netloc, timeout=TIMEOUT_S)
        self._url = f"{parts.scheme}://{parts.netloc}"
        self._cookies: dict[str, str] = {}
        self.page = Page()
        self.path = parts.path or "/"
        self.requests = 0

    def open(self, path: str) -> None:
        """Open a page."""
        self._follow(self._request("GET", path, None, {}), path)

    def submit(self, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> None:
        """Send the page's form with some fields changed or added, and see what comes."""
        form = self.page.form
        body = urlencode({**form.fields, **fields})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        self._follow(self._request("POST", form.action, body, {**kind, **(headers or {})}), "")

    def rest(self) -> None:
        """Close the connection; the next request opens it again."""
        self._connection.close()

    def _follow(self, response: HTTPResponse, path: str) -> None:
        html = response.read().decode("utf-8")
        if response.status in (301, 302, 303, 307, 308):
            self.open(response.headers["Location"])
        elif response.status == 200:
            self.page, self.path = read_page(html), path
        else:
            problem = f"{path or self.path}: answered {response.status}; see the server's log"
            raise RefusalError("the server", [problem])

    def _request(
        self, method: str, path: str, body: str | None, headers: Mapping[str, str]
    ) -> HTTPResponse:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        always = {"Cookie": cookies, "Referer": self._url + self.path}
        self._connection.request(method, path, body, {**headers, **always})
        self.requests += 1
        response = self._connection.getresponse()
        for line in response.headers.get_all("Set-Cookie", []):
            self._cookies |= {name: m.value for name, m in SimpleCookie(line).items()}
        return response
