"""Markdown as registries show it: lists and tables."""

from collections.abc import Iterable, Sequence


def bullets(lines: Iterable[str]) -> str:
    """A list with a point for each line."""
    return "\n".join(f"- {line}" for line in lines)


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a bar in a cell stays a bar."""
    lines = [headers, ["---"] * len(headers), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines
    )
