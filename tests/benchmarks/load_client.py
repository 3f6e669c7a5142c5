"""Participants as light as can be: raw sockets that stay open, cookies, forms with all fields.

A process of its own: python load_client.py ADDRESS PATH CLIENTS COME_S SECONDS THINK_S [HEADER].
People come one by one within COME_S; then it counts for SECONDS. It prints as JSON the milliseconds
of each press of Start until the first screen was there, of each answer within the time from
sending it until the next screen was there, and how many of them were decisions. One client is one
person at a time; who is at the end makes room for another. With 0 SECONDS, people only start.
"""

import json
import re
import socket
import ssl
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import quote_plus, urlsplit

FORM = re.compile(rb'<form[^>]*?(?:action="([^"]*)"[^>]*)?>')
HIDDEN = re.compile(rb'<input type="hidden" name="([^"]+)" value="([^"]*)"')
BUTTON = re.compile(rb'<button[^>]*? name="(\w+)" value="(\w+)"')
COOKIE = re.compile(rb"(?i)\r\nset-cookie: ([^=]+)=([^;\r]*)")
LOCATION = re.compile(rb"(?i)\r\nlocation: ([^\r]*)")
TLS = ssl.create_default_context()  # SSL_CERT_FILE names a server's own certificate
LENGTH = re.compile(rb"(?i)\r\ncontent-length: (\d+)")


@dataclass
class Client:
    """One person's browser."""

    address: str
    header: str
    cookies: dict[bytes, bytes] = field(default_factory=dict)
    path: str = ""
    html: bytes = b""

    def __post_init__(self) -> None:
        self.connect()

    def connect(self) -> None:
        """Open a connection."""
        where = urlsplit(self.address)
        self.socket = socket.create_connection((where.hostname, where.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if where.scheme == "https":
            self.socket = TLS.wrap_socket(self.socket, server_hostname=where.hostname)

    def open(self, path: str, body: str | None = None) -> None:
        """Send a request, and follow where it leads."""
        head, content = self._exchange(path, body)
        self.cookies.update(COOKIE.findall(head))
        if head[9:10] == b"3":
            return self.open(LOCATION.search(head)[1].decode())
        if head[9:12] != b"200":
            raise RuntimeError(f"{path}: {head[:12]!r} {content[:500]!r}")
        self.path, self.html = path, content

    def _exchange(self, path: str, body: str | None) -> tuple[bytes, bytes]:
        cookies = b"; ".join(b"%s=%s" % pair for pair in self.cookies.items()).decode()
        method, host = "GET" if body is None else "POST", urlsplit(self.address).netloc
        head = f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n"
        head += f"{self.header}\r\n" if self.header else ""
        head += f"Cookie: {cookies}\r\n" if cookies else ""
        if body is not None:
            head += "Content-Type: application/x-www-form-urlencoded\r\n"
            head += "Prefer: return=representation\r\n"  # a server may send the next page at once
            head += f"Content-Length: {len(body)}\r\n"
        request = f"{head}\r\n{body or ''}".encode()
        try:
            self.socket.sendall(request)
            return self._receive()
        except ConnectionError:  # servers close connections that are idle for long
            self.socket.close()
            self.connect()
            self.socket.sendall(request)
            return self._receive()

    def _receive(self) -> tuple[bytes, bytes]:
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._more()
        head, _, content = got.partition(b"\r\n\r\n")
        if length := LENGTH.search(head):
            while len(content) < int(length[1]):
                content += self._more()
        else:
            while not content.endswith(b"0\r\n\r\n"):  # oTree's redirects are chunked, and empty
                content += self._more()
        return head, content

    def _more(self) -> bytes:
        more = self.socket.recv(65536)
        if not more:
            raise ConnectionError("the server closed the connection")
        return more

    def submit(self) -> tuple[bool, bool]:
        """Send the page's form; whether it was an answer, and a decision."""
        action = FORM.search(self.html)[1]
        fields = dict(HIDDEN.findall(self.html))
        if b"rt_ms" in fields:
            fields[b"rt_ms"] = b"1234.5"
        button = BUTTON.search(self.html)
        fields |= {button[1]: button[2]} if button else {}
        body = "&".join(f"{k.decode()}={quote_plus(v)}" for k, v in fields.items())
        self.open(action.decode() if action else self.path, body)
        return bool(button), fields.get(b"screen", b"judge") == b"judge"


@dataclass
class Count:
    """What one client did."""

    starts_ms: list[float] = field(default_factory=list)
    latencies_ms: list[float] = field(default_factory=list)
    decisions: int = 0


@dataclass(frozen=True, kw_only=True)
class Visit:
    """How people visit a server: from `begin` to `end`, on the clock of `time.monotonic`.

    Attributes:
        begin: when answers begin to count.
    """

    address: str
    path: str
    header: str
    think_s: float
    begin: float
    end: float

    @property
    def counts(self) -> bool:
        """Whether there is a time in which people answer."""
        return self.begin < self.end

    def people(self, come_at: float) -> Count:
        """One person after the other, until the time is over."""
        count = Count()
        time.sleep(max(0, come_at - time.monotonic()))
        self._person(count)
        while time.monotonic() < self.end and self.counts:
            self._person(count)
        return count

    def _person(self, count: Count) -> None:
        client = Client(self.address, self.header)
        client.open(self.path)
        begun, _ = time.monotonic(), client.submit()
        count.starts_ms.append(1000 * (time.monotonic() - begun))
        while self.counts and FORM.search(client.html) and time.monotonic() < self.end:
            time.sleep(self.think_s)
            begun = time.monotonic()
            is_answer, is_decision = client.submit()
            done = time.monotonic()
            if is_answer and self.begin <= begun and done <= self.end:
                count.latencies_ms.append(1000 * (done - begun))
                count.decisions += is_decision
        client.socket.close()


def main(
    address: str,
    path: str,
    clients: int,
    come_s: float,
    seconds: float,
    think_s: float,
    header: str = "",
) -> None:
    """Send clients side by side."""
    now = time.monotonic()
    begin = now + come_s
    visit = Visit(
        address=address, path=path, header=header, think_s=think_s, begin=begin, end=begin + seconds
    )
    with ThreadPoolExecutor(clients) as pool:
        counts = list(pool.map(visit.people, [now + come_s * n / clients for n in range(clients)]))
    result = {
        "starts_ms": [ms for count in counts for ms in count.starts_ms],
        "latencies_ms": [ms for count in counts for ms in count.latencies_ms],
        "decisions": sum(count.decisions for count in counts),
        "cpu_s": time.process_time(),
    }
    sys.stdout.write(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), *map(float, sys.argv[4:7]), *sys.argv[7:])
