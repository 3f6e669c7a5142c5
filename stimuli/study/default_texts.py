"""Texts that stand in for what only a lab can say, and should not reach its participants."""

from stimuli.study.definition import StudyTables
from stimuli.study.online import Texts

ADVICE = {
    "lab": "at the top of every page and in the consent; say in [texts] who you are",
    "contact": "at the foot of every page and in the consent; say in [texts] whom they can reach",
}
WITHOUT_A_BUILD = "and load that study file with --study, which needs no new bundle"


def default_text_warnings(study: StudyTables) -> list[str]:
    """A sentence for each such text that a study leaves as it is: which, where, what to do."""
    defaults = {name: Texts.model_fields[name].default for name in ADVICE}
    return [
        f"texts.{name}: participants read {text!r}, the default, {ADVICE[name]}, {WITHOUT_A_BUILD}"
        for name, text in defaults.items()
        if getattr(study.texts, name) == text
    ]
