"""The study: `study.toml` read, with every problem in one message. Imports no torch."""

import hashlib
import tomllib
from pathlib import Path
from typing import Self

from pydantic import ValidationError, model_validator

from stimuli.problems import ProblemsError, validation_problems
from stimuli.study.consistency import table_problems
from stimuli.study.definition import StudyTables
from stimuli.study.recording import HOW, default_consent


class StudyError(ProblemsError):
    """A study file that cannot be used."""


class Study(StudyTables):
    """A study file whose tables agree."""

    @model_validator(mode="after")
    def _tables_agree(self) -> Self:
        if problems := table_problems(self):
            raise ValueError("\n".join(problems))
        return self


def parse_study(text: str, *, subject: str) -> Study:
    """Read the text of a study file.

    Raises:
        StudyError: with every problem, if it is not a valid study.
    """
    try:
        return Study.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise StudyError(subject, [f"is not TOML: {error}"]) from None
    except ValidationError as error:
        lines = [line for p in validation_problems(error) for line in p.splitlines()]
        raise StudyError(subject, lines) from None


# What study files meant that could not say these yet.
EARLIER: dict[str, dict[str, object]] = {
    "trial": {"record_view": False, "pause": False},
    "practice": {"steps": "paper", "explain": "never", "feedback": "verdict"},
    "texts": {"consent": default_consent(HOW)},
}


def with_earlier_screens(study: Study) -> Study:
    """A study of before `[trial]`: of what it leaves out, its participants meet what they did."""
    tables = {}
    for name, before in EARLIER.items():
        table = getattr(study, name)
        unsaid = {key: value for key, value in before.items() if key not in table.model_fields_set}
        tables[name] = table.model_copy(update=unsaid)
    return study.model_copy(update=tables)


def read_study_text(path: Path) -> str:
    """The text of a study file.

    Raises:
        StudyError: if there is no such text file.
    """
    if not path.is_file():
        raise StudyError(str(path), ["there is no such file; give the path of a study.toml"])
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise StudyError(str(path), [f"is not UTF-8 text: {error}"]) from None


def read_study(path: Path) -> Study:
    """Read a study file; errors as in `parse_study`."""
    return parse_study(read_study_text(path), subject=str(path))


def digest_of(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
