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
CHECKS = ("instructed", "nonsensical")
NOTICED = ("yes", "no", "not_sure")
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
        empty: whether a cell may be: "always", never, or only where the export was "imported"
            from answers that another tool collected, which does not record everything.
        levels: the only texts allowed; empty where any text is.
        low: the least number allowed.
        high: the greatest number allowed.
        recent: whether an export may lack the column, since those of before do.
    """

    kind: Literal["text", "flag", "count", "number", "time"] = "text"
    empty: Literal["never", "imported", "always"] = "never"
    levels: tuple[str, ...] = ()
    low: float = -math.inf
    high: float = math.inf
    recent: bool = False

    def may_be_empty(self, *, imported: bool) -> bool:
        """Whether a cell may be empty in an export of this sort."""
        return self.empty == "always" or (self.empty == "imported" and imported)


TEXT = Column()
TEXT_OR_EMPTY = Column(empty="always")
TEXT_IF_KNOWN = Column(empty="imported")
FLAG = Column(kind="flag")
FLAG_OR_EMPTY = Column(kind="flag", empty="always")
FLAG_RECENTLY = Column(kind="flag", empty="always", recent=True)
COUNT = Column(kind="count", low=0)
COUNT_OR_EMPTY = Column(kind="count", low=0, empty="always")
COUNT_RECENTLY = Column(kind="count", low=0, empty="always", recent=True)
MEASURE = DURATION = Column(kind="number", low=0, empty="always")
PROBABILITY = Column(kind="number", low=0, high=1)
PROBABILITY_IF_KNOWN = Column(kind="number", low=0, high=1, empty="imported")
TIME_IF_KNOWN = Column(kind="time", empty="imported")
TIME_OR_EMPTY = Column(kind="time", empty="always")
PHASE = Column(levels=PHASES)
KIND = Column(levels=KINDS)
BIN = Column(levels=BINS, empty="always")

TABLES: Mapping[str, Mapping[str, Column]] = {
    "responses": {
        "participant_id": TEXT,
        "condition": TEXT,
        "classifier": TEXT,
        "simulated": FLAG,
        "phase": PHASE,
        "trial_index": COUNT,
        "stimulus_id": TEXT,
        "image_sha256": TEXT_IF_KNOWN,
        "kind": KIND,
        "label": TEXT_IF_KNOWN,
        "confidence": PROBABILITY_IF_KNOWN,
        "bin": BIN,
        "ai_right": FLAG,
        "seen_before": FLAG_OR_EMPTY,
        "seen_rt_ms": DURATION,
        "card_rt_ms": DURATION,
        "decision": Column(levels=DECISIONS, empty="always"),
        "decision_rt_ms": DURATION,
        "away_ms": DURATION,
        "away_count": COUNT_OR_EMPTY,
        "team_right": FLAG_OR_EMPTY,
        "input": Column(levels=INPUTS, empty="always"),
        "shown_at": TIME_IF_KNOWN,
        "answered_at": TIME_OR_EMPTY,
    },
    "participants": {
        "participant_id": TEXT,
        "condition": TEXT_OR_EMPTY,  # empty where a person left before being assigned
        "classifier": TEXT_OR_EMPTY,
        "simulated": FLAG,
        "outcome": Column(levels=OUTCOMES, empty="always"),  # empty while under way
        "started_at": TIME_IF_KNOWN,
        "consented_at": TIME_OR_EMPTY,
        "consent_digest": TEXT_OR_EMPTY,
        "finished_at": TIME_OR_EMPTY,
        "n_validation": COUNT,
        "validation_right": COUNT,
        "n_test": COUNT,
        "altered_noticed": Column(levels=NOTICED, empty="always"),
        "screen_w": COUNT_OR_EMPTY,
        "screen_h": COUNT_OR_EMPTY,
        "viewport_w": COUNT_OR_EMPTY,
        "viewport_h": COUNT_OR_EMPTY,
        "pixel_ratio": MEASURE,
        "refresh_hz": MEASURE,
        "browser": TEXT_OR_EMPTY,
        "browser_version": COUNT_OR_EMPTY,
        "os": TEXT_OR_EMPTY,
        "webdriver": FLAG_RECENTLY,
        "scripted_answers": COUNT_RECENTLY,
        "still_clicks": COUNT_RECENTLY,
        "pasted_chars": COUNT_RECENTLY,
        "unkeyed_chars": COUNT_RECENTLY,
        "trap": FLAG_RECENTLY,
    },
    "questionnaire": {
        "participant_id": TEXT,
        "name": TEXT,
        "value": TEXT,
    },
    "attention": {
        "participant_id": TEXT,
        "name": TEXT,
        "kind": Column(levels=CHECKS),
        "value": TEXT,
        "passed": FLAG,
    },
    "stimuli": {
        "stimulus_id": TEXT,
        "phase": PHASE,
        "kind": KIND,
        "true_label": TEXT_IF_KNOWN,
        "image_sha256": TEXT_IF_KNOWN,
        "debatable": Column(kind="flag", empty="imported"),
    },
    "predictions": {
        "stimulus_id": TEXT,
        "classifier": TEXT,
        "label": TEXT_IF_KNOWN,
        "confidence": PROBABILITY_IF_KNOWN,
        "ai_right": FLAG,
        "bin": BIN,
    },
    "explanations": {
        "stimulus_id": TEXT,
        "classifier": TEXT,
        "explainer": TEXT,
        "metric": TEXT,
        "value": Column(kind="number", empty="always"),  # empty where a metric is undefined
    },
    "pool": {
        "source": TEXT,
        "split": Column(levels=("val", "test")),
        "classifier": TEXT,
        "confidence": PROBABILITY,
        "ai_right": FLAG,
        "bin": BIN,
    },
    "demographics": {"participant_id": TEXT, "name": TEXT, "value": TEXT},
}

KEYS: Mapping[str, tuple[str, ...]] = {
    "responses": ("participant_id", "phase", "trial_index"),
    "participants": ("participant_id",),
    "questionnaire": ("participant_id", "name"),
    "attention": ("participant_id", "name"),
    "stimuli": ("stimulus_id",),
    "predictions": ("stimulus_id", "classifier"),
    "explanations": ("stimulus_id", "classifier", "explainer", "metric"),
    "pool": ("source", "split", "classifier"),
    "demographics": ("participant_id", "name"),
}
