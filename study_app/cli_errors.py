"""Problems become one message and exit status 1, without a traceback."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from stimuli.study import ProblemsError

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

    return wrapped
