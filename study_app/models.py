"""The tables. Answers are written once; the bundle itself stays in its folder."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Enum, ForeignKey, Index, MetaData, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from stimuli.study import Outcome, Phase
from study_app.database import UtcDateTime
from study_app.words import Decision, Input, SubmissionStatus


def _stored(enum: type[StrEnum]) -> Enum:
    """An enum kept as its value, which is what exports and people read."""
    return Enum(
        enum,
        native_enum=False,
        length=20,
        create_constraint=True,
        name=enum.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    """Names every constraint, so that migrations can name them too."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: UtcDateTime,
        Phase: _stored(Phase),
        Decision: _stored(Decision),
        Input: _stored(Input),
        Outcome: _stored(Outcome),
        SubmissionStatus: _stored(SubmissionStatus),
    }


class LoadedStudy(Base):
    """The one study that this database serves.

    Attributes:
        study_text: `study.toml` in force; the bundle's own, unless online tables were replaced.
    """

    __tablename__ = "loaded_study"

    id: Mapped[int] = mapped_column(primary_key=True)
    bundle_path: Mapped[str] = mapped_column(Text)
    bundle_digest: Mapped[str]
    study_text: Mapped[str] = mapped_column(Text)
    study_digest: Mapped[str]
    loaded_at: Mapped[datetime]


class Participant(Base):
    """A person who pressed Start, real or simulated.

    Attributes:
        participant_id: what exports call this person; says nothing and opens nothing.
        token: the secret of this person's link.
        start_key: from the landing page's form, so that two presses of Start make one person.
        number: 0, 1, 2, ... among the places of a condition; decides the trial list.
        seen_at: the last sign of life, an answer or an open page; to within half a minute.
        view: the page that may answer, by the name it gave itself; None before a script named one.
        checked_at: when the device was found fit.
        instructed_at: when the instructions were done.
    """

    __tablename__ = "participant"
    __table_args__ = (Index(None, "simulated", "condition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[str] = mapped_column(unique=True)
    token: Mapped[str] = mapped_column(unique=True)
    start_key: Mapped[str] = mapped_column(unique=True)
    number: Mapped[int]
    condition: Mapped[str]
    simulated: Mapped[bool]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    view: Mapped[str | None]
    consented_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    instructed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]


class Device(Base):
    """What a participant's page was shown on, as its script found it when the device was checked.

    Attributes:
        screen_w, screen_h, viewport_w, viewport_h: in CSS pixels.
        pixel_ratio: device pixels per CSS pixel.
        refresh_hz: of the screen, the median over some thirty frames.
        browser: its family; neither this nor `os` narrows a person down.
        browser_version: the major version.
    """

    __tablename__ = "device"

    participant: Mapped[int] = mapped_column(ForeignKey("participant.id"), primary_key=True)
    screen_w: Mapped[int | None]
    screen_h: Mapped[int | None]
    viewport_w: Mapped[int | None]
    viewport_h: Mapped[int | None]
    pixel_ratio: Mapped[float | None]
    refresh_hz: Mapped[float | None]
    browser: Mapped[str | None]
    browser_version: Mapped[int | None]
    os: Mapped[str | None]


class Identity(Base):
    """Who a participant is on Prolific. Apart from the answers, and never exported with them."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("session_id", "prolific_pid"),)

    participant: Mapped[int] = mapped_column(ForeignKey("participant.id"), primary_key=True)
    prolific_pid: Mapped[str]
    study_id: Mapped[str]
    session_id: Mapped[str]


class Trial(Base):
    """One stimulus for one participant, with the answers to its screens.

    Attributes:
        trial_index: from 0 within the phase.
        image_sha256: of the picture as it was on the screen.
        key: what the browser calls this trial.
        shown_at: when its first screen was first sent.
        away_ms: how much of `decision_rt_ms` the page was hidden or not in front.
        away_count: how often that began.
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
    shown_at: Mapped[datetime | None]
    seen_before: Mapped[bool | None]
    seen_rt_ms: Mapped[float | None]
    card_read_at: Mapped[datetime | None]
    card_rt_ms: Mapped[float | None]
    decision: Mapped[Decision | None]
    decision_rt_ms: Mapped[float | None]
    away_ms: Mapped[float | None]
    away_count: Mapped[int | None]
    input: Mapped[Input | None]
    answered_at: Mapped[datetime | None]
    feedback_read_at: Mapped[datetime | None]


class Submission(Base):
    """What Prolific knows of a participation, as in the newest file that was reconciled.

    Attributes:
        submission_id: Prolific's, which is the SESSION_ID that a person came with.
        participant: None for somebody who never pressed Start here.
        completion_code: what the person entered; None if nothing.
    """

    __tablename__ = "submission"

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    participant: Mapped[int | None] = mapped_column(ForeignKey("participant.id"), unique=True)
    status: Mapped[SubmissionStatus]
    completion_code: Mapped[str | None]
    started_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    reconciled_at: Mapped[datetime]


class Demographic(Base):
    """An answer that a person gave to Prolific, such as Age, under the name that Prolific uses."""

    __tablename__ = "demographic"

    submission_id: Mapped[str] = mapped_column(
        ForeignKey("submission.submission_id"), primary_key=True
    )
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class AuditEntry(Base):
    """What an experimenter did that concerns people: when, and in words."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    act: Mapped[str] = mapped_column(Text)
