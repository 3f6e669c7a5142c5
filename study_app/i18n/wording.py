"""Small words that depend on facts: articles, percentages, titles of phases."""

import re
from decimal import ROUND_HALF_UP, Decimal

from stimuli.study import QUESTIONS, Phase, Study, sentence
from study_app.i18n.sentences import say

PHASE_TITLES = {
    Phase.PRACTICE: sentence("Practice"),
    Phase.VALIDATION: sentence("First questions"),
    Phase.TEST: sentence("Main questions"),
}

IS_RIGHT = sentence("Is %(ai)s right?")  # a decision, where the answer is yet to come
USUAL_QUESTIONS = frozenset((*QUESTIONS.values(), IS_RIGHT))


# Vowels that are spoken as consonants: a one, a European robin, a unicorn, a ewe.
SPOKEN_AS_CONSONANT = re.compile(r"(one|once)\b|eu|ewe|uni(?![mn])|us[ae]|uto", re.IGNORECASE)


def article(label: str) -> str:
    """`a` or `an`, by the first letter as in the paper's screens, but where it sounds otherwise."""
    is_vowel = label[:1].lower() in tuple("aeiou") and not SPOKEN_AS_CONSONANT.match(label)
    return "an" if is_vowel else "a"


def article_in(study: Study, label: str) -> str:
    """What stands before a name; empty in other languages, whose sentences do without."""
    return article(label) if study.study.is_english else ""


def percent(confidence: float) -> int:
    """A probability in whole per cent, half rounded up."""
    exact = Decimal(str(confidence)) * 100
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def question_in_words(study: Study, text: str, label: str) -> str:
    """A step's question in the study's language; that of a study file as it stands there.

    Args:
        label: what the question may name.
    """
    if text not in USUAL_QUESTIONS:
        return text
    return say(study, text, label=label, ai=study.study.ai_name)
