"""The shape of the repository: who may import whom, and what stands at the root."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab import ROOT

AT_THE_ROOT = {
    *("study_app", "explainers", "stimuli", "analysis", "instance", "tests", "docs", ".ci"),
    *("requirements.txt", "requirements-app.txt", "requirements-dev.txt", "requirements-bench.txt"),
    *("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"),
    *("pyproject.toml", "Makefile", ".gitignore"),
}
HEAVY = ("torch", "torchvision", "faiss", "onnxruntime")


def test_the_import_rules_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "module", ["study_app", "analysis.report", "stimuli.bundle", "stimuli.cli", "stimuli.sal.cli"]
)
def test_importing_a_light_module_loads_no_machine_learning_library(module: str) -> None:
    """import-linter does not see imports in a package's `__init__`; Python does."""
    code = f"import sys, {module}; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_app_reads_the_offline_stage_only_through_study_and_bundle() -> None:
    allowed = ("from stimuli.study import", "from stimuli.bundle import")
    strangers = [
        f"{path.name}: {line}"
        for path in ROOT.glob("study_app/**/*.py")
        for line in path.read_text("utf-8").splitlines()
        if line.startswith(("from stimuli", "import stimuli", "from explainers", "from analysis"))
        and not line.startswith(allowed)
    ]
    assert strangers == []


def test_the_root_holds_only_what_people_expect_there() -> None:
    listed = subprocess.run(
        ["git", "ls-tree", "--name-only", "HEAD"], cwd=ROOT, capture_output=True, text=True
    )
    assert listed.returncode == 0, listed.stderr
    assert set(listed.stdout.split()) <= AT_THE_ROOT
