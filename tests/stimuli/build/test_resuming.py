"""A build that is killed and begun again: a real process, ended without a chance to tidy up."""

import subprocess
from functools import partial
from pathlib import Path

import pytest

from stimuli.build.pipeline import build
from stimuli.bundle import Bundle
from stimuli.bundle.check import check_bundle
from stimuli.datasets.adaptors import open_dataset
from stimuli.study import parse_study
from tests.lab import LIMIT_S, kill_once, start_python
from tests.stimuli.conftest import STUDY, new_machine

TEXT = STUDY + "[adversarial]\nper_bin = 1\nattacked = 20\n"
# What is there when the build is killed: after each of these it goes on with another step.
MOMENTS = (
    "kept/pictures/*/*.npz",
    "kept/*/attacks-adversarial/*/*.jpg",
    "out.partial/images/*.jpg",
)


@pytest.fixture(scope="module")
def whole(colour_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A bundle that was built without being interrupted, on a machine of its own."""
    folder = tmp_path_factory.mktemp("whole")
    study = parse_study(TEXT, subject="study.toml")
    dataset = open_dataset(study.dataset, colour_folder)
    return build(study, TEXT, dataset, new_machine(folder), folder / "out")


def seen(folder: Path, pattern: str) -> bool:
    return any(folder.glob(pattern))


def start(folder: Path, photos: Path) -> subprocess.Popen[bytes]:
    command = ["-m", "stimuli", "build", "study.toml", "--data", photos, "--out", "instance/out"]
    return start_python(*command, cwd=folder)


@pytest.mark.slow
def test_a_build_that_was_killed_again_and_again_gives_the_same_bytes(
    whole: Bundle, colour_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "study.toml").write_text(TEXT)
    instance = tmp_path / "instance"
    for pattern in MOMENTS:
        kill_once(partial(seen, instance, pattern), start(tmp_path, colour_folder))
        assert not (instance / "out").exists()
    assert start(tmp_path, colour_folder).wait(LIMIT_S) == 0
    assert check_bundle(instance / "out").checksums == whole.checksums
