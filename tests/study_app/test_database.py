"""Who waits for whom when several write."""

import fcntl
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from flask import Flask

from study_app import create_app
from study_app.database import db, undisturbed, writing
from study_app.models import Participant

SOON_S, PATIENCE_S = 0.2, 20


@contextmanager
def turn_of_another_process(app: Flask) -> Iterator[None]:
    """As if another server were in the middle of writing."""
    with app.app_context():
        path = Path(f"{db.engine.url.database}-turn")
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def entered(app: Flask, block: Callable[[], AbstractContextManager[None]]) -> threading.Event:
    """Set once a thread of its own is inside the block, which it then leaves."""
    inside = threading.Event()

    def work() -> None:
        with app.app_context(), block():
            inside.set()

    threading.Thread(target=work, daemon=True).start()
    return inside


def test_a_writer_waits_for_that_of_another_process_and_no_longer(app: Flask) -> None:
    with turn_of_another_process(app):
        inside = entered(app, writing)
        assert not inside.wait(SOON_S)
    assert inside.wait(PATIENCE_S)


def test_a_reader_waits_for_no_writer(app: Flask) -> None:
    with turn_of_another_process(app), app.app_context():
        assert db.session.query(Participant).count() == 0


def test_who_fails_while_writing_lets_the_next_one_in(app: Flask) -> None:
    with app.app_context(), pytest.raises(RuntimeError), writing():
        raise RuntimeError
    assert entered(app, writing).wait(PATIENCE_S)


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_threads_keep_out_of_each_others_way_where_only_one_can_write(
    database: str, app: Flask, tools, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if database == "postgres":
        address = {"SQLALCHEMY_DATABASE_URI": request.getfixturevalue("postgres")}
        app = create_app(address, instance_path=str(tmp_path / "postgres"))
        request.addfinalizer(lambda: tools.close(app))
    with app.app_context(), undisturbed():
        inside = entered(app, undisturbed)
        assert inside.wait(SOON_S) == (database == "postgres")
    assert inside.wait(PATIENCE_S)
