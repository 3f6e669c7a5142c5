"""How every command of the analysis says that it cannot go on: one message, exit status 1."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from analysis.problems import ExportError


@contextmanager
def problems_end_the_command() -> Iterator[None]:
    """Print what is wrong with an export, or which file failed, to stderr, and exit with 1."""
    try:
        yield
    except (ExportError, OSError) as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(1)
