"""A preregistration as it is read again: the facts at the end of its Markdown file."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, ValidationError

from analysis.export.digest import sha256_of
from analysis.export.strict_facts import Facts
from analysis.problems import ExportError, validation_problems

OPEN = "## What is still open?"
FENCE = "```"
BLOCK = f"{FENCE}toml\n"
# Words, and what is for the provider alone, such as completion codes, which nobody should publish.
NOT_REGISTERED = ("texts", "words", "names", "provider", "prolific")


class RegisteredFacts(Facts):
    """What was registered.

    Attributes:
        created_at: when the file was written.
        study_digest: of the study file.
        bundle_digest: empty where the stimuli were not built yet.
        tables: of the study file as it was written, without those of `NOT_REGISTERED`.
    """

    schema_version: Literal[1]
    created_at: AwareDatetime
    study_digest: str
    bundle_digest: str = ""
    tables: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Registration:
    """A file that was registered.

    Attributes:
        file: its name.
        sha256: its digest.
        facts: those at its end.
        left_open: the points that still stand under `OPEN`.
    """

    file: str
    sha256: str
    facts: RegisteredFacts
    left_open: tuple[str, ...] = ()


def registered_tables(text: str) -> dict[str, Any]:
    """The tables of a study file that a registration holds."""
    tables = tomllib.loads(text)
    return {name: table for name, table in tables.items() if name not in NOT_REGISTERED}


def read_registration(path: Path) -> Registration:
    """Read what `python -m analysis.preregister` wrote.

    Raises:
        ExportError: with every problem, if that is something else.
    """
    subject = str(path)
    try:
        words, block, rest = path.read_text("utf-8").rpartition(BLOCK)
    except (OSError, UnicodeDecodeError):
        raise ExportError(subject, ["cannot be read; give the path of a preregistration"]) from None
    if not block:
        problem = "has no facts at its end; make it again with `python -m analysis.preregister`"
        raise ExportError(subject, [problem])
    try:
        facts = RegisteredFacts.model_validate(tomllib.loads(rest.rpartition(FENCE)[0]))
    except tomllib.TOMLDecodeError as error:
        raise ExportError(subject, [f"its facts are not TOML ({error}); restore them"]) from None
    except ValidationError as error:
        raise ExportError(subject, validation_problems(error, file=path.name)) from None
    return Registration(
        file=path.name, sha256=sha256_of(path), facts=facts, left_open=left_open(words)
    )


def left_open(words: str) -> tuple[str, ...]:
    """The points under `OPEN`, which an author writes answers and another heading over."""
    _, _, rest = words.partition(f"{OPEN}\n")
    section, _, _ = rest.partition("\n## ")
    return tuple(line.removeprefix("- ") for line in section.splitlines() if line.startswith("- "))
