"""Where a command writes: tried before any work, and kept from other commands until it ends."""

import errno
import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from stimuli.problems import ProblemsError

BUSY = (errno.EWOULDBLOCK, errno.EACCES)


class DestinationError(ProblemsError):
    """A folder that cannot be written."""


def destination_problems(out: Path, *, is_new: bool = False) -> list[str]:
    """Why a folder cannot be written, found by writing there; what is made for it goes again.

    Args:
        is_new: whether there may be nothing of that name yet.
    """
    if is_new and os.path.lexists(out):
        return [f"--out {out}: is there already; remove it or choose another --out"]
    made = [folder for folder in (out, *out.parents) if not folder.exists()]
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out) as file:
            file.write(b"x")
    except OSError as error:
        reason = error.strerror or str(error)
        return [f"--out {out}: cannot be written ({reason}); choose another --out, or free it"]
    finally:
        for folder in made:
            with suppress(OSError):
                folder.rmdir()
    return []


def require_destination(out: Path) -> None:
    """Refuse a folder that cannot be written.

    Raises:
        DestinationError: with the reason.
    """
    if problems := destination_problems(out):
        raise DestinationError("the command", problems)


@contextmanager
def reserved(out: Path) -> Iterator[None]:
    """Keep a folder from every other command that reserves it, until this one ends or is killed.

    A file `.NAME.lock` beside the folder holds the lock while it lasts. Where a file system knows
    no locks, nothing is kept.

    Raises:
        DestinationError: if another command is at work there.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    path = out.with_name(f".{out.name}.lock")
    while True:
        with path.open("a") as file:
            if not lock(file.fileno()):
                problem = "another command is at work there; wait for it, or choose another --out"
                raise DestinationError(f"--out {out}", [problem])
            if not is_same(path, file.fileno()):
                continue  # another one removed it just now
            try:
                yield
            finally:
                path.unlink(missing_ok=True)
            return


def lock(descriptor: int) -> bool:
    """False if another process has the lock."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in BUSY
    return True


def is_same(path: Path, descriptor: int) -> bool:
    """Whether a file is still there under its name."""
    with suppress(FileNotFoundError):
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    return False
