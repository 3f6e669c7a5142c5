"""What the commands of the offline stage share: types of paths, and one message for bad input."""

import errno
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from stimuli.problems import ProblemsError

TOML_FILE = click.Path(path_type=Path, dir_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False)
CSV_FILE = ONNX_FILE = FILE
FOLDER = click.Path(path_type=Path, file_okay=False)

Command = TypeVar("Command", bound=Callable[..., Any])


def with_options(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """A decorator that applies click's decorators, the first of them first in the help."""

    def apply(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return apply


def log_steps() -> None:
    """One line per step on standard error."""
    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    logging.getLogger("stimuli").setLevel(logging.INFO)


@contextmanager
def one_message() -> Iterator[None]:
    """Turn bad input into its one message and exit status 1, without a traceback.

    So is what the operating system refuses, such as a full disk or a folder of somebody else.
    """
    try:
        yield
    except ProblemsError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(str(ProblemsError(*of_system(error))), err=True)
        sys.exit(1)


FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def of_system(error: OSError) -> tuple[str, list[str]]:
    """The subject and the problem of what the operating system refused, as for `ProblemsError`."""
    reason = error.strerror or str(error) or type(error).__name__
    advice = "see to it, and give the same command again"
    if error.errno in FULL:
        advice = "free some space and give the same command again: what was made so far is kept"
    return str(error.filename or "this machine"), [f"{reason}; {advice}"]
