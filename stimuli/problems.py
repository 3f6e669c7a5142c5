"""One exception for bad input: everything that is wrong, in one message."""

import re
from collections.abc import Mapping, Sequence
from typing import Self

from pydantic import ValidationError

# Above so many, like problems say no more than their number and the first of them.
LISTED = 5
QUOTED = r"'[^']*'|\"[^\"]*\""
# What has a digit, a slash or an ending, such as a line, a size, a path or the name of a file.
VALUE = rf"{QUOTED}|\S*[\d/\\]\S*|\S+\.\w+"
NOTHING = r"(?!)"


class ProblemsError(ValueError):
    """All problems of one input.

    Attributes:
        subject: what was read, such as a file's path.
        problems: one line each: what is wrong, where, and what to do. The message has one line
            for many like problems.
    """

    def __init__(self, subject: str, problems: Sequence[str]) -> None:
        self.subject = subject
        self.problems = tuple(problems)
        count = f"{len(problems)} problem" + ("s" if len(problems) != 1 else "")
        lines = (f"  - {line}" for line in grouped(problems))
        super().__init__("\n".join([f"{subject}: {count}", *lines]))

    def __reduce__(self) -> tuple[type[Self], tuple[str, tuple[str, ...]]]:
        """Whole in another process too: by default, the message alone would be handed over."""
        return type(self), (self.subject, self.problems)


def grouped(problems: Sequence[str]) -> list[str]:
    """The problems, of which many that differ only in places, names or numbers are one line.

    First those that differ in places and numbers, then of what remains those that differ in what
    they quote too. Each line stands where its first problem does.
    """
    lines, single = dict(enumerate(problems)), dict(enumerate(problems))
    for kept in (re.compile(QUOTED), re.compile(NOTHING)):
        for numbers in alike(single, kept):
            first, *others = numbers
            lines[first] = as_one([problems[number] for number in numbers])
            for number in others:
                del lines[number]
            for number in numbers:
                del single[number]
    return list(lines.values())


def alike(lines: Mapping[int, str], kept: re.Pattern[str]) -> list[list[int]]:
    """The numbers of many lines that differ only in values, but for those of a kept form."""
    groups: dict[str, list[int]] = {}
    for number, line in lines.items():
        form = re.sub(VALUE, lambda v: v[0] if kept.fullmatch(v[0]) else "\0", line)
        groups.setdefault(form, []).append(number)
    return [numbers for numbers in groups.values() if len(numbers) > LISTED]


def as_one(problems: Sequence[str]) -> str:
    """The first of like problems, their number, and where the next of them are."""
    places = [problem.partition(": ")[0] if ": " in problem else "" for problem in problems]
    if len(set(places)) == 1:
        values = [re.findall(VALUE, problem) for problem in problems]
        differing = (column for column in zip(*values, strict=False) if len(set(column)) > 1)
        places = list(next(differing, places))
    others = some_of(list(dict.fromkeys(places[1:])))
    return f"{len(problems)} like this: {problems[0]} (also {others})"


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
