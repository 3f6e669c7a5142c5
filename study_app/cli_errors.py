"""Problems become one message and exit status 1, without a traceback."""

import errno
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from stimuli.study import ProblemsError
from study_app.storage.outages import outage

DISK_PROBLEMS = (errno.EACCES, errno.EDQUOT, errno.ENOSPC, errno.EPERM, errno.EROFS)
P = ParamSpec("P")
R = TypeVar("R")


def problems_as_messages(command: Callable[P, R]) -> Callable[P, R]:
    """A command that prints its problems as one message and exits with status 1."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except ProblemsError as error:
            raise click.ClickException(str(error)) from None
        except (DBAPIError, PoolTimeoutError) as error:
            if problem := outage(error):
                raise click.ClickException(f"the database: {problem}") from None
            raise
        except OSError as error:
            if error.errno not in DISK_PROBLEMS:
                raise
            where = error.filename or "a file"
            raise click.ClickException(f"{where}: cannot be written: {error.strerror}") from None

    return wrapped
