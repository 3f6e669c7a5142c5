"""The documents say what is there: commands, files, modules, pictures, and the make targets."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from stimuli.cli import main
from stimuli.sal.cli import main as sal
from study_app.cli import study
from tests.lab import ROOT

README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = (ROOT / "docs/commands.md").read_text("utf-8")
SALIENCY = (ROOT / "docs/saliency_training.md").read_text("utf-8")
DOCUMENTS = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))

FOLDERS = ("study_app", "stimuli", "analysis", "explainers", "tests", "docs", ".ci")
CODE = (".py", ".html", ".js", ".css")
DATA = (".csv", ".json", ".jsonl", ".md", ".toml")
PLACEHOLDER = re.compile(r"NAME|REVISION|PACKAGE|FOLDER")

every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_offline_command_is_documented(name: str) -> None:
    assert f"python -m stimuli {name}" in COMMANDS


@pytest.mark.parametrize("name", sorted(sal.commands))
def test_every_command_of_saliency_training_is_documented(name: str) -> None:
    assert f"python -m stimuli.sal {name}" in SALIENCY


@pytest.mark.parametrize("name", sorted(study.commands))
def test_every_study_command_is_documented(name: str) -> None:
    assert f"study {name}" in COMMANDS


def test_every_command_says_what_it_does() -> None:
    for command in (*main.commands.values(), *sal.commands.values(), *study.commands.values()):
        assert command.help


def test_the_readme_is_short_and_shows_the_study() -> None:
    assert len(README) <= 8000
    assert len(re.findall(r"!\[[^]]*\]\(docs/pictures/", README)) >= 5


def test_the_readme_names_the_commands_that_test() -> None:
    assert all(command in README for command in ("make test ", "make test ALL=1", "make bench"))


@every_document
def test_every_make_target_that_is_named_exists(document: Path) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE)
    named = re.findall(r"(?:`|^)make ([a-z]+)", document.read_text("utf-8"), flags=re.MULTILINE)
    assert set(named) <= set(targets)


@pytest.mark.parametrize(
    "document", [*DOCUMENTS, ROOT / "CHANGELOG.md"], ids=lambda path: path.name
)
def test_every_link_leads_to_a_file_and_its_heading(document: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", document.read_text("utf-8"))
    assert [target for target in targets if not leads_somewhere(target, document)] == []


@every_document
def test_every_file_and_module_that_is_named_exists(document: Path) -> None:
    strangers = [
        word
        for word in words_in_code(document.read_text("utf-8"))
        if (looks_like_a_file(word) and not list(ROOT.glob(PLACEHOLDER.sub("*", word.rstrip("/")))))
        or (looks_like_a_module(word) and not is_module_or_its_name(word))
    ]
    assert strangers == []


def test_every_document_is_linked_from_the_readme() -> None:
    names = [path.relative_to(ROOT).as_posix() for path in DOCUMENTS[1:]]
    assert [name for name in names if f"({name})" not in README] == []


def test_every_picture_of_the_documents_is_shown_in_one() -> None:
    text = "".join(path.read_text("utf-8") for path in DOCUMENTS)
    pictures = [path.name for path in (ROOT / "docs/pictures").iterdir()]
    assert [name for name in pictures if f"pictures/{name})" not in text] == []


def leads_somewhere(target: str, document: Path) -> bool:
    """Whether a link is one to another site, or one to a file, and to a heading of it."""
    if target.startswith(("http://", "https://", "mailto:")):
        return True
    name, _, anchor = target.partition("#")
    path = document.parent / name if name else document
    return path.exists() and (not anchor or anchor in anchors(path.read_text("utf-8")))


def anchors(text: str) -> set[str]:
    """How GitHub calls the headings of a text."""
    headings = re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def words_in_code(text: str) -> Iterator[str]:
    """Every word between single backticks, without what stands around it."""
    prose = re.sub(r"^ *```.*?^ *```", "", text, flags=re.DOTALL | re.MULTILINE)
    for span in re.findall(r"`([^`]+)`", prose):
        yield from (word.strip(",;:()[]\"'") for word in span.split())


def looks_like_a_file(word: str) -> bool:
    """Whether a word is a path below a folder of the repository, or the name of a piece of code.

    What lies in `instance/` belongs to one machine.
    """
    ours = word.startswith(tuple(f"{folder}/" for folder in FOLDERS))
    return ours or (word.endswith(CODE) and not word.startswith("instance/"))


def looks_like_a_module(word: str) -> bool:
    """Whether a word is `package.module`, perhaps with a name in it."""
    packages = "|".join(folder for folder in FOLDERS if folder.isidentifier())
    is_dotted = re.match(rf"({packages})\.\w", word) is not None
    return is_dotted and not word.endswith(DATA) and not looks_like_a_file(word)


def is_module_or_its_name(word: str) -> bool:
    """Whether a module is there, and what is named behind it stands in it."""
    path, names = ROOT, re.split(r"\W", word.replace(".", " "))
    while names and (path / names[0]).is_dir():
        path /= names.pop(0)
    if names and (path / f"{names[0]}.py").is_file():
        path /= f"{names.pop(0)}.py"
    module = path if path.is_file() else path / "__init__.py"
    return not names or (module.is_file() and names[0] in module.read_text("utf-8"))
