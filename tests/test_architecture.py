"""The shape of the repository: who may import whom, how large things are, what they are called."""

import ast
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.lab import ROOT

AT_THE_ROOT = {
    *("study_app", "explainers", "stimuli", "analysis", "instance", "tests", "docs", ".ci"),
    *("requirements.txt", "requirements-app.txt", "requirements-dev.txt", "requirements-bench.txt"),
    *("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"),
    *("pyproject.toml", "Makefile", ".gitignore"),
}
PACKAGES = ("study_app", "stimuli", "analysis", "explainers")
MOST_MODULES = 22  # in a folder: a stranger reads no longer list
MOST_LINES = 40  # of a function
MOST_SLIVERS = 0.18  # of all functions: private, and called in one place only
# What modules of one name have in common, wherever they stand.
SHARED_NAMES = {
    "accuracy": "shares of right decisions",
    "advice": "answers before and after it was shown what the AI says",
    "answer": "what the report begins with",
    "attention": "attention checks",
    "base": "what all leaves of the folder have in common",
    "bins": "easy, medium and hard",
    "acceptance_by_confidence": "how often people accept at each confidence",
    "cli": "commands",
    "columns": "the columns of an export",
    "command_line": "what the commands of a package share",
    "comprehension": "questions on the instructions",
    "confidence": "the AI's confidence, and what people do with it",
    "consistency": "what parts of one thing owe each other",
    "context": "what all steps of a build or a run share",
    "conversion": "from another tool's files to an export",
    "coverage": "how many people judged each stimulus",
    "dataset": "a data set adaptor that has a folder of its own",
    "debatable": "stimuli whose true label may be wrong",
    "defences": "what marks people who were sent to be caught",
    "differences": "pairs of conditions",
    "formulas": "text that a spreadsheet would compute, in CSV files",
    "gate": "right validation answers needed",
    "looks": "the primary test made while people come",
    "map_file": "the file that says how another tool's files are read",
    "neighbours": "the training photos that are most alike",
    "problems": "one exception with everything that is wrong",
    "questionnaires": "scales, and other answers after the trials",
    "rational": "what could be reached with the confidence alone",
    "reliance": "accepting right and wrong answers",
    "salient": "the object that stands out",
    "score_ranks": "how scores rank explanations, beside people",
    "scores": "explanation scores against people",
    "selection": "what dropout and gate do to a difference",
    "session": "what happens between the first screen and the last",
    "signals": "what may tell that a program answered",
    "step_consistency": "what steps owe what stands beside them",
    "steps": "what a trial shows and asks, one after the other",
    "study_file": "study.toml as it is read",
    "synergy": "the team against the better of people and AI alone",
    "team": "people with the AI beside the AI alone",
    "training": "a classifier learns",
    "viewing": "what people knew, saw and took",
    "views": "Flask views",
    "write": "an export is written",
}
# One design: the study's pages have the original, and no package may read another's files.
STYLESHEETS = {
    "study_app": "study_app/static/study.css",
    "stimuli": "stimuli/review/templates/review.css",
    "analysis": "analysis/report/templates/report.css",
}
SERIF = "source-serif-4-latin-wght-normal.woff2"
DESIGN_FILES = {
    "study_app/static/lorikeet.svg": "lorikeet.svg",
    f"study_app/static/source-serif/{SERIF}": SERIF,
    "study_app/static/source-serif/LICENSE": "source-serif-LICENSE",
}
BEFORE_STUDY = ("power", "preregister")  # rooms of the analysis that read a study file
HEAVY = ("torch", "torchvision", "captum", "faiss", "onnxruntime")
LIGHT = (
    *("study_app", "analysis.report"),
    *("analysis.power.__main__", "analysis.preregister.__main__"),
    *("stimuli.bundle", "stimuli.cli", "stimuli.sal.cli"),
    "stimuli.ceiling.ceiling_page",
)


def test_the_import_rules_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_importing_light_modules_loads_no_machine_learning_library() -> None:
    """import-linter does not see imports in a package's `__init__`; Python does."""
    code = (
        "import sys, importlib\n"
        f"for module in {LIGHT!r}:\n"
        "    importlib.import_module(module)\n"
        f"    print([(module, m) for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["[]"] * len(LIGHT)


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


def test_the_analysis_reads_the_offline_stage_only_before_a_study_and_through_its_study() -> None:
    strangers = [
        f"{path.relative_to(ROOT)}: {line}"
        for path in ROOT.glob("analysis/**/*.py")
        for line in path.read_text("utf-8").splitlines()
        if line.startswith(("from stimuli", "import stimuli", "from explainers", "from study_app"))
        and not (line.startswith("from stimuli.study import") and path.parent.name in BEFORE_STUDY)
    ]
    assert strangers == []


def test_no_folder_of_tests_is_passed_over(pytestconfig: pytest.Config) -> None:
    """pytest leaves out folders by their names, and says nothing."""
    names = {path.parent.name for path in ROOT.glob("tests/**/test_*.py")}
    patterns = pytestconfig.getini("norecursedirs")
    assert {name for name in names if any(fnmatch(name, pattern) for pattern in patterns)} == set()


def test_the_root_holds_only_what_people_expect_there() -> None:
    listed = subprocess.run(
        ["git", "ls-tree", "--name-only", "HEAD"], cwd=ROOT, capture_output=True, text=True
    )
    assert listed.returncode == 0, listed.stderr
    assert set(listed.stdout.split()) <= AT_THE_ROOT


def modules(package: str) -> Iterator[Path]:
    """The modules of a package, without migrations, which are never changed."""
    for path in sorted((ROOT / package).rglob("*.py")):
        if "migrations" not in path.parts:
            yield path


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions and methods of a module."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("package", PACKAGES)
def test_no_folder_has_more_modules_than_a_stranger_reads(package: str) -> None:
    folders = Counter(path.parent for path in modules(package) if path.stem != "__init__")
    crowded = {str(f.relative_to(ROOT)): n for f, n in folders.items() if n > MOST_MODULES}
    assert crowded == {}


def test_modules_of_one_name_mean_the_same() -> None:
    places = defaultdict[str, list[str]](list)
    for package in PACKAGES:
        for path in modules(package):
            if not path.stem.startswith("__"):
                places[path.stem].append(str(path.relative_to(ROOT)))
    repeated = {name for name, paths in places.items() if len(paths) > 1}
    assert repeated == set(SHARED_NAMES), "say in SHARED_NAMES what they have in common, or rename"


@pytest.mark.parametrize("package", PACKAGES)
def test_every_function_fits_on_a_screen(package: str) -> None:
    lengths = {
        f"{path.relative_to(ROOT)}: {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in modules(package)
        for node in functions(path)
    }
    assert {where: n for where, n in lengths.items() if n > MOST_LINES} == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_few_functions_are_private_helpers_with_one_caller(package: str) -> None:
    """Those that a framework calls, which have no caller in the module, count as such too."""
    n_functions, slivers = 0, []
    for path in modules(package):
        tree = ast.parse(path.read_text("utf-8"))
        used = Counter(n.id for n in ast.walk(tree) if isinstance(n, ast.Name))
        used += Counter(n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute))
        for node in functions(path):
            n_functions += 1
            is_private = node.name.startswith("_") and not node.name.startswith("__")
            if is_private and used[node.name] <= 1:
                slivers.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert len(slivers) <= MOST_SLIVERS * n_functions, "\n".join(slivers)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_test_file_is_called_as_the_module_that_it_tests(package: str) -> None:
    """Or as what several modules do together, in the folder that mirrors theirs."""
    folders = {path.parent.relative_to(ROOT) for path in modules(package)}
    strangers = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "tests" / package).rglob("test_*.py")
        if path.parent.relative_to(ROOT / "tests") not in folders
    ]
    assert strangers == []


def test_all_pages_have_the_colours_the_type_and_the_sizes_of_the_study() -> None:
    pattern = re.compile(r"/\* design tokens \*/.*?/\* end of design tokens \*/", flags=re.DOTALL)
    blocks = {
        package: pattern.findall((ROOT / path).read_text("utf-8"))
        for package, path in STYLESHEETS.items()
    }
    assert all(block == blocks["study_app"] for block in blocks.values()), "copy that of study.css"
    assert len(blocks["study_app"]) == 1


def test_all_pages_have_the_letters_and_the_bird_of_the_study() -> None:
    for original, name in DESIGN_FILES.items():
        for package in ("stimuli", "analysis"):
            copy = (ROOT / STYLESHEETS[package]).with_name(name)
            assert copy.read_bytes() == (ROOT / original).read_bytes(), copy


def test_no_stylesheet_has_a_colour_that_is_no_token() -> None:
    """The white paper of figures, and shades of black, aside."""
    for path in (STYLESHEETS["stimuli"], STYLESHEETS["analysis"]):
        own = (ROOT / path).read_text("utf-8").partition("/* end of design tokens */")[2]
        assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;, )])", own)) <= {"#ffffff"}, path
