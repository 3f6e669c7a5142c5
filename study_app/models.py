"""The tables of the study, of people and of their answers; `prolific.models` has the panel's.

Answers are written once; the bundle itself stays in its folder.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from stimuli.study import Outcome, Phase
from study_app.enums import Decision, Input, Noticed, Wave
from study_app.export_column import TIME, YES_NO, exported
from study_app.table_base import Base


class LoadedStudy(Base):
    """The one study that this database serves.

    Attributes:
        study_text: `study.toml` in force; the bundle's own, unless online tables were replaced.
        wave: which people are taken in now, the pilot's or the main study's.
        paused: whether nobody is taken in.
        quota: places of each condition in this wave; None for no end.
    """

    __tablename__ = "loaded_study"

    id: Mapped[int] = mapped_column(primary_key=True)
    bundle_path: Mapped[str] = mapped_column(Text)
    bundle_digest: Mapped[str]
    study_text: Mapped[str] = mapped_column(Text)
    study_digest: Mapped[str]
    loaded_at: Mapped[datetime]
    wave: Mapped[Wave]
    paused: Mapped[bool]
    quota: Mapped[int | None]


class Participant(Base):
    """A person who pressed Start, real or simulated.

    Attributes:
        participant_id: what exports call this person; says nothing and opens nothing.
        token: the secret of this person's link.
        start_key: from the landing page's form, so that two presses of Start make one person.
        seen_at: the last sign of life, an answer or an open page; to within half a minute.
        qualified: whether the data count, of who completed and passed the gate; None before.
        tab: the browser tab that may answer, by the name that its page gave itself; None before.
        checked_at: when the device was found fit.
        consent_digest: SHA-256 of the words that the person agreed to.
        asked_before_at: when the questions before the instructions were answered.
        instructed_at: when the instructions were done.
        n_attention: attention checks that were answered.
        asked_after_at: when the questions after the trials were answered.
    """

    __tablename__ = "participant"
    __table_args__ = (Index(None, "wave", "simulated", "condition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[str] = mapped_column(unique=True)
    token: Mapped[str] = mapped_column(unique=True)
    start_key: Mapped[str] = mapped_column(unique=True)
    condition: Mapped[str]
    wave: Mapped[Wave]
    simulated: Mapped[bool]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    tab: Mapped[str | None] = mapped_column("view")
    consented_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    consent_digest: Mapped[str | None]
    asked_before_at: Mapped[datetime | None]
    instructed_at: Mapped[datetime | None]
    n_attention: Mapped[int] = mapped_column(default=0)
    asked_after_at: Mapped[datetime | None]
    commented_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]
    qualified: Mapped[bool | None]


class Draw(Base):
    """What a participant's condition and test trials were drawn from, so that it can be repeated.

    Attributes:
        number: of this participant among those of the wave, real or simulated, from 0.
        quota: places of each condition at that moment; None for no end.
        places: how many were taken in each condition, as JSON.
        views: how many people who count judged each stimulus in the condition that was drawn; JSON.
    """

    __tablename__ = "draw"

    participant: Mapped[int] = mapped_column(ForeignKey("participant.id"), primary_key=True)
    number: Mapped[int]
    quota: Mapped[int | None]
    places: Mapped[dict[str, int]]
    views: Mapped[dict[str, int]]


class Invitation(Base):
    """A personal link, for one person who is invited by name.

    Attributes:
        token: the secret of the link.
        label: what the experimenter calls this person; never exported with the answers.
        participant: None until the person presses Start.
    """

    __tablename__ = "invitation"

    token: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    participant: Mapped[int | None] = mapped_column(ForeignKey("participant.id"), unique=True)


class Device(Base):
    """What a participant's page was shown on, as its script found it when the device was checked.

    Neither `browser` nor `os` narrows a person down.
    """

    __tablename__ = "device"

    participant: Mapped[int] = mapped_column(ForeignKey("participant.id"), primary_key=True)
    screen_w: Mapped[int | None] = exported("Width of the screen.", unit="CSS px")
    screen_h: Mapped[int | None] = exported("Height of the screen.", unit="CSS px")
    viewport_w: Mapped[int | None] = exported(
        "Width of the window inside, at the start.", unit="CSS px"
    )
    viewport_h: Mapped[int | None] = exported(
        "Height of the window inside, at the start.", unit="CSS px"
    )
    pixel_ratio: Mapped[float | None] = exported("Pixels of the screen per CSS pixel.")
    refresh_hz: Mapped[float | None] = exported(
        "Frames per second, the median of about thirty at the start.", unit="Hz"
    )
    browser: Mapped[str | None] = exported("Family of the browser, such as Firefox.")
    browser_version: Mapped[int | None] = exported("Major version of the browser.")
    os: Mapped[str | None] = exported("Family of the operating system, such as Windows.")


class Signals(Base):
    """What may tell that a program answers for a participant. Evidence to look at: decides nothing.

    Counted over the answers after the consent, of people whose pages ran a script.
    """

    __tablename__ = "signals"

    participant: Mapped[int] = mapped_column(ForeignKey("participant.id"), primary_key=True)
    webdriver: Mapped[bool] = exported(
        "Whether the browser said that a program steers it. Evidence, no verdict.",
        levels=YES_NO,
        default=False,
    )
    scripted_answers: Mapped[int] = exported(
        "Answers that no event of the browser gave. Evidence, no verdict.",
        unit="answers",
        default=0,
    )
    still_clicks: Mapped[int] = exported(
        "Answers by a mouse that had not moved there. Evidence, no verdict.",
        unit="answers",
        default=0,
    )
    pasted_chars: Mapped[int] = exported(
        "Characters pasted or dropped into text fields. Evidence, no verdict.",
        unit="characters",
        default=0,
    )
    unkeyed_chars: Mapped[int] = exported(
        (
            "Characters in text fields that were neither typed by keys nor pasted, but dictated, "
            "suggested or set by a program. Evidence, no verdict."
        ),
        unit="characters",
        default=0,
    )
    trap: Mapped[bool] = exported(
        "Whether a field was filled in that people do not see. Evidence, no verdict.",
        levels=YES_NO,
        default=False,
    )


class Trial(Base):
    """One stimulus for one participant, with the answers to its screens.

    Attributes:
        trial_index: from 0 within the phase; where the validation is interleaved, within
            validation and test together.
        image_sha256: of the picture as it was on the screen.
        key: what the browser calls this trial.
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
    seen_before: Mapped[bool | None] = exported(
        "Answer to 'Have you ever seen a … before?'. Practice does not ask.", levels=YES_NO
    )
    seen_rt_ms: Mapped[float | None] = exported(
        "Time to that answer, from the question.", unit="ms"
    )
    card_read_at: Mapped[datetime | None]
    card_rt_ms: Mapped[float | None] = exported(
        "Time on the class card, from when all of it is on the screen.", unit="ms"
    )
    decision: Mapped[Decision | None] = exported(
        "What the person did with the AI's label. Empty where the person left.",
        levels=tuple(Decision),
    )
    decision_rt_ms: Mapped[float | None] = exported(
        "Time to the decision, from all pictures painted. Empty if not measured.", unit="ms"
    )
    away_ms: Mapped[float | None] = exported(
        "Part of that time in which the page was hidden or not in front.", unit="ms"
    )
    away_count: Mapped[int | None] = exported("How often the person was away in that time.")
    input: Mapped[Input | None] = exported("How the decision was given.", levels=tuple(Input))
    shown_at: Mapped[datetime | None] = exported(
        "When the trial's first screen was first sent.", unit=TIME
    )
    answered_at: Mapped[datetime | None] = exported("When the decision arrived.", unit=TIME)
    feedback_read_at: Mapped[datetime | None]


class QuestionnaireAnswer(Base):
    """What a participant answered to one of `[[questions]]`; no row where nothing was said."""

    __tablename__ = "questionnaire_answer"

    participant: Mapped[int] = mapped_column(ForeignKey("participant.id"), primary_key=True)
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


class AuditEntry(Base):
    """What an experimenter did that concerns people: when, and in words."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    act: Mapped[str] = mapped_column(Text)


class Attempts(Base):
    """How often something that is limited was tried within a window of time; see `limits`.

    Attributes:
        source: a digest of where it came from, so short that it tells nobody's address.
        window: the number of the window since 1970.
    """

    __tablename__ = "attempts"

    limit: Mapped[str] = mapped_column(String(20), primary_key=True)
    source: Mapped[str] = mapped_column(String(20), primary_key=True)
    window: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int]
