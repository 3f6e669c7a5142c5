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
    lines = []
    for detail in error.errors(include_url=False):
        place = f"{file}, {'.'.join(map(str, detail['loc']))}" if detail["loc"] else file
        message = detail["msg"].removeprefix("Value error, ")
        match detail["type"]:
            case "missing":
                lines.append(f"{place}: is missing; add it")
            case "extra_forbidden":
                lines.append(f"{place}: is not known here; remove it or correct its spelling")
            case "value_error":
                lines.append(f"{place}: {message}")
            case _:
                lines.append(f"{place}: {message}; it is {detail['input']!r}")
    return lines
