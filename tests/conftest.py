"""Fixtures that several packages share: the demo bundle, and a study that runs on a bundle."""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import disk_usage

import hypothesis
import numpy as np
import pytest
from playwright.sync_api import Browser

from tests.lab import Lab, kept_demo
from tests.web import open_chromium

MEMORY = Path("/dev/shm")
ROOM = 8 * 2**30  # bytes: what all tests write, several times over

# A busy machine is slow, not wrong.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


def pytest_configure() -> None:
    """Files of tests lie in memory where there is room: a disk's syncs take a third of the time."""
    if MEMORY.is_dir() and disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.fixture
def rng() -> np.random.Generator:
    """Random numbers, the same in every run."""
    return np.random.default_rng(7)


@pytest.fixture(scope="session")
def demo_bundle() -> Path:
    """The demo bundle, made by the code as it is now."""
    return kept_demo()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser."""
    with open_chromium() as browser:
        yield browser


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits for the demo bundle is slow, and begins: one worker builds, another goes on."""
    waiting = [item for item in items if "demo_bundle" in getattr(item, "fixturenames", ())]
    for item in waiting:
        item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: item not in waiting)


def pytest_collection_finish() -> None:
    """What was imported, 800,000 objects, stays: no collection looks at it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def new_lab(tmp_path: Path) -> Callable[[Path], Lab]:
    """Opens a lab whose study runs on a bundle."""

    def open_lab(bundle: Path) -> Lab:
        lab = Lab(instance=tmp_path / "instance")
        lab.study("load", bundle)
        return lab

    return open_lab
