"""Other people's programs that benchmarks compare ours with: `requirements-bench.txt`."""

from importlib import import_module
from types import ModuleType

import pytest


def peer(module: str) -> ModuleType:
    """A module of a peer; where it is absent the test fails, and says how to install it."""
    try:
        return import_module(module)
    except ImportError as error:
        reason = str(error)
    remedy = "`make bench` installs requirements-bench.txt into .venv-bench and runs from there"
    pytest.fail(f"{module} cannot be imported ({reason}): {remedy}", pytrace=False)
