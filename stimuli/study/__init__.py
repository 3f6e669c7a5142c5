"""The study definition, `study.toml`. The app and the analysis import it from here alone."""

from stimuli.csv_text import numbered_rows, text_of
from stimuli.problems import ProblemsError
from stimuli.study.attention import AttentionCheck, Instructed, Nonsensical
from stimuli.study.comprehension import CHANCES, ComprehensionCheck
from stimuli.study.default_texts import default_text_warnings
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
from stimuli.study.responses import (
    RESPONSE_KINDS,
    AnyResponse,
    Button,
    Hint,
    Problem,
    Response,
    Saying,
    When,
    sentence,
)
from stimuli.study.responses.rank import BETWEEN as BETWEEN_RANKS
from stimuli.study.steps import (
    QUESTIONS,
    SCREEN_NAMES,
    Delay,
    HowOften,
    Part,
    Step,
    Truth,
    carried_from,
)
from stimuli.study.study_file import (
    Study,
    StudyError,
    digest_of,
    parse_study,
    read_study,
    read_study_text,
    with_earlier_screens,
)
from stimuli.study.trial_settings import TrialSettings

__all__ = [
    "BETWEEN_RANKS",
    "Assignment",
    "AttentionCheck",
    "CHANCES",
    "ComprehensionCheck",
    "Condition",
    "DeviceSettings",
    "Gate",
    "Hint",
    "HowOften",
    "Instructed",
    "Nonsensical",
    "AnyResponse",
    "Button",
    "Delay",
    "ONLINE_TABLES",
    "Outcome",
    "Part",
    "Pay",
    "Phase",
    "ProblemsError",
    "Prolific",
    "Problem",
    "Provider",
    "QUESTIONS",
    "RESPONSE_KINDS",
    "Response",
    "Returning",
    "Saying",
    "SCREEN_NAMES",
    "Step",
    "Study",
    "StudyError",
    "Texts",
    "TrialSettings",
    "Truth",
    "When",
    "default_text_warnings",
    "carried_from",
    "digest_of",
    "numbered_rows",
    "parse_study",
    "read_study",
    "read_study_text",
    "sentence",
    "text_of",
    "with_earlier_screens",
]
