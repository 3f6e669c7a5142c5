"""The sentences of participants' pages: written in English, said in the language of the study.

Each is plain text in which facts stand as `%(name)s`. `catalogue` finds them by the names `say`
and `sentence` (of `stimuli.study`, where some are declared), and in templates by those of Jinja's
i18n extension. None needs a plural.
"""

from functools import cache

from babel import Locale

from stimuli.study import Study


def say(study: Study, english: str, **facts: object) -> str:
    """A sentence in the study's language, with its facts."""
    return translation(study, english) % facts


def translation(study: Study, english: str) -> str:
    """What `[words]` has for a sentence; the English itself where it has nothing."""
    return study.words.get(english) or english


def locale_of(study: Study) -> Locale:
    """How the study's language writes numbers and sums, and in which direction.

    Raises:
        ValueError, babel.UnknownLocaleError: if nobody knows the language; `study load` asks.
    """
    return _locale(study.study.language)


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")
