"""How far something is: tqdm's bar on a terminal, and in a log a line now and then."""

import logging
import sys
import time
from collections.abc import Iterable
from typing import Any

import tqdm as bars

log = logging.getLogger(__name__)

# What takes less needs no line, and a night's log stays readable.
SECONDS_PER_LINE = 60.0
LINE = "{desc}: {n_fmt} of {total_fmt} {unit}, {elapsed} gone, about {remaining} left{postfix}"


class LogLines:
    """A file for tqdm that passes on one text a minute, as a line of the log."""

    def __init__(self) -> None:
        self.next_at = time.monotonic() + SECONDS_PER_LINE

    def write(self, text: str) -> None:
        """Log a text, if it is time."""
        line, now = text.strip(), time.monotonic()
        if line and now >= self.next_at:
            log.info("%s", line)
            self.next_at = now + SECONDS_PER_LINE

    def flush(self) -> None:
        """Nothing is held back."""


def tqdm(items: Iterable[Any] | None = None, **options: Any) -> "bars.tqdm[Any]":
    """As tqdm's own, of which every bar is one of these.

    Where standard error is no terminal, nothing is said of what takes less than a minute.
    """
    if sys.stderr.isatty():
        return bars.tqdm(items, **options)
    return bars.tqdm(items, file=LogLines(), bar_format=LINE, **options)
