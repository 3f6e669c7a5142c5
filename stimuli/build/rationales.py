"""The line of practice feedback that says why the AI's answer is right or wrong."""

import os
import re
import textwrap
from collections.abc import Collection, Sequence

from stimuli.datasets.base import ClassInfo

# Feedback shows two or three lines, and a wrong answer needs two descriptions.
DESCRIPTION_CHARACTERS = 100
CLAUSE_END = re.compile(r"[.,;]\s+")


def rationale(
    truth: int, guesses: Collection[int], classes: Sequence[ClassInfo], ai_name: str
) -> str:
    """Why the answer is right or wrong, from the descriptions of the classes.

    "Sam is right: balloon (large tough nonrigid bag ...)." or "Sam is wrong: laptop (a portable
    computer ...), not pillow (a cushion ...)." Clauses that both descriptions begin
    with are then left out.

    Args:
        truth: index of the true class.
        guesses: what the study's classifiers say; where they differ, only the truth is described.
    """
    true, others = classes[truth], set(guesses) - {truth}
    if not others:
        return f"{ai_name} is right: {_described(true)}."
    if len(set(guesses)) > 1:
        return f"The right answer: {_described(true)}."
    (guess,) = (classes[n] for n in others)
    # Similar classes share their first clauses: begin with the first one in which they differ.
    texts = [true.description, guess.description]
    clauses = list(CLAUSE_END.finditer(os.path.commonprefix(texts)))
    start = clauses[-1].end() if clauses and texts[0] != texts[1] else 0
    return f"{ai_name} is wrong: {_described(true, start)}, not {_described(guess, start)}."


def _described(info: ClassInfo, start: int = 0) -> str:
    clause = info.description[start:].rstrip(". ")
    text = textwrap.shorten(clause, DESCRIPTION_CHARACTERS, placeholder=" …")
    return f"{info.name} ({'… ' if start else ''}{text})" if text else info.name
