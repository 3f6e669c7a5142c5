"""The tables of the study and of who takes part; `answer_models` has what they answered.

The bundle itself stays in its folder.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from stimuli.study import Outcome
from study_app.enums import Wave
from study_app.table_base import Base


class StudyVersion(Base):
    """A study file that is or was in force; never changed, and never removed.

    Attributes:
        study_text: `study.toml`; the bundle's own, unless online tables were replaced.
        since: when it was put in force first.
        wave: for which people were taken in at that moment.
    """

    __tablename__ = "study_version"

    number: Mapped[int] = mapped_column(primary_key=True)
    study_text: Mapped[str] = mapped_column(Text, deferred=True)  # read when it is met anew
    study_digest: Mapped[str]
    since: Mapped[datetime]
    wave: Mapped[Wave]


class LoadedStudy(Base):
    """The one study that this database serves.

    Attributes:
        version: of the study file in force, which whoever starts now meets.
        loaded_at: when it was put in force.
        wave: which people are taken in now, the pilot's or the main study's.
        paused: whether nobody is taken in.
        quota: places of each condition in this wave; None for no end.
    """

    __tablename__ = "loaded_study"

    id: Mapped[int] = mapped_column(primary_key=True)
    bundle_path: Mapped[str] = mapped_column(Text)
    bundle_digest: Mapped[str]
    version: Mapped[int] = mapped_column(ForeignKey("study_version.number"))
    loaded_at: Mapped[datetime]
    wave: Mapped[Wave]
    paused: Mapped[bool]
    quota: Mapped[int | None]


class Participant(Base):
    """A person who pressed Start, real or simulated.

    Attributes:
        participant_id: what exports call this person; says nothing and opens nothing.
        token: the secret of this person's link.
        version: of the study file that was in force as this person pressed Start: the one that
            they meet to the end, and on their last page for good.
        start_key: from the landing page's form, so that two presses of Start make one person.
        simulated_sort: as which of `Sort` a simulated person came; None of real people, and of
            those simulated before it was noted.
        condition: None of those alone who were turned away as they pressed Start, since there was
            no place or they had taken part before; they meet no screen.
        seen_at: the last sign of life, an answer or an open page; to within half a minute.
        qualified: whether the data count, of who completed and passed the gate; None before.
        place_until: when the place is over that somebody holds; None where none is held, and of
            those whose data count, who hold theirs for good.
        tab: the browser tab that may answer, by the name that its page gave itself; None before.
        checked_at: when the device was found fit.
        consent_digest: SHA-256 of the words that the person agreed to.
        asked_before_at: when the questions before the instructions were answered.
        instructed_at: when the instructions were done.
        n_comprehension: at how many chances the questions on the instructions were answered.
        understood_at: when they were answered rightly.
        n_attention: attention checks that were answered.
        paused_at: when the pause half-way was over.
        asked_after_at: when the questions after the trials were answered.
    """

    __tablename__ = "participant"
    __table_args__ = (Index(None, "wave", "simulated", "condition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participant_id: Mapped[str] = mapped_column(unique=True)
    token: Mapped[str] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column(ForeignKey("study_version.number"))
    start_key: Mapped[str] = mapped_column(unique=True)
    condition: Mapped[str] = mapped_column(nullable=True)
    wave: Mapped[Wave]
    simulated: Mapped[bool]
    simulated_sort: Mapped[str | None]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    tab: Mapped[str | None] = mapped_column("view")
    consented_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    consent_digest: Mapped[str | None]
    asked_before_at: Mapped[datetime | None]
    instructed_at: Mapped[datetime | None]
    n_comprehension: Mapped[int] = mapped_column(default=0)
    understood_at: Mapped[datetime | None]
    n_attention: Mapped[int] = mapped_column(default=0)
    paused_at: Mapped[datetime | None]
    asked_after_at: Mapped[datetime | None]
    commented_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None]
    qualified: Mapped[bool | None]
    place_until: Mapped[datetime | None] = mapped_column(index=True)


class ConditionTally(Base):
    """What quota and randomisation go by in one condition of one wave; see `enrolment.quota`.

    Attributes:
        started: people who got the condition; before it was told apart, people turned away too.
        places: people who count or are under way, places that are over included until cleared.
        views: how many of them judge each test stimulus; none of those that nobody judges.
    """

    __tablename__ = "condition_tally"

    wave: Mapped[Wave] = mapped_column(primary_key=True)
    simulated: Mapped[bool] = mapped_column(primary_key=True)
    condition: Mapped[str] = mapped_column(primary_key=True)
    started: Mapped[int]
    places: Mapped[int]
    views: Mapped[dict[str, int]]


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
        label: what the experimenter calls this person; never exported with the answers. None once
            the person's answers were erased.
        participant: None until the person presses Start.
    """

    __tablename__ = "invitation"

    token: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    participant: Mapped[int | None] = mapped_column(ForeignKey("participant.id"), unique=True)


class AuditEntry(Base):
    """What an experimenter did that concerns people: when, and in words."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    act: Mapped[str] = mapped_column(Text)


class Opening(Base):
    """Where somebody came from who holds a place and has not agreed yet; kept for a minute.

    Attributes:
        source: a digest of the address, with a key that changes every hour.
    """

    __tablename__ = "opening"

    participant: Mapped[int] = mapped_column(ForeignKey("participant.id"), primary_key=True)
    source: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime]


class ExperimenterSession(Base):
    """A browser in which the experimenter is signed in.

    Attributes:
        key: a digest of the secret in the browser's cookie.
    """

    __tablename__ = "experimenter_session"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    signed_in_at: Mapped[datetime]


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
