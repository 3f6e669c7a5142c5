"""The tables of participants' answers, and of what was noticed about them. Written once.

A column that the export has too says here what it means.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from stimuli.study import Phase
from study_app.enums import Decision, Input, Noticed
from study_app.export_column import TIME, YES_NO, exported_column
from study_app.table_base import Base


class Trial(Base):
    """One stimulus for one participant, with the answers to its screens.

    Attributes:
        trial_index: from 0 within the phase; where the validation is interleaved, within
            validation and test together.
        image_sha256: of the picture as it was on the screen.
        key: what the browser calls this trial.
        steps: the screens that it has, in order; each is a step, or the feedback of practice.
        steps_left: how many of them are still to be answered.
    """

    __tablename__ = "trial"
    __table_args__ = (UniqueConstraint("participant", "phase", "trial_index"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participant: Mapped[int] = mapped_column(ForeignKey("participant.id"))
    phase: Mapped[Phase]
    trial_index: Mapped[int]
    stimulus_id: Mapped[str]
    image_sha256: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    seen_before: Mapped[bool | None] = exported_column(
        (
            "Answer to 'Have you ever seen a … before?'. Where the trial did not ask, the person's "
            "answer of an earlier trial with the same label."
        ),
        levels=YES_NO,
    )
    seen_rt_ms: Mapped[float | None] = exported_column(
        "Time to that answer, from the question.", unit="ms"
    )
    card_read_at: Mapped[datetime | None]
    card_rt_ms: Mapped[float | None] = exported_column(
        "Time on the class card, from when all of it is on the screen.", unit="ms"
    )
    decision: Mapped[Decision | None] = exported_column(
        "What the person did with the AI's label. Empty where the person left.",
        levels=tuple(Decision),
    )
    decision_rt_ms: Mapped[float | None] = exported_column(
        "Time to the decision, from all pictures painted. Empty if not measured.", unit="ms"
    )
    away_ms: Mapped[float | None] = exported_column(
        "Part of that time in which the page was hidden or not in front.", unit="ms"
    )
    away_count: Mapped[int | None] = exported_column("How often the person was away in that time.")
    input: Mapped[Input | None] = exported_column(
        "How the decision was given.", levels=tuple(Input)
    )
    shown_at: Mapped[datetime | None] = exported_column(
        "When the trial's first screen was first sent.", unit=TIME
    )
    answered_at: Mapped[datetime | None] = exported_column("When the decision arrived.", unit=TIME)
    seen_asked: Mapped[bool] = exported_column(
        "Whether the trial asked that itself; 0 where the answer is carried, or there is none.",
        levels=YES_NO,
    )
    card_shown: Mapped[bool] = exported_column(
        "Whether the class card was a screen of the trial.", levels=YES_NO
    )
    card_opened_count: Mapped[int | None] = exported_column(
        "How often the person opened the card on the decision's screen, where that offers it."
    )
    card_opened_ms: Mapped[float | None] = exported_column(
        "Part of the decision's time in which that card was open.", unit="ms"
    )
    enlarged_count: Mapped[int | None] = exported_column(
        "How often the person enlarged a picture of the decision's screen."
    )
    enlarged_ms: Mapped[float | None] = exported_column(
        "Part of the decision's time in which a picture was enlarged.", unit="ms"
    )
    photo_seen: Mapped[float | None] = exported_column(
        "Share of the photo that was in view at some time before the decision, covered by nothing.",
        unit="share from 0 to 1",
    )
    photo_seen_ms: Mapped[float | None] = exported_column(
        "Part of the decision's time in which at least half of the photo was in view.", unit="ms"
    )
    panels_seen: Mapped[list[float] | None] = exported_column(
        (
            "The same share of each panel, in the order of the condition's panels, with a space "
            "between two. Empty where there is none."
        ),
        unit="share from 0 to 1",
    )
    panels_seen_ms: Mapped[list[float] | None] = exported_column(
        "The same time of each panel, likewise.", unit="ms"
    )
    window_w: Mapped[int | None] = exported_column(
        "Width of the window inside, at the decision.", unit="CSS px"
    )
    window_h: Mapped[int | None] = exported_column(
        "Height of the window inside, at the decision.", unit="CSS px"
    )
    zoom: Mapped[float | None] = exported_column(
        "Pixels of the screen per CSS pixel at the decision, pinching included: more than "
        "pixel_ratio where the person had zoomed in."
    )
    feedback_read_at: Mapped[datetime | None]
    steps: Mapped[list[str]]
    steps_left: Mapped[int]

    @property
    def step(self) -> str:
        """The screen that waits for an answer; empty after the last."""
        return self.steps[-self.steps_left] if self.steps_left else ""


class StepAnswer(Base):
    """The answer to one of a study's own steps in one trial.

    Attributes:
        trial: its row.
        name: of the step.
        value: the answer; empty where there is nothing to say.
    """

    __tablename__ = "step_answer"

    trial: Mapped[int] = mapped_column(ForeignKey("trial.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    carried: Mapped[str | None] = exported_column(
        "What was shown as the person's own earlier answer.", type_=Text
    )
    revealed: Mapped[str | None] = exported_column(
        "Parts that came later than the page, each with the ms from the onset, such as "
        "answer:2003. One that was never asked for is not there.",
        unit="ms",
    )
    rt_ms: Mapped[float | None] = exported_column(
        "Time to the answer, from all pictures painted. Empty if not measured.", unit="ms"
    )
    away_ms: Mapped[float | None] = exported_column(
        "Part of that time in which the page was hidden or not in front.", unit="ms"
    )
    input: Mapped[Input | None] = exported_column("How the answer was given.", levels=tuple(Input))
    answered_at: Mapped[datetime] = exported_column("When the answer arrived.", unit=TIME)


class Device(Base):
    """What a participant's page was shown on, as its script found it when the device was checked.

    Neither `browser` nor `os` narrows a person down.
    """

    __tablename__ = "device"

    participant: Mapped[int] = mapped_column(ForeignKey("participant.id"), primary_key=True)
    screen_w: Mapped[int | None] = exported_column("Width of the screen.", unit="CSS px")
    screen_h: Mapped[int | None] = exported_column("Height of the screen.", unit="CSS px")
    viewport_w: Mapped[int | None] = exported_column(
        "Width of the window inside, at the start.", unit="CSS px"
    )
    viewport_h: Mapped[int | None] = exported_column(
        "Height of the window inside, at the start.", unit="CSS px"
    )
    pixel_ratio: Mapped[float | None] = exported_column("Pixels of the screen per CSS pixel.")
    refresh_hz: Mapped[float | None] = exported_column(
        "Frames per second, the median of about thirty at the start.", unit="Hz"
    )
    browser: Mapped[str | None] = exported_column("Family of the browser, such as Firefox.")
    browser_version: Mapped[int | None] = exported_column("Major version of the browser.")
    os: Mapped[str | None] = exported_column("Family of the operating system, such as Windows.")


class Signals(Base):
    """What may tell that a program answers for a participant. Evidence to look at: decides nothing.

    So does `translated_answers`, which is no such evidence: it tells what people may have read.
    Counted over the answers after the consent, of people whose pages ran a script.
    """

    __tablename__ = "signals"

    participant: Mapped[int] = mapped_column(ForeignKey("participant.id"), primary_key=True)
    webdriver: Mapped[bool] = exported_column(
        "Whether the browser said that a program steers it. Evidence, no verdict.",
        levels=YES_NO,
        default=False,
    )
    scripted_answers: Mapped[int] = exported_column(
        "Answers that no event of the browser gave. Evidence, no verdict.",
        unit="answers",
        default=0,
    )
    still_clicks: Mapped[int] = exported_column(
        "Answers by a mouse that had not moved there. Evidence, no verdict.",
        unit="answers",
        default=0,
    )
    pasted_chars: Mapped[int] = exported_column(
        "Characters pasted or dropped into text fields. Evidence, no verdict.",
        unit="characters",
        default=0,
    )
    unkeyed_chars: Mapped[int] = exported_column(
        (
            "Characters in text fields that were neither typed by keys nor pasted, but dictated, "
            "suggested or set by a program. Evidence, no verdict."
        ),
        unit="characters",
        default=0,
    )
    trap: Mapped[bool] = exported_column(
        "Whether a field was filled in that people do not see. Evidence, no verdict.",
        levels=YES_NO,
        default=False,
    )
    translated_answers: Mapped[int | None] = exported_column(
        (
            "Answers on pages that the browser had put into another language. No signal of a "
            "program. Empty of people of before it was counted."
        ),
        unit="answers",
        default=0,
    )


class QuestionnaireAnswer(Base):
    """What a participant answered to one of `[[questions]]`; no row where nothing was said."""

    __tablename__ = "questionnaire_answer"

    participant: Mapped[int] = mapped_column(ForeignKey("participant.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime]


class ComprehensionAnswer(Base):
    """What a participant answered to one of `[[comprehension]]`, at each of the chances from 1."""

    __tablename__ = "comprehension_answer"

    participant: Mapped[int] = mapped_column(ForeignKey("participant.id"), primary_key=True)
    chance: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime]


class AttentionAnswer(Base):
    """What a participant answered to one of `[[attention]]`."""

    __tablename__ = "attention_answer"

    participant: Mapped[int] = mapped_column(ForeignKey("participant.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime]


class Comment(Base):
    """What a participant said at the end. The text may name people, so it is exported apart."""

    __tablename__ = "comment"

    participant: Mapped[int] = mapped_column(ForeignKey("participant.id"), primary_key=True)
    altered_noticed: Mapped[Noticed]
    text: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime]
