"""Small words that depend on facts: articles, percentages, titles of phases."""

from decimal import ROUND_HALF_UP, Decimal

from stimuli.study import Phase, Study, sentence

PHASE_TITLES = {
    Phase.PRACTICE: sentence("Practice"),
    Phase.VALIDATION: sentence("First questions"),
    Phase.TEST: sentence("Main questions"),
}


def article(label: str) -> str:
    """`a` or `an`, by the first letter, as in the paper's screens."""
    return "an" if label[:1].lower() in tuple("aeiou") else "a"


def article_in(study: Study, label: str) -> str:
    """What stands before a name; empty in other languages, whose sentences do without."""
    return article(label) if study.study.is_english else ""


def percent(confidence: float) -> int:
    """A probability in whole per cent, half rounded up."""
    exact = Decimal(str(confidence)) * 100
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
