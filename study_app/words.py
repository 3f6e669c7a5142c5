"""The closed lists that the study is written with: screens, decisions, inputs, outcomes."""

from enum import StrEnum


class Screen(StrEnum):
    """What the browser shows. A trial has SEEN, CARD and JUDGE; in practice JUDGE and FEEDBACK."""

    CONSENT = "consent"
    INSTRUCTIONS = "instructions"
    SEEN = "seen"
    CARD = "card"
    JUDGE = "judge"
    FEEDBACK = "feedback"
    DEBRIEF = "debrief"


TRIAL_SCREENS = (Screen.SEEN, Screen.CARD, Screen.JUDGE, Screen.FEEDBACK)


class Decision(StrEnum):
    """What a participant did with the AI's answer."""

    ACCEPT = "accept"
    REJECT = "reject"


class Input(StrEnum):
    """How a participant answered."""

    MOUSE = "mouse"
    TOUCH = "touch"
    KEYBOARD = "keyboard"


class Outcome(StrEnum):
    """How a participant ended."""

    COMPLETED = "completed"
    DECLINED = "declined"
    INCOMPATIBLE = "incompatible"
    FAILED_VALIDATION = "failed_validation"
    FAILED_ATTENTION = "failed_attention"
    TIMED_OUT = "timed_out"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    QUOTA_FULL = "quota_full"
    ERROR = "error"
