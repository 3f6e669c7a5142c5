"""How large a benchmark is: as its head says, or small where `QUICK=1` is in the environment.

A small one shows in seconds that it still runs. Of so little nothing follows: claims about times,
counts and probabilities are then printed and not checked (`assert QUICK or ...`).
`tests/test_benchmarks.py` has every benchmark do its work in small.
"""

import os
from typing import TypeVar

QUICK = os.environ.get("QUICK", "0") not in ("", "0")

T = TypeVar("T")


def size(whole: T, *, quick: T) -> T:
    """How many there are: as documented, or with `QUICK=1`."""
    return quick if QUICK else whole
