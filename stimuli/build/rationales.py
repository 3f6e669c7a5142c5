"""What practice feedback says of an answer: whole sentences, the difference first."""

import re
from collections.abc import Collection, Sequence

from stimuli.datasets.base import ClassInfo

SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=\S)")


def rationale(
    truth: int, guesses: Collection[int], classes: Sequence[ClassInfo], ai_name: str
) -> str:
    """Why the answer is right or wrong, from the descriptions of the classes.

    "Sam is right. Each hindwing has exactly two ringed eyespots." or "Sam is wrong. Balloon: A
    large tough nonrigid bag. Pillow: A cushion to support the head." Of two classes only those
    sentences are said that the other does not share; of one, those that no other class shares. Of
    classes without a description only the right one is named.

    Args:
        truth: index of the true class.
        guesses: what the study's classifiers say; where they differ, only the truth is described.
    """
    true, others = classes[truth], set(guesses) - {truth}
    if not others:
        rest = [info for info in classes if info is not true]
        return " ".join([f"{ai_name} is right.", *_own_sentences(true, rest)])
    if len(set(guesses)) > 1:
        return f"The right answer is {_described(true, [])}"
    (guess,) = (classes[n] for n in others)
    said = [_described(true, [guess]) if _sentences(true) else f"The right answer is {true.name}."]
    said += [_described(guess, [true])] if _sentences(guess) else []
    return " ".join([f"{ai_name} is wrong.", *said])


def _described(info: ClassInfo, others: Sequence[ClassInfo]) -> str:
    own = _own_sentences(info, others)
    return f"{info.name}: {' '.join(own)}" if own else f"{info.name}."


def _own_sentences(info: ClassInfo, others: Sequence[ClassInfo]) -> list[str]:
    """The sentences of a description that no other one has; all of them if that leaves none."""
    sentences = _sentences(info)
    shared = {sentence for other in others for sentence in _sentences(other)}
    return [sentence for sentence in sentences if sentence not in shared] or sentences


def _sentences(info: ClassInfo) -> list[str]:
    """A description as whole sentences, also where it is a phrase of a dictionary."""
    whole = (part.strip() for part in SENTENCE_END.split(info.description))
    return [_whole(part) for part in whole if part]


def _whole(text: str) -> str:
    ends = text.endswith((".", "!", "?"))
    return f"{text[0].upper()}{text[1:]}{'' if ends else '.'}"
