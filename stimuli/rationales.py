"""The line of practice feedback that says why the AI's answer is right or wrong."""

import textwrap
from collections.abc import Collection, Sequence

from stimuli.datasets.base import ClassInfo

# Feedback shows two or three lines, and a wrong answer needs two descriptions.
DESCRIPTION_CHARACTERS = 100


def rationale(
    truth: int, guesses: Collection[int], classes: Sequence[ClassInfo], ai_name: str
) -> str:
    """Why the answer is right or wrong, from the descriptions of the classes.

    "Sam is right: balloon (large tough nonrigid bag ...)." or "Sam is wrong: laptop (a portable
    computer ...), not pillow (a cushion ...)."

    Args:
        truth: index of the true class.
        guesses: what the study's classifiers say; where they differ, only the truth is described.
    """
    named, others = _described(classes[truth]), set(guesses) - {truth}
    if not others:
        return f"{ai_name} is right: {named}."
    if len(set(guesses)) > 1:
        return f"The right answer: {named}."
    (guess,) = others
    return f"{ai_name} is wrong: {named}, not {_described(classes[guess])}."


def _described(info: ClassInfo) -> str:
    text = textwrap.shorten(info.description.rstrip(". "), DESCRIPTION_CHARACTERS, placeholder=" …")
    return f"{info.name} ({text})" if text else info.name
