"""A build that is killed and begun again: a real process, ended without a chance to tidy up."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stimuli.build import build
from stimuli.bundle import Bundle
from stimuli.check import check_bundle
from stimuli.datasets.opening import open_dataset
from stimuli.study import parse_study
from tests.lab import ROOT
from tests.stimuli.conftest import STUDY, new_machine

TEXT = STUDY + "[adversarial]\nper_bin = 1\nattacked = 20\n"
# What is there when the build is killed: after each of these it goes on with another step.
MOMENTS = ("kept/pictures/*/*.npz", "kept/*/attacks/*/*.jpg", "out.partial/images/*.jpg")
LIMIT_S = 120


@pytest.fixture(scope="module")
def whole(colour_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A bundle that was built without being interrupted, on a machine of its own."""
    folder = tmp_path_factory.mktemp("whole")
    study = parse_study(TEXT, subject="study.toml")
    dataset = open_dataset(study.dataset, colour_folder)
    return build(study, TEXT, dataset, new_machine(folder), folder / "out")


def start(folder: Path, photos: Path) -> subprocess.Popen[bytes]:
    """A build in a session of its own, so that its workers can be killed with it."""
    command = [sys.executable, "-m", "stimuli", "build", "study.toml", "--data", photos]
    return subprocess.Popen(
        [*command, "--out", "instance/out"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def kill_once_there(building: subprocess.Popen[bytes], folder: Path, pattern: str) -> None:
    deadline = time.monotonic() + LIMIT_S
    while not any(folder.glob(pattern)):
        assert building.poll() is None, f"the build ended before there was any {pattern}"
        assert time.monotonic() < deadline
        time.sleep(0.005)
    os.killpg(building.pid, signal.SIGKILL)
    assert building.wait() == -signal.SIGKILL


def test_a_build_that_was_killed_again_and_again_gives_the_same_bytes(
    whole: Bundle, colour_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "study.toml").write_text(TEXT)
    instance = tmp_path / "instance"
    for pattern in MOMENTS:
        kill_once_there(start(tmp_path, colour_folder), instance, pattern)
        assert not (instance / "out").exists()
    assert start(tmp_path, colour_folder).wait(LIMIT_S) == 0
    assert check_bundle(instance / "out").checksums == whole.checksums
