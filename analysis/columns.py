"""The CSV files of an export: every column, what it may hold, and the columns that name a row.

This restates `docs/export.md`: the reader says what it needs, and a test compares it with what
the app writes.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

PHASES = ("practice", "validation", "test")
KINDS = ("natural", "adversarial")
BINS = ("easy", "medium", "hard")
DECISIONS = ("accept", "reject")
INPUTS = ("mouse", "touch", "keyboard")
OUTCOMES = (
    "completed",
    "declined",
    "incompatible",
    "failed_validation",
    "failed_attention",
    "timed_out",
    "returned",
    "withdrawn",
    "duplicate",
    "quota_full",
    "error",
)


@dataclass(frozen=True, kw_only=True)
class Column:
    """What the cells of a column may hold.

    Attributes:
        kind: text; flag (`1` or `0`); count (whole number); number; time (ISO 8601, UTC).
        optional: whether a cell may be empty.
        levels: the only texts allowed; empty where any text is.
        low: the least number allowed.
        high: the greatest number allowed.
    """

    kind: Literal["text", "flag", "count", "number", "time"] = "text"
    optional: bool = False
    levels: tuple[str, ...] = ()
    low: float = -math.inf
    high: float = math.inf


TEXT = Column()
TEXT_OR_EMPTY = Column(optional=True)
FLAG = Column(kind="flag")
FLAG_OR_EMPTY = Column(kind="flag", optional=True)
COUNT = Column(kind="count", low=0)
DURATION = Column(kind="number", low=0, optional=True)
PROBABILITY = Column(kind="number", low=0, high=1)
TIME = Column(kind="time")
TIME_OR_EMPTY = Column(kind="time", optional=True)
PHASE = Column(levels=PHASES)
KIND = Column(levels=KINDS)
BIN = Column(levels=BINS, optional=True)

TABLES: Mapping[str, Mapping[str, Column]] = {
    "responses": {
        "participant_id": TEXT,
        "condition": TEXT,
        "classifier": TEXT,
        "simulated": FLAG,
        "phase": PHASE,
        "trial_index": COUNT,
        "stimulus_id": TEXT,
        "image_sha256": TEXT,
        "kind": KIND,
        "label": TEXT,
        "confidence": PROBABILITY,
        "bin": BIN,
        "ai_right": FLAG,
        "seen_before": FLAG_OR_EMPTY,
        "seen_rt_ms": DURATION,
        "card_rt_ms": DURATION,
        "decision": Column(levels=DECISIONS, optional=True),
        "decision_rt_ms": DURATION,
        "team_right": FLAG_OR_EMPTY,
        "input": Column(levels=INPUTS, optional=True),
        "shown_at": TIME,
        "answered_at": TIME_OR_EMPTY,
    },
    "participants": {
        "participant_id": TEXT,
        "condition": TEXT_OR_EMPTY,  # empty where a person left before being assigned
        "classifier": TEXT_OR_EMPTY,
        "simulated": FLAG,
        "outcome": Column(levels=OUTCOMES, optional=True),  # empty while under way
        "started_at": TIME,
        "consented_at": TIME_OR_EMPTY,
        "finished_at": TIME_OR_EMPTY,
        "n_validation": COUNT,
        "validation_right": COUNT,
        "n_test": COUNT,
    },
    "stimuli": {
        "stimulus_id": TEXT,
        "phase": PHASE,
        "kind": KIND,
        "true_label": TEXT,
        "image_sha256": TEXT,
    },
    "predictions": {
        "stimulus_id": TEXT,
        "classifier": TEXT,
        "label": TEXT,
        "confidence": PROBABILITY,
        "ai_right": FLAG,
        "bin": BIN,
    },
    "explanations": {
        "stimulus_id": TEXT,
        "classifier": TEXT,
        "explainer": TEXT,
        "metric": TEXT,
        "value": Column(kind="number", optional=True),  # empty where a metric is undefined
    },
    "pool": {
        "source": TEXT,
        "split": Column(levels=("val", "test")),
        "classifier": TEXT,
        "confidence": PROBABILITY,
        "ai_right": FLAG,
        "bin": BIN,
    },
}

KEYS: Mapping[str, tuple[str, ...]] = {
    "responses": ("participant_id", "phase", "trial_index"),
    "participants": ("participant_id",),
    "stimuli": ("stimulus_id",),
    "predictions": ("stimulus_id", "classifier"),
    "explanations": ("stimulus_id", "classifier", "explainer", "metric"),
    "pool": ("source", "split", "classifier"),
}
