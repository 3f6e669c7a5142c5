"""The study definition, `study.toml`. The app and the analysis import it from here alone."""

from stimuli.problems import ProblemsError
from stimuli.study.definition import ONLINE_TABLES
from stimuli.study.online import (
    Assignment,
    Condition,
    DeviceSettings,
    Gate,
    Outcome,
    Pay,
    Phase,
    Prolific,
    Returning,
    Texts,
)
from stimuli.study.provider import Provider
from stimuli.study.questions import AttentionCheck, Instructed, Nonsensical, Question, When
from stimuli.study.study_file import (
    Study,
    StudyError,
    digest_of,
    parse_study,
    read_study,
    read_study_text,
)

__all__ = [
    "Assignment",
    "AttentionCheck",
    "Condition",
    "DeviceSettings",
    "Gate",
    "Instructed",
    "Nonsensical",
    "ONLINE_TABLES",
    "Outcome",
    "Pay",
    "Phase",
    "ProblemsError",
    "Prolific",
    "Provider",
    "Question",
    "Returning",
    "Study",
    "StudyError",
    "Texts",
    "When",
    "digest_of",
    "parse_study",
    "read_study",
    "read_study_text",
]
