"""nginx as `docs/deploy` has it, before servers of ours."""

import re
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.lab import ROOT

CONFIGURATION = ROOT / "docs/deploy/nginx.conf"
START_S = 10


@dataclass(frozen=True)
class Front:
    """nginx, by its port for HTTPS, and the certificate that it shows."""

    port: int
    certificate: Path

    @property
    def url(self) -> str:
        """Its address."""
        return f"https://localhost:{self.port}"

    def connect(self) -> ssl.SSLSocket:
        """A connection, with the certificate checked."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        plain = socket.create_connection(("localhost", self.port), timeout=30)
        return context.wrap_socket(plain, server_hostname="localhost")


@contextmanager
def nginx_before(folder: Path, urls: Sequence[str]) -> Iterator[Front]:
    """nginx before two servers, with a certificate of its own; it must have nothing to complain of.

    The folder's `chain.pem` is for SSL_CERT_FILE.
    """
    chain, key = _certificate(folder)
    front = Front(port=_free_port(), certificate=chain)
    path = _configured(folder, front, urls, key)
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    process = subprocess.Popen([program, "-c", path, "-p", folder, "-g", "daemon off;"])
    try:
        _wait_for(front)
        yield front
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
    assert (folder / "error.log").read_text() == ""


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of its own for localhost, and its key."""
    paths = folder / "chain.pem", folder / "key.pem"
    subject = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    command += ["-out", str(paths[0]), "-keyout", str(paths[1])]
    subprocess.run(command, check=True, capture_output=True)
    return paths


def _configured(folder: Path, front: Front, urls: Sequence[str], key: Path) -> Path:
    """The shipped file with the paths and ports of a test, and nothing else changed."""
    one, two = (url.removeprefix("http://") for url in urls)
    text = CONFIGURATION.read_text()
    for old, new in {
        "/etc/letsencrypt/live/study.example.org/fullchain.pem": str(front.certificate),
        "/etc/letsencrypt/live/study.example.org/privkey.pem": str(key),
        "/run/nginx.pid": str(folder / "nginx.pid"),
        "/var/log/nginx/error.log": str(folder / "error.log"),
        "127.0.0.1:8001": one,
        "127.0.0.1:8002": two,
        "listen 80 ": f"listen 127.0.0.1:{_free_port()} ",
        "listen 443 ": f"listen 127.0.0.1:{front.port} ",
        "study.example.org": "localhost",
    }.items():
        assert old in text, old
        text = text.replace(old, new)
    text = re.sub(r"(?m)^\s+listen \[::\].*\n", "", text)
    path = folder / "nginx.conf"
    path.write_text(text)
    return path


def _wait_for(front: Front) -> None:
    give_up = time.monotonic() + START_S
    while True:
        try:
            return front.connect().close()
        except OSError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.05)
