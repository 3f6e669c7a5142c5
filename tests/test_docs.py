"""The README says what is there: its commands, its pictures, and the make targets."""

import re

import pytest

from stimuli.cli import main
from stimuli.sal.cli import main as sal
from study_app.cli import study
from tests.lab import ROOT

README = (ROOT / "README.md").read_text("utf-8")
SALIENCY = (ROOT / "docs/saliency_training.md").read_text("utf-8")


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_offline_command_is_documented(name: str) -> None:
    assert f"python -m stimuli {name}" in README


@pytest.mark.parametrize("name", sorted(sal.commands))
def test_every_command_of_saliency_training_is_documented(name: str) -> None:
    assert f"python -m stimuli.sal {name}" in SALIENCY


@pytest.mark.parametrize("name", sorted(study.commands))
def test_every_study_command_is_documented(name: str) -> None:
    assert f"study {name}" in README


def test_every_command_says_what_it_does() -> None:
    for command in (*main.commands.values(), *sal.commands.values(), *study.commands.values()):
        assert command.help


def test_every_picture_is_there() -> None:
    pictures = re.findall(r"\]\((docs/[^)]+)\)", README)
    assert len(pictures) >= 5
    assert [path for path in pictures if not (ROOT / path).is_file()] == []


def test_every_make_target_that_is_named_exists() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE)
    assert set(re.findall(r"make ([a-z]+)", README)) <= set(targets)
