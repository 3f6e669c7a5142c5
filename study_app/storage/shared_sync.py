"""Syncs of a file to the disk, each shared by all threads that wait for one."""

import os
from pathlib import Path
from threading import Lock

from study_app.errors import UnavailableError

# Without the times of the file, where the system can: far faster, and as safe.
sync_file = getattr(os, "fdatasync", os.fsync)


class SharedSync:
    """Puts what was written to a file on the disk: one sync for all who asked before it began."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._counting, self._syncing = Lock(), Lock()
        self._n_asked = self._n_done = 0
        self._failure: OSError | None = None

    def wait(self) -> None:
        """Return once everything that was written to the file is on the disk.

        Raises:
            UnavailableError: if that failed once: the system forgets what it could not write, so a
                later sync that succeeds says nothing.
        """
        with self._counting:
            self._n_asked += 1
            mine = self._n_asked
        with self._syncing:
            if self._n_done < mine:
                n_asked = self._n_asked
                self._sync()
                self._n_done = n_asked

    def _sync(self) -> None:
        try:
            if self._failure is None:
                file = os.open(self._path, os.O_RDONLY)
                try:
                    sync_file(file)
                finally:
                    os.close(file)
        except OSError as error:
            self._failure = error
        if self._failure:
            problem = (
                f"cannot be written to the disk: {self._failure.strerror}; start the server anew"
            )
            raise UnavailableError(str(self._path), [problem]) from None


def sync_folder(folder: Path) -> None:
    """Put a folder's names on the disk, such as one that was just given."""
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
