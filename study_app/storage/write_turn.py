"""Whose turn it is to write to a SQLite file, among all threads of all processes."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from study_app.errors import UnavailableError

PATIENCE_S = 15.0  # a crowd that starts at the same second waits instead of failing
STUCK_PATIENCE_S = 0.5  # once somebody waited in vain, so that waiting does not hold every thread
LOOK_EVERY_S = 0.0005


class WriteTurn:
    """A lock in the file system, which a process that dies lets go of.

    SQLite's own wait sleeps for longer and longer before it looks again. A holder that is stopped
    and not dead keeps the turn; whoever waits gives up after a while, and goes on once it is gone.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = Lock()
        self._is_stuck = False

    @property
    def patience_s(self) -> float:
        """How long to wait for others."""
        return STUCK_PATIENCE_S if self._is_stuck else PATIENCE_S

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One thread of this process at a time, whether it writes or not.

        Raises:
            UnavailableError: if another one does not end.
        """
        if not self._threads.acquire(timeout=self.patience_s):
            raise self.given_up()
        try:
            yield
        finally:
            self._threads.release()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """The turn.

        Raises:
            UnavailableError: if another process does not end, or the disk is read-only.
        """
        try:
            file = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
        except OSError as error:
            raise UnavailableError(
                str(self._path), [f"cannot be opened: {error.strerror}"]
            ) from None
        try:
            self._wait_for(file)
            yield
        finally:
            os.close(file)

    def _wait_for(self, file: int) -> None:
        give_up = time.monotonic() + self.patience_s
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > give_up:
                    raise self.given_up() from None
                time.sleep(LOOK_EVERY_S)
            else:
                return

    def given_up(self) -> UnavailableError:
        """What to raise after waiting in vain; others then wait less long, until `went_on`."""
        self._is_stuck = True
        problem = "another process holds the write lock and does not go on; end it if it is stopped"
        return UnavailableError(str(self._path), [problem])

    def went_on(self) -> None:
        """Note that nobody is in the way."""
        self._is_stuck = False
