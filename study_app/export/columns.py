"""Every column of an export, described. `export` writes this as `columns.json`."""

from stimuli.bundle import Bin, Kind
from stimuli.study import Outcome, Phase
from study_app.answer_models import Device, Signals, StepAnswer, Trial
from study_app.enums import Noticed, Sort
from study_app.export_column import TIME, YES_NO, ExportColumn, exported_columns

Row = dict[str, object]  # by column

TRIAL_PHASES = (Phase.PRACTICE, Phase.VALIDATION, Phase.TEST)

PARTICIPANT = ExportColumn(description="Random number of the person; leads to no name and no link.")
CONDITION = ExportColumn(
    description="Condition of the person, between subjects, as in the study file."
)
CLASSIFIER = ExportColumn(description="Name of the AI, as in the study file.")
SIMULATED = ExportColumn(description="Whether the person was simulated.", levels=YES_NO)
STIMULUS = ExportColumn(description="Random-looking id of the stimulus, the same in every file.")
IMAGE = ExportColumn(description="SHA-256 of the JPEG file that was shown.", unit="hexadecimal")
INPUT = ExportColumn(
    description=(
        "SHA-256 of what the AI saw: the RGB bytes of the picture, resized to the AI's "
        "input. Empty where the bundle does not say."
    ),
    unit="hexadecimal",
)
PHASE = ExportColumn(description="Part of the session in which the trial is.", levels=TRIAL_PHASES)
KIND = ExportColumn(
    description=(
        "natural: as it is. adversarial: perturbed to deceive the AI. flipped: with such a "
        "perturbation turned left to right, and the AI is right."
    ),
    levels=tuple(Kind),
)
LABEL = ExportColumn(description="Label that the AI gave the picture.")
CONFIDENCE = ExportColumn(
    description="The AI's probability for its label. Participants read it in whole per cent.",
    unit="probability from 0 to 1",
)
BIN = ExportColumn(
    description="How well the confidence tells that the AI is right. Empty between bands.",
    levels=tuple(Bin),
)
AI_RIGHT = ExportColumn(description="Whether the AI's label is the true label.", levels=YES_NO)

TEAM_RIGHT = ExportColumn(
    description=(
        "Whether a right label was accepted or a wrong one rejected; where a trial asks for "
        "something else, whether its last answer that can be right is."
    ),
    levels=YES_NO,
)
# The same names as in the tables, where they are described.
TRIAL, DEVICE, SIGNALS, STEP = map(exported_columns, (Trial, Device, Signals, StepAnswer))
# `team_right` stands behind `away_count`; a column that the table gets later comes at the end.
TRIAL_ITEMS = list(TRIAL.items())
PLACE = list(TRIAL).index("away_count") + 1

RESPONSES = {
    "participant_id": PARTICIPANT,
    "condition": CONDITION,
    "classifier": CLASSIFIER,
    "simulated": SIMULATED,
    "phase": PHASE,
    "trial_index": ExportColumn(
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
    **dict(TRIAL_ITEMS[:PLACE]),
    "team_right": TEAM_RIGHT,
    **dict(TRIAL_ITEMS[PLACE:]),
}
STEPS = {
    "participant_id": PARTICIPANT,
    "condition": CONDITION,
    "simulated": SIMULATED,
    "phase": PHASE,
    "trial_index": RESPONSES["trial_index"],
    "stimulus_id": STIMULUS,
    "step_index": ExportColumn(description="Place of the step within the trial, from 0."),
    "step": ExportColumn(
        description="Name of the step, as in the study file. The paper's are seen, card and judge."
    ),
    "kind": ExportColumn(description="Kind of response that the step asks for."),
    "shows": ExportColumn(
        description=(
            "Parts that the step showed, with a space between two: photo, answer, confidence, "
            "best, panels, card, own and truth. Empty for none."
        )
    ),
    "value": ExportColumn(
        description=(
            "The answer: accept or reject, yes or no, an option, a number, or a click as two "
            "shares of the photo. Empty where there is none, and for free text."
        )
    ),
    "truth": ExportColumn(
        description="What would have been right, in the words of value. Empty where nothing is."
    ),
    "right": ExportColumn(description="Whether value is truth.", levels=YES_NO),
    "advice": ExportColumn(
        description=(
            "What the AI says, in the words of value. Empty where the kind cannot say it. Whether "
            "the person was shown it is in shows."
        )
    ),
    **STEP,
}
PARTICIPANTS = {
    "participant_id": PARTICIPANT,
    "condition": CONDITION,
    "classifier": CLASSIFIER,
    "simulated": SIMULATED,
    "simulated_sort": ExportColumn(
        description=(
            "As which sort of people a simulated person was sent. Empty of real people, and of "
            "those simulated before this was noted."
        ),
        levels=tuple(Sort),
    ),
    "version": ExportColumn(
        description=(
            "Number of the version of the study file that the person met, which is in versions. "
            "Empty in an import."
        )
    ),
    "outcome": ExportColumn(
        description="How the session ended. Empty while it is under way.", levels=tuple(Outcome)
    ),
    "started_at": ExportColumn(description="When the person pressed Start.", unit=TIME),
    "consented_at": ExportColumn(description="When the person agreed.", unit=TIME),
    "consent_digest": ExportColumn(
        description="SHA-256 of the words that the person agreed to, which are in versions.",
        unit="hexadecimal",
    ),
    "finished_at": ExportColumn(description="When the session ended.", unit=TIME),
    "n_validation": ExportColumn(description="Validation trials with a decision.", unit="trials"),
    "validation_right": ExportColumn(
        description="Validation trials judged rightly; the gate counts these.", unit="trials"
    ),
    "n_test": ExportColumn(description="Test trials with a decision.", unit="trials"),
    "altered_noticed": ExportColumn(
        description="Whether any picture looked altered to the person, asked at the end.",
        levels=tuple(Noticed),
    ),
    **DEVICE,
    **SIGNALS,
}
QUESTIONNAIRE = {
    "participant_id": PARTICIPANT,
    "name": ExportColumn(description="Name of the question, as in the study file."),
    "value": ExportColumn(description="The answer: the option that was chosen, or a number."),
}
COMPREHENSION = {
    "participant_id": PARTICIPANT,
    "chance": ExportColumn(description="Which of the two chances it was, from 1."),
    "name": ExportColumn(
        description="Name of the question on the instructions, as in the study file."
    ),
    "value": ExportColumn(description="The option that was chosen."),
    "right": ExportColumn(description="Whether that is right.", levels=YES_NO),
}
ATTENTION = {
    "participant_id": PARTICIPANT,
    "name": ExportColumn(description="Name of the attention check, as in the study file."),
    "kind": ExportColumn(
        description="Whether the text told which option to choose, or nobody could agree with it.",
        levels=("instructed", "nonsensical"),
    ),
    "value": ExportColumn(description="The option that was chosen."),
    "passed": ExportColumn(description="Whether the answer shows attention.", levels=YES_NO),
}
# Free text, in which people may write who they are: no part of a pseudonymous export.
COMMENTS = {
    "participant_id": PARTICIPANT,
    "name": ExportColumn(
        description=(
            "Name of the question; of a step of a trial, phase, trial_index and its name; comments "
            "for what was said at the end."
        )
    ),
    "value": ExportColumn(description="What the person wrote."),
}
STIMULI = {
    "stimulus_id": STIMULUS,
    "phase": PHASE,
    "kind": KIND,
    "true_label": ExportColumn(description="True label of the picture."),
    "image_sha256": IMAGE,
    "debatable": ExportColumn(
        description="Whether a reviewer of the stimuli found the true label debatable.",
        levels=YES_NO,
    ),
    "input_sha256": INPUT,
    "attacked": ExportColumn(
        description=(
            "The AIs that the perturbation was made to deceive, with a space between two names; "
            "empty for natural pictures."
        )
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
    "explainer": ExportColumn(description="What drew the explanation."),
    "metric": ExportColumn(description="Name of an automatic score of the explanation."),
    "value": ExportColumn(description="That score. Empty where it is not defined."),
}
POOL = {
    "source": ExportColumn(description="The image's name in the data set."),
    "split": ExportColumn(
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
    "name": ExportColumn(description="What was asked, as Prolific writes it, such as Age."),
    "value": ExportColumn(
        description="What the person told Prolific; text, also where it is a number."
    ),
}
FILES = {
    "responses": RESPONSES,
    "steps": STEPS,
    "participants": PARTICIPANTS,
    "questionnaire": QUESTIONNAIRE,
    "comprehension": COMPREHENSION,
    "attention": ATTENTION,
    "stimuli": STIMULI,
    "predictions": PREDICTIONS,
    "explanations": EXPLANATIONS,
    "pool": POOL,
    "demographics": DEMOGRAPHICS,
}
