"""A disk that is full: what cannot be written whole is not there, and the error names the place.

No file may grow beyond a limit here, which is what a disk without space looks like from inside.
"""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from explainers.classifier import new_classifier, save_checkpoint
from stimuli.bundle import Bundle, write_partial
from stimuli.cache import write_arrays, write_bytes
from stimuli.command_line import of_system

LIMIT = 2000


@contextmanager
def small_disk() -> Iterator[None]:
    """No file may become larger than LIMIT bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def write_network(path: Path) -> None:
    classifier = new_classifier("tiny", weights="none", classes=("a", "b"), seed=0)
    save_checkpoint(path, classifier, metrics={}, config={})


@pytest.mark.parametrize(
    "write",
    [
        lambda path: write_bytes(path, [b"x" * LIMIT, b"y"]),
        lambda path: write_arrays(path, {"map": np.zeros(LIMIT)}),
        write_network,
    ],
    ids=["bytes", "arrays", "checkpoint"],
)
def test_a_file_that_finds_no_space_is_not_there_at_all_33(
    write: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "folder" / "result"
    with small_disk(), pytest.raises(OSError, match="too large") as error:
        write(path)
    assert list(path.parent.iterdir()) == []
    subject, (problem,) = of_system(error.value)
    assert subject == str(path)
    assert "free some space" in problem
    write(path)
    assert [file.name for file in path.parent.iterdir()] == ["result"]


def test_a_bundle_that_finds_no_space_is_not_there_at_all_33(
    colour_bundle: Bundle, tmp_path: Path
) -> None:
    folder, given = tmp_path / "colours.partial", colour_bundle
    with small_disk(), pytest.raises(OSError, match="too large") as error:
        write_partial(
            folder,
            manifest=given.manifest,
            study_text=given.study_text,
            stimuli=given.stimuli,
            predictions=given.predictions,
            explanations=given.explanations,
            pool=given.pool,
            images={"images/large.jpg": b"x" * 2 * LIMIT},
        )
    assert error.value.filename == str(folder)
    assert list(tmp_path.iterdir()) == []
