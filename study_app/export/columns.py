"""Every column of an export, described. `export` writes this as `columns.json`."""

from dataclasses import dataclass

from stimuli.bundle import Bin, Kind
from stimuli.study import Outcome, Phase
from study_app.enums import Decision, Input, Noticed


@dataclass(frozen=True, kw_only=True)
class Column:
    """What a column means.

    Attributes:
        levels: every value it may have, in their order; None where that is not a closed list.
    """

    description: str
    unit: str | None = None
    levels: tuple[str, ...] | None = None

    def facts(self) -> dict[str, object]:
        """As in `columns.json`, without what does not apply."""
        given = {"description": self.description, "unit": self.unit, "levels": self.levels}
        return {key: value for key, value in given.items() if value is not None}


Row = dict[str, object]  # by column

YES_NO = ("0", "1")
TIME = "ISO 8601, UTC"
TRIAL_PHASES = (Phase.PRACTICE, Phase.VALIDATION, Phase.TEST)

PARTICIPANT = Column(description="Random number of the person; leads to no name and no link.")
CONDITION = Column(description="Condition of the person, between subjects, as in the study file.")
CLASSIFIER = Column(description="Name of the AI, as in the study file.")
SIMULATED = Column(description="Whether the person was simulated.", levels=YES_NO)
STIMULUS = Column(description="Random-looking id of the stimulus, the same in every file.")
IMAGE = Column(description="SHA-256 of the JPEG file that was shown.", unit="hexadecimal")
PHASE = Column(description="Part of the session in which the trial is.", levels=TRIAL_PHASES)
KIND = Column(
    description="Whether the picture was perturbed to deceive the AI.", levels=tuple(Kind)
)
LABEL = Column(description="Label that the AI gave the picture.")
CONFIDENCE = Column(
    description="The AI's probability for its label. Participants read it in whole per cent.",
    unit="probability from 0 to 1",
)
BIN = Column(
    description="How well the confidence tells that the AI is right. Empty between bands.",
    levels=tuple(Bin),
)
AI_RIGHT = Column(description="Whether the AI's label is the true label.", levels=YES_NO)

RESPONSES = {
    "participant_id": PARTICIPANT,
    "condition": CONDITION,
    "classifier": CLASSIFIER,
    "simulated": SIMULATED,
    "phase": PHASE,
    "trial_index": Column(
        description=(
            "Place of the trial within its phase, from 0. An interleaved validation and the test "
            "are counted as one."
        )
    ),
    "stimulus_id": STIMULUS,
    "image_sha256": IMAGE,
    "kind": KIND,
    "label": LABEL,
    "confidence": CONFIDENCE,
    "bin": BIN,
    "ai_right": AI_RIGHT,
    "seen_before": Column(
        description="Answer to 'Have you ever seen a … before?'. Practice does not ask.",
        levels=YES_NO,
    ),
    "seen_rt_ms": Column(description="Time to that answer, from the question.", unit="ms"),
    "card_rt_ms": Column(
        description="Time on the class card, from when all of it is on the screen.", unit="ms"
    ),
    "decision": Column(
        description="What the person did with the AI's label. Empty where the person left.",
        levels=tuple(Decision),
    ),
    "decision_rt_ms": Column(
        description="Time to the decision, from all pictures painted. Empty if not measured.",
        unit="ms",
    ),
    "away_ms": Column(
        description="Part of that time in which the page was hidden or not in front.", unit="ms"
    ),
    "away_count": Column(description="How often the person was away in that time."),
    "team_right": Column(
        description="Whether a right label was accepted or a wrong one rejected.", levels=YES_NO
    ),
    "input": Column(description="How the decision was given.", levels=tuple(Input)),
    "shown_at": Column(description="When the trial's first screen was first sent.", unit=TIME),
    "answered_at": Column(description="When the decision arrived.", unit=TIME),
}
PARTICIPANTS = {
    "participant_id": PARTICIPANT,
    "condition": CONDITION,
    "classifier": CLASSIFIER,
    "simulated": SIMULATED,
    "outcome": Column(
        description="How the session ended. Empty while it is under way.", levels=tuple(Outcome)
    ),
    "started_at": Column(description="When the person pressed Start.", unit=TIME),
    "consented_at": Column(description="When the person agreed.", unit=TIME),
    "consent_digest": Column(
        description="SHA-256 of the words that the person agreed to, which are consent.txt.",
        unit="hexadecimal",
    ),
    "finished_at": Column(description="When the session ended.", unit=TIME),
    "n_validation": Column(description="Validation trials with a decision.", unit="trials"),
    "validation_right": Column(
        description="Validation trials judged rightly; the gate counts these.", unit="trials"
    ),
    "n_test": Column(description="Test trials with a decision.", unit="trials"),
    "altered_noticed": Column(
        description="Whether any picture looked altered to the person, asked at the end.",
        levels=tuple(Noticed),
    ),
    "screen_w": Column(description="Width of the screen.", unit="CSS px"),
    "screen_h": Column(description="Height of the screen.", unit="CSS px"),
    "viewport_w": Column(description="Width of the window inside, at the start.", unit="CSS px"),
    "viewport_h": Column(description="Height of the window inside, at the start.", unit="CSS px"),
    "pixel_ratio": Column(description="Pixels of the screen per CSS pixel."),
    "refresh_hz": Column(
        description="Frames per second, the median of about thirty at the start.", unit="Hz"
    ),
    "browser": Column(description="Family of the browser, such as Firefox."),
    "browser_version": Column(description="Major version of the browser."),
    "os": Column(description="Family of the operating system, such as Windows."),
    "webdriver": Column(
        description="Whether the browser said that a program steers it. Evidence, no verdict.",
        levels=YES_NO,
    ),
    "scripted_answers": Column(
        description="Answers that no event of the browser gave. Evidence, no verdict.",
        unit="answers",
    ),
    "still_clicks": Column(
        description="Answers by a mouse that had not moved there. Evidence, no verdict.",
        unit="answers",
    ),
    "pasted_chars": Column(
        description="Characters pasted or dropped into text fields. Evidence, no verdict.",
        unit="characters",
    ),
    "unkeyed_chars": Column(
        description=(
            "Characters in text fields that were neither typed by keys nor pasted, but dictated, "
            "suggested or set by a program. Evidence, no verdict."
        ),
        unit="characters",
    ),
    "trap": Column(
        description="Whether a field was filled in that people do not see. Evidence, no verdict.",
        levels=YES_NO,
    ),
}
QUESTIONNAIRE = {
    "participant_id": PARTICIPANT,
    "name": Column(description="Name of the question, as in the study file."),
    "value": Column(description="The answer: the option that was chosen, or a number."),
}
ATTENTION = {
    "participant_id": PARTICIPANT,
    "name": Column(description="Name of the attention check, as in the study file."),
    "kind": Column(
        description="Whether the text told which option to choose, or nobody could agree with it.",
        levels=("instructed", "nonsensical"),
    ),
    "value": Column(description="The option that was chosen."),
    "passed": Column(description="Whether the answer shows attention.", levels=YES_NO),
}
# Free text, in which people may write who they are: no part of a pseudonymous export.
COMMENTS = {
    "participant_id": PARTICIPANT,
    "name": Column(description="Name of the question; comments for what was said at the end."),
    "value": Column(description="What the person wrote."),
}
STIMULI = {
    "stimulus_id": STIMULUS,
    "phase": PHASE,
    "kind": KIND,
    "true_label": Column(description="True label of the picture."),
    "image_sha256": IMAGE,
    "debatable": Column(
        description="Whether a reviewer of the stimuli found the true label debatable.",
        levels=YES_NO,
    ),
}
PREDICTIONS = {
    "stimulus_id": STIMULUS,
    "classifier": CLASSIFIER,
    "label": LABEL,
    "confidence": CONFIDENCE,
    "ai_right": AI_RIGHT,
    "bin": BIN,
}
EXPLANATIONS = {
    "stimulus_id": STIMULUS,
    "classifier": CLASSIFIER,
    "explainer": Column(description="What drew the explanation."),
    "metric": Column(description="Name of an automatic score of the explanation."),
    "value": Column(description="That score. Empty where it is not defined."),
}
POOL = {
    "source": Column(description="The image's name in the data set."),
    "split": Column(
        description="test: where stimuli come from. val: where the AI-only threshold was chosen.",
        levels=("val", "test"),
    ),
    "classifier": CLASSIFIER,
    "confidence": CONFIDENCE,
    "ai_right": AI_RIGHT,
    "bin": BIN,
}
DEMOGRAPHICS = {
    "participant_id": PARTICIPANT,
    "name": Column(description="What was asked, as Prolific writes it, such as Age."),
    "value": Column(description="What the person told Prolific; text, also where it is a number."),
}
FILES = {
    "responses": RESPONSES,
    "participants": PARTICIPANTS,
    "questionnaire": QUESTIONNAIRE,
    "attention": ATTENTION,
    "stimuli": STIMULI,
    "predictions": PREDICTIONS,
    "explanations": EXPLANATIONS,
    "pool": POOL,
    "demographics": DEMOGRAPHICS,
}
