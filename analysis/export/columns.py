"""The CSV files of an export: every column, what it means and may hold, and the key of each row.

A column is declared here and nowhere else in the analysis: the reader checks against it, and an
import describes its columns with it. It restates `docs/export.md`, and a test compares it with
what the app writes.
"""

from collections.abc import Mapping
from dataclasses import replace

from analysis.export.column import Column, Count, Flag, Measurement, Time

PHASES = ("practice", "validation", "test")
KINDS = ("natural", "adversarial", "flipped")
BINS = ("easy", "medium", "hard")
OUTCOMES = (
    "completed",
    "declined",
    "incompatible",
    "failed_comprehension",
    "failed_validation",
    "failed_attention",
    "timed_out",
    "returned",
    "withdrawn",
    "duplicate",
    "quota_full",
    "error",
)

SORTS = (
    *("calibrated", "over-reliant", "under-reliant", "random", "straight-lining"),
    *("fast-clicking", "failing", "quitting", "reloading", "double-clicking", "dropping"),
    *("agent", "pasting"),
)

PARTICIPANT = Column("Random number of the person; leads to no name and no link.")
CONDITION = Column("Condition of the person, between subjects, as in the study file.")
CLASSIFIER = Column("Name of the AI, as in the study file.")
SIMULATED = Flag("Whether the person was simulated.")
STIMULUS = Column("Random-looking id of the stimulus, the same in every file.")
IMAGE = Column("SHA-256 of the JPEG file that was shown.", unit="hexadecimal", empty="imported")
PHASE = Column("Part of the session in which the trial is.", levels=PHASES)
KIND = Column(
    "natural: as it is. adversarial: perturbed to deceive the AI. flipped: with such a "
    "perturbation turned left to right, and the AI is right.",
    levels=KINDS,
)
LABEL = Column("Label that the AI gave the picture.", empty="imported")
CONFIDENCE = Column(
    "The AI's probability for its label. Participants read it in whole per cent.",
    unit="probability from 0 to 1",
    kind="number",
    low=0,
    high=1,
    empty="imported",
)
BIN = Column(
    "How well the confidence tells that the AI is right. Empty between bands.",
    levels=BINS,
    empty="always",
)
AI_RIGHT = Flag("Whether the AI's label is the true label.")

RESPONSES = {
    "participant_id": replace(PARTICIPANT, repeats=True),
    "condition": replace(CONDITION, repeats=True),
    "classifier": replace(CLASSIFIER, repeats=True),
    "simulated": SIMULATED,
    "phase": replace(PHASE, repeats=True),
    "trial_index": Count(
        "Place of the trial within its phase, from 0. An interleaved validation and the test are "
        "counted as one."
    ),
    "stimulus_id": replace(STIMULUS, repeats=True),
    "image_sha256": replace(IMAGE, repeats=True),
    "kind": replace(KIND, repeats=True),
    "label": replace(LABEL, repeats=True),
    "confidence": CONFIDENCE,
    "bin": BIN,
    "ai_right": AI_RIGHT,
    "seen_before": Flag(
        "Answer to 'Have you ever seen a … before?'. Where the trial did not ask, the person's "
        "answer of an earlier trial with the same label.",
        empty="always",
    ),
    "seen_rt_ms": Measurement("Time to that answer, from the question.", unit="ms"),
    "card_rt_ms": Measurement(
        "Time on the class card, from when all of it is on the screen.", unit="ms"
    ),
    "decision": Column(
        "What the person did with the AI's label. Empty where the person left.",
        levels=("accept", "reject"),
        empty="always",
        repeats=True,
    ),
    "decision_rt_ms": Measurement(
        "Time to the decision, from all pictures painted. Empty if not measured.", unit="ms"
    ),
    "away_ms": Measurement(
        "Part of that time in which the page was hidden or not in front.", unit="ms"
    ),
    "away_count": Count("How often the person was away in that time.", empty="always"),
    "team_right": Flag(
        "Whether a right label was accepted or a wrong one rejected; where a trial asks for "
        "something else, whether its last answer that can be right is.",
        empty="always",
    ),
    "input": Column(
        "How the decision was given.",
        levels=("mouse", "touch", "keyboard"),
        empty="always",
        repeats=True,
    ),
    "shown_at": Time("When the trial's first screen was first sent.", empty="imported"),
    "answered_at": Time("When the decision arrived.", empty="always"),
    "seen_asked": Flag(
        "Whether the trial asked that itself; 0 where the answer is carried, or there is none.",
        empty="imported",
        recent=True,
    ),
    "card_shown": Flag(
        "Whether the class card was a screen of the trial.", empty="imported", recent=True
    ),
    "card_opened_count": Count(
        "How often the person opened the card on the decision's screen, where that offers it.",
        empty="always",
        recent=True,
    ),
    "card_opened_ms": Measurement(
        "Part of the decision's time in which that card was open.", unit="ms", recent=True
    ),
    "enlarged_count": Count(
        "How often the person enlarged a picture of the decision's screen.",
        empty="always",
        recent=True,
    ),
    "enlarged_ms": Measurement(
        "Part of the decision's time in which a picture was enlarged.", unit="ms", recent=True
    ),
    "photo_seen": Measurement(
        "Share of the photo that was in view at some time before the decision, covered by nothing.",
        unit="share from 0 to 1",
        high=1,
        recent=True,
    ),
    "photo_seen_ms": Measurement(
        "Part of the decision's time in which at least half of the photo was in view.",
        unit="ms",
        recent=True,
    ),
    "panels_seen": Measurement(
        "The same share of each panel, in the order of the condition's panels, with a space "
        "between two. Empty where there is none.",
        unit="share from 0 to 1",
        kind="numbers",
        high=1,
        recent=True,
    ),
    "panels_seen_ms": Measurement(
        "The same time of each panel, likewise.", unit="ms", kind="numbers", recent=True
    ),
    "window_w": Count(
        "Width of the window inside, at the decision.", unit="CSS px", empty="always", recent=True
    ),
    "window_h": Count(
        "Height of the window inside, at the decision.", unit="CSS px", empty="always", recent=True
    ),
    "zoom": Measurement(
        "Pixels of the screen per CSS pixel at the decision, pinching included: more than "
        "pixel_ratio where the person had zoomed in.",
        recent=True,
    ),
}

PARTICIPANTS = {
    "participant_id": PARTICIPANT,
    # Both are empty where a person left before being assigned.
    "condition": replace(CONDITION, empty="always"),
    "classifier": replace(CLASSIFIER, empty="always"),
    "simulated": SIMULATED,
    "simulated_sort": Column(
        "As which sort of people a simulated person was sent. Empty of real people, and of those "
        "simulated before this was noted.",
        levels=SORTS,
        empty="always",
        recent=True,
    ),
    "version": Count(
        "Number of the version of the study file that the person met, which is in versions. Empty "
        "in an import.",
        low=1,
        empty="always",
        recent=True,
    ),
    "outcome": Column(
        "How the session ended. Empty while it is under way.", levels=OUTCOMES, empty="always"
    ),
    "started_at": Time("When the person pressed Start.", empty="imported"),
    "consented_at": Time("When the person agreed.", empty="always"),
    "consent_digest": Column(
        "SHA-256 of the words that the person agreed to, which are in versions.",
        unit="hexadecimal",
        empty="always",
    ),
    "finished_at": Time("When the session ended.", empty="always"),
    "n_validation": Count("Validation trials with a decision.", unit="trials"),
    "validation_right": Count(
        "Validation trials judged rightly; the gate counts these.", unit="trials"
    ),
    "n_test": Count("Test trials with a decision.", unit="trials"),
    "altered_noticed": Column(
        "Whether any picture looked altered to the person, asked at the end.",
        levels=("yes", "no", "not_sure"),
        empty="always",
    ),
    "screen_w": Count("Width of the screen.", unit="CSS px", empty="always"),
    "screen_h": Count("Height of the screen.", unit="CSS px", empty="always"),
    "viewport_w": Count("Width of the window inside, at the start.", unit="CSS px", empty="always"),
    "viewport_h": Count(
        "Height of the window inside, at the start.", unit="CSS px", empty="always"
    ),
    "pixel_ratio": Measurement("Pixels of the screen per CSS pixel."),
    "refresh_hz": Measurement(
        "Frames per second, the median of about thirty at the start.", unit="Hz"
    ),
    "browser": Column("Family of the browser, such as Firefox.", empty="always"),
    "browser_version": Count("Major version of the browser.", empty="always"),
    "os": Column("Family of the operating system, such as Windows.", empty="always"),
    "webdriver": Flag(
        "Whether the browser said that a program steers it. Evidence, no verdict.",
        empty="always",
        recent=True,
    ),
    "scripted_answers": Count(
        "Answers that no event of the browser gave. Evidence, no verdict.",
        unit="answers",
        empty="always",
        recent=True,
    ),
    "still_clicks": Count(
        "Answers by a mouse that had not moved there. Evidence, no verdict.",
        unit="answers",
        empty="always",
        recent=True,
    ),
    "pasted_chars": Count(
        "Characters pasted or dropped into text fields. Evidence, no verdict.",
        unit="characters",
        empty="always",
        recent=True,
    ),
    "unkeyed_chars": Count(
        "Characters in text fields that were neither typed by keys nor pasted, but dictated, "
        "suggested or set by a program. Evidence, no verdict.",
        unit="characters",
        empty="always",
        recent=True,
    ),
    "trap": Flag(
        "Whether a field was filled in that people do not see. Evidence, no verdict.",
        empty="always",
        recent=True,
    ),
    "translated_answers": Count(
        "Answers on pages that the browser had put into another language. No signal of a "
        "program. Empty of people of before it was counted.",
        unit="answers",
        empty="always",
        recent=True,
    ),
}

STEPS = {
    "participant_id": replace(PARTICIPANT, repeats=True),
    "condition": replace(CONDITION, repeats=True),
    "simulated": SIMULATED,
    "phase": replace(PHASE, repeats=True),
    "trial_index": RESPONSES["trial_index"],
    "stimulus_id": replace(STIMULUS, repeats=True),
    "step_index": Count("Place of the step within the trial, from 0."),
    "step": Column(
        "Name of the step, as in the study file. The paper's are seen, card and judge.",
        repeats=True,
    ),
    "kind": Column(
        "Kind of response that the step asks for.",
        repeats=True,
    ),
    "shows": Column(
        "Parts that the step showed, with a space between two: photo, answer, confidence, best, "
        "panels, card, own and truth. Empty for none.",
        empty="always",
        repeats=True,
    ),
    "value": Column(
        "The answer: accept or reject, yes or no, an option, a number, or a click as two shares of "
        "the photo. Empty where there is none, and for free text.",
        empty="always",
    ),
    "truth": Column(
        "What would have been right, in the words of value. Empty where nothing is.",
        empty="always",
    ),
    "right": Flag("Whether value is truth.", empty="always"),
    "advice": Column(
        "What the AI says, in the words of value. Empty where the kind cannot say it. Whether the "
        "person was shown it is in shows.",
        empty="always",
    ),
    "carried": Column("What was shown as the person's own earlier answer.", empty="always"),
    "revealed": Column(
        "Parts that came later than the page, each with the ms from the onset, such as "
        "answer:2003. One that was never asked for is not there.",
        unit="ms",
        empty="always",
    ),
    "rt_ms": Measurement(
        "Time to the answer, from all pictures painted. Empty if not measured.", unit="ms"
    ),
    "away_ms": RESPONSES["away_ms"],
    "input": replace(RESPONSES["input"], description="How the answer was given."),
    "answered_at": Time("When the answer arrived.", empty="always"),
}

TABLES: Mapping[str, Mapping[str, Column]] = {
    "responses": RESPONSES,
    "steps": STEPS,
    "participants": PARTICIPANTS,
    "questionnaire": {
        "participant_id": PARTICIPANT,
        "name": Column("Name of the question, as in the study file."),
        "value": Column("The answer: the option that was chosen, or a number."),
    },
    "comprehension": {
        "participant_id": PARTICIPANT,
        "chance": Count("Which of the two chances it was, from 1."),
        "name": Column("Name of the question on the instructions, as in the study file."),
        "value": Column("The option that was chosen."),
        "right": Flag("Whether that is right."),
    },
    "attention": {
        "participant_id": PARTICIPANT,
        "name": Column("Name of the attention check, as in the study file."),
        "kind": Column(
            "Whether the text told which option to choose, or nobody could agree with it.",
            levels=("instructed", "nonsensical"),
        ),
        "value": Column("The option that was chosen."),
        "passed": Flag("Whether the answer shows attention."),
    },
    "stimuli": {
        "stimulus_id": STIMULUS,
        "phase": PHASE,
        "kind": KIND,
        "true_label": Column("True label of the picture.", empty="imported"),
        "image_sha256": IMAGE,
        "debatable": Flag(
            "Whether a reviewer of the stimuli found the true label debatable.", empty="imported"
        ),
        "input_sha256": Column(
            "SHA-256 of what the AI saw: the RGB bytes of the picture, resized to the AI's "
            "input. Empty where the bundle does not say.",
            unit="hexadecimal",
            empty="always",
            recent=True,
        ),
        "attacked": Column(
            "The AIs that the perturbation was made to deceive, with a space between two names; "
            "empty for natural pictures.",
            empty="always",
            recent=True,
        ),
    },
    "predictions": {
        "stimulus_id": STIMULUS,
        "classifier": CLASSIFIER,
        "label": LABEL,
        "confidence": CONFIDENCE,
        "ai_right": AI_RIGHT,
        "bin": BIN,
    },
    "explanations": {
        "stimulus_id": STIMULUS,
        "classifier": CLASSIFIER,
        "explainer": Column("What drew the explanation."),
        "metric": Column("Name of an automatic score of the explanation."),
        "value": Column(
            "That score. Empty where it is not defined.", kind="number", empty="always"
        ),
    },
    "pool": {
        "source": Column("The image's name in the data set."),
        "split": Column(
            "test: where stimuli come from. val: where the AI-only threshold was chosen.",
            levels=("val", "test"),
        ),
        "classifier": CLASSIFIER,
        "confidence": replace(CONFIDENCE, empty="never"),
        "ai_right": AI_RIGHT,
        "bin": BIN,
    },
    "demographics": {
        "participant_id": PARTICIPANT,
        "name": Column("What was asked, as Prolific writes it, such as Age."),
        "value": Column("What the person told Prolific; text, also where it is a number."),
    },
}

OPTIONAL = ("steps", "comprehension")  # tables that exports of before and imports lack

KEYS: Mapping[str, tuple[str, ...]] = {
    "responses": ("participant_id", "phase", "trial_index"),
    "steps": ("participant_id", "phase", "trial_index", "step"),
    "participants": ("participant_id",),
    "questionnaire": ("participant_id", "name"),
    "comprehension": ("participant_id", "chance", "name"),
    "attention": ("participant_id", "name"),
    "stimuli": ("stimulus_id",),
    "predictions": ("stimulus_id", "classifier"),
    "explanations": ("stimulus_id", "classifier", "explainer", "metric"),
    "pool": ("source", "split", "classifier"),
    "demographics": ("participant_id", "name"),
}
