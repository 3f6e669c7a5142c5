"""The closed lists that the app is written with: decisions, inputs, statuses."""

from enum import StrEnum


class Verdict(StrEnum):
    """What became of an answer that was sent; the browser keeps it until it hears one of these.

    ELSEWHERE: another tab took the session over, so the answer was not looked at.
    """

    STORED = "stored"
    ALREADY = "already"
    REFUSED = "refused"
    ELSEWHERE = "elsewhere"


class Outlook(StrEnum):
    """What somebody new who presses Start meets.

    OPEN: the study. UNKNOWN: nothing, without an id of the provider; UNREADABLE: nothing, with one
    that cannot be. TAKEN: no place, though one may become free; COMPLETE: none for good, unless the
    quota is raised.
    """

    OPEN = "open"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"
    PAUSED = "paused"
    TAKEN = "taken"
    COMPLETE = "complete"


class Again(StrEnum):
    """What somebody without an id says whose browser has taken part before."""

    GO_ON = "go_on"
    SOMEBODY_ELSE = "somebody_else"


class Decision(StrEnum):
    """What a participant did with the AI's answer."""

    ACCEPT = "accept"
    REJECT = "reject"


class Input(StrEnum):
    """How a participant answered."""

    MOUSE = "mouse"
    TOUCH = "touch"
    KEYBOARD = "keyboard"


class Wave(StrEnum):
    """A group of participations that are counted, exported and analysed by themselves.

    The experimenter opens PILOT or MAIN; INVITED come by a personal link, PREVIEW by an address
    whose names Prolific did not fill in, TEST by the experimenter's own link.
    """

    PILOT = "pilot"
    MAIN = "main"
    INVITED = "invited"
    PREVIEW = "preview"
    TEST = "test"


class Sort(StrEnum):
    """The sorts of simulated people; `simulation.profiles` says how each answers."""

    CALIBRATED = "calibrated"
    OVER_RELIANT = "over-reliant"
    UNDER_RELIANT = "under-reliant"
    RANDOM = "random"
    STRAIGHT_LINING = "straight-lining"
    FAST_CLICKING = "fast-clicking"
    FAILING = "failing"
    QUITTING = "quitting"
    RELOADING = "reloading"
    DOUBLE_CLICKING = "double-clicking"
    DROPPING = "dropping"
    AGENT = "agent"
    PASTING = "pasting"


class Noticed(StrEnum):
    """What a participant says of altered pictures, at the end."""

    YES = "yes"
    NO = "no"
    NOT_SURE = "not_sure"


class SubmissionStatus(StrEnum):
    """What Prolific calls a submission, as its exports write it."""

    RESERVED = "RESERVED"
    ACTIVE = "ACTIVE"
    PROCESSING = "PROCESSING"
    AWAITING_REVIEW = "AWAITING REVIEW"
    APPROVED = "APPROVED"
    PARTIALLY_APPROVED = "PARTIALLY APPROVED"
    REJECTED = "REJECTED"
    RETURNED = "RETURNED"
    TIMED_OUT = "TIMED-OUT"
    SCREENED_OUT = "SCREENED OUT"
