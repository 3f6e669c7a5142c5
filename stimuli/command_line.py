"""What the commands of the offline stage share: types of paths, and one message for bad input."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from stimuli.problems import ProblemsError

TOML_FILE = click.Path(path_type=Path, dir_okay=False)
CSV_FILE = click.Path(path_type=Path, dir_okay=False)
ONNX_FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)


@contextmanager
def one_message() -> Iterator[None]:
    """Turn bad input into its one message and exit status 1, without a traceback."""
    try:
        yield
    except ProblemsError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
