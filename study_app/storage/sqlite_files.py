"""The files of a SQLite database: itself, its log, and the turn of writers beside them.

All of them are one database: without its log (`-wal`) the first lacks the newest answers.
"""

import os
from pathlib import Path

from study_app.errors import UnavailableError
from study_app.storage.shared_sync import SharedSync
from study_app.storage.write_turn import WriteTurn

Identity = tuple[int, int]


class SQLiteFiles:
    """The files of one database, as this process opened them.

    Attributes:
        turn: of writers.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.log = path, Path(f"{path}-wal")
        self.turn = WriteTurn(Path(f"{path}-turn"))
        self._log_sync = SharedSync(self.log)
        self._opened: Identity | None = None

    def prepare(self) -> None:
        """Make a missing database, which only its owner may read, before SQLite opens it.

        Raises:
            UnavailableError: if its log is there: SQLite would take it for that of the new one.
        """
        if self.path.exists():
            return
        if self.log.exists() and self.log.stat().st_size:
            problem = (
                f"is not there, but its log {self.log.name} is: the file was moved without it, and "
                "the newest answers are in the log. Move the file back under its old name, and run "
                "`flask --app study_app study set-aside`, which moves both"
            )
            raise UnavailableError(str(self.path), [problem])
        try:
            self.path.touch(mode=0o600)
        except OSError as error:
            raise UnavailableError(str(self.path), [f"cannot be made: {error.strerror}"]) from None

    def note_opened(self) -> None:
        """Remember which file was opened first."""
        self._opened = self._opened or _identity(self.path)

    def check_still_there(self) -> None:
        """See that the file that was opened is the one that is there.

        Raises:
            UnavailableError: if it was moved, deleted or replaced: answers would go where nobody
                looks for them.
        """
        if self._opened and _identity(self.path) != self._opened:
            problem = (
                "was moved, deleted or replaced while this server ran, which takes no answers any "
                "more. Put the file back, or stop the server and start it anew"
            )
            raise UnavailableError(str(self.path), [problem])

    def sync(self) -> None:
        """Put everything that was committed until now on the disk: it is in the log first.

        Raises:
            UnavailableError: if the disk does not take it.
        """
        if not self.is_read_only:
            self._log_sync.wait()

    @property
    def is_read_only(self) -> bool:
        """Whether nothing can be written, and no log has to be read beside the file."""
        is_writable = os.access(self.path, os.W_OK) and os.access(self.path.parent, os.W_OK)
        return not is_writable and not self.log.exists()


def _identity(path: Path) -> Identity | None:
    try:
        facts = path.stat()
    except FileNotFoundError:
        return None
    return facts.st_dev, facts.st_ino
