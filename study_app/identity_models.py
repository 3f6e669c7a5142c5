"""The tables of who people are on Prolific, or at another provider, and of what it says of them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from study_app.enums import SubmissionStatus
from study_app.table_base import Base


class Identity(Base):
    """Who a participant is on Prolific. Apart from the answers, and never exported with them.

    Attributes:
        study_id: and session_id, of the newest submission, which is the one that will be paid.
    """

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("session_id", "prolific_pid"),)

    participant: Mapped[int] = mapped_column(ForeignKey("participant.id"), primary_key=True)
    prolific_pid: Mapped[str] = mapped_column(index=True)
    study_id: Mapped[str]
    session_id: Mapped[str]


class ProviderSession(Base):
    """An id that the provider gave to a participation: every one by which a participant came."""

    __tablename__ = "provider_session"

    participant: Mapped[int] = mapped_column(ForeignKey("participant.id"), primary_key=True)
    session_id: Mapped[str] = mapped_column(primary_key=True)
    study_id: Mapped[str]
    came_at: Mapped[datetime]


class Submission(Base):
    """What Prolific knows of a participation, as in the newest file that was reconciled.

    Attributes:
        submission_id: Prolific's, which is the SESSION_ID that a person came with.
        participant: None for somebody who never pressed Start here.
        instead: the submission by which the same person is paid; None if it is this one.
        completion_code: what the person entered; None if nothing.
    """

    __tablename__ = "submission"

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    participant: Mapped[int | None] = mapped_column(ForeignKey("participant.id"), index=True)
    instead: Mapped[str | None]
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
