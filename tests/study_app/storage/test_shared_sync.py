"""One sync for all who asked before it began; none that failed is forgotten."""

import threading
import time

import pytest

from study_app.errors import UnavailableError
from study_app.storage import shared_sync
from study_app.storage.shared_sync import SharedSync

N = 20


def test_many_who_wait_share_a_sync_that_began_after_each_of_them_asked(tmp_path, monkeypatch):
    began, asked = [], []

    def slow(_file: int) -> None:
        began.append(time.monotonic())
        time.sleep(0.05)

    monkeypatch.setattr(shared_sync, "sync_file", slow)
    path = tmp_path / "log"
    path.touch()
    sync = SharedSync(path)

    def ask() -> None:
        at = time.monotonic()
        sync.wait()
        asked.append((at, time.monotonic()))

    threads = [threading.Thread(target=ask) for _ in range(N)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(began) < N / 2
    for at, done in asked:
        assert any(at <= start and start + 0.05 <= done for start in began)


def test_after_a_sync_that_failed_nothing_counts_as_written(tmp_path, monkeypatch):
    path = tmp_path / "log"
    path.touch()
    sync = SharedSync(path)
    sync.wait()
    with monkeypatch.context() as patch:
        patch.setattr(shared_sync, "sync_file", lambda _: (_ for _ in ()).throw(OSError(5, "I/O")))
        with pytest.raises(UnavailableError, match="cannot be written to the disk: I/O"):
            sync.wait()
    with pytest.raises(UnavailableError, match="start the server anew"):
        sync.wait()


def test_nothing_is_said_of_an_answer_before_it_is_on_the_disk_27_1(app, visitor, monkeypatch):
    visitor.start()
    events = []
    monkeypatch.setattr(shared_sync, "sync_file", lambda _: events.append("synced"))
    app.wsgi_app = told(app.wsgi_app, events)
    visitor.press("agree")
    assert events == ["synced", "replied", "synced", "replied"]  # the answer, and the next page
    events.clear()
    visitor.client.get("/worker.js").close()
    assert events == ["replied"]


def told(wsgi_app, events):
    """Notes when a reply begins."""

    def wrapped(environ, start_response):
        def start(*arguments):
            events.append("replied")
            return start_response(*arguments)

        return wsgi_app(environ, start)

    return wrapped
