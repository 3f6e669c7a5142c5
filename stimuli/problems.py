"""One exception for bad input: everything that is wrong, in one message."""

from collections.abc import Sequence
from typing import Self

from pydantic import ValidationError


class ProblemsError(ValueError):
    """All problems of one input.

    Attributes:
        subject: what was read, such as a file's path.
        problems: one line each: what is wrong, where, and what to do.
    """

    def __init__(self, subject: str, problems: Sequence[str]) -> None:
        self.subject = subject
        self.problems = tuple(problems)
        count = f"{len(problems)} problem" + ("s" if len(problems) != 1 else "")
        super().__init__("\n".join([f"{subject}: {count}", *(f"  - {p}" for p in problems)]))

    def __reduce__(self) -> tuple[type[Self], tuple[str, tuple[str, ...]]]:
        """Whole in another process too: by default, the message alone would be handed over."""
        return type(self), (self.subject, self.problems)


def some_of(names: Sequence[str], *, limit: int = 3) -> str:
    """The first names and how many more there are, for a problem that many files share."""
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + more


def validation_problems(error: ValidationError, *, where: str = "") -> list[str]:
    """A line for each of pydantic's errors: the place, the message and the value given."""
    lines = []
    for detail in error.errors(include_url=False):
        place = where + ".".join(map(str, detail["loc"]))
        message = detail["msg"].removeprefix("Value error, ")
        if detail["type"] == "missing":
            message = "is missing; add it"
        elif detail["type"] == "extra_forbidden":
            message = "is not known here; remove it or correct its spelling"
        elif detail["type"] != "value_error":
            message = f"{message}; it is {detail['input']!r}"
        lines.append(f"{place}: {message}" if place or detail["type"] != "value_error" else message)
    return lines
