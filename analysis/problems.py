"""One exception for an export that cannot be used: everything that is wrong, in one message."""

from collections.abc import Sequence

from pydantic import ValidationError


class ExportError(ValueError):
    """All problems of one export.

    Attributes:
        subject: what was read, such as the export's folder.
        problems: one line each: what is wrong, where, and what to do.
    """

    def __init__(self, subject: str, problems: Sequence[str]) -> None:
        self.subject = subject
        self.problems = tuple(problems)
        count = f"{len(problems)} problem" + ("s" if len(problems) != 1 else "")
        super().__init__("\n".join([f"{subject}: {count}", *(f"  - {p}" for p in problems)]))


def validation_problems(error: ValidationError, *, file: str) -> list[str]:
    """A line for each of pydantic's errors: the place, the message and the value given."""
    return [_line(dict(detail), file) for detail in error.errors(include_url=False)]


def _line(detail: dict[str, object], file: str) -> str:
    location = detail["loc"]
    parts = [str(part) for part in location] if isinstance(location, tuple) else []
    place = f"{file}, {'.'.join(parts)}" if parts else file
    if detail["type"] == "missing":
        return f"{place}: is missing; add it"
    if detail["type"] == "extra_forbidden":
        return f"{place}: is not known here; remove it or correct its spelling"
    message = str(detail["msg"]).removeprefix("Value error, ")
    if detail["type"] == "value_error":
        return f"{place}: {message}"
    return f"{place}: {message}; it is {detail['input']!r}"
