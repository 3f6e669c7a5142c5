"""What a screen is: a page with a form, which asks for one answer. `screens` declares them all."""

import abc
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from stimuli.study import Outcome, Response, Study
from study_app.active_study import ActiveStudy
from study_app.answer_models import Trial
from study_app.database import db, now
from study_app.enums import Input
from study_app.models import Participant
from study_app.outcomes import finish

CLOCK_SLACK = timedelta(seconds=5)  # the server's clock may be set while a trial is open
OUT_OF_VIEW = ("away_ms", "away_count")  # what is kept where the study does not record the view
Pictures = tuple[str, ...]
Viewed = float | list[float] | None  # a number of the page, or one for each panel


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One form of a participant.

    Attributes:
        screen: the name of the screen.
        key: as in `Position`.
        choice: the button that was pressed.
        rt_ms: from the moment the pictures were visible; None if the browser could not tell.
        fields: the whole form, for answers to questions.
        viewing: how the page was looked at meanwhile, as in the columns of `Trial`.
        revealed: what came later than the page, as in the column of `StepAnswer`.
        tab: the browser tab that sent it, by its own name; empty where no script runs.
        device: what it was shown on, as in the columns of `Device`.
        signals: what was noticed about how it was given, as in the columns of `Signals`.
    """

    screen: str
    key: str
    choice: str
    rt_ms: float | None
    input: Input | None
    fields: Mapping[str, str]
    viewing: Mapping[str, Viewed]
    revealed: str
    tab: str
    device: Mapping[str, int | float | str | None]
    signals: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Position:
    """Where a participant is.

    Attributes:
        trial: the first with a screen to answer; None after the last.
        screen: None once the session is over.
        key: which one of several screens of one name; empty where there is one only.
    """

    participant: Participant
    trial: Trial | None
    screen: "Screen | None"
    key: str

    @property
    def open_trial(self) -> Trial:
        """The trial, where a screen needs one.

        Raises:
            ValueError: if none is open.
        """
        if self.trial is None:
            raise ValueError("no trial is open")
        return self.trial


@dataclass(frozen=True, kw_only=True)
class Screen(abc.ABC):
    """A page with a form. Its template is `NAME.html`.

    Attributes:
        name: by which form, template and rehearsal call it.
        buttons: the values of its buttons; the first one goes on. None where what is asked
            decides.
        context: what the template shows besides the form; None for nothing.
        questions: what is asked in the form, of a study and a key; None for nothing. A step of a
            trial asks what depends on the trial, see `asked`.
        prefetch: addresses of the pictures that the browser fetches ahead meanwhile.
    """

    name: str
    buttons: tuple[str, ...] | None = ("continue",)
    context: Callable[[ActiveStudy, Position], dict[str, object]] | None = None
    questions: Callable[[Study, str], tuple[Response, ...]] | None = None
    prefetch: Callable[[ActiveStudy, Position], Pictures]

    def asked(self, active: ActiveStudy, position: Position) -> tuple[Response, ...]:
        """What is asked in the form at a position."""
        return self.questions(active.study, position.key) if self.questions else ()

    def before(
        self, active: ActiveStudy, position: Position
    ) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """What the form shows of answers that were stored before, and what was wrong with others.

        Returns:
            Answers by field, and words for the participant by the question's name.
        """
        return {}, {}

    @abc.abstractmethod
    def due(self, study: Study, participant: Participant, trial: Trial | None) -> str | None:
        """The key of the screen if it waits for an answer now; None if it does not.

        Args:
            trial: the first with a screen to answer, None after the last.
        """

    @abc.abstractmethod
    def was_answered(self, participant: Participant, key: str) -> bool:
        """Whether the screen of this key was answered before."""

    @abc.abstractmethod
    def store(self, active: ActiveStudy, position: Position, answer: Answer) -> None:
        """Store the answer to a screen that is due.

        Raises:
            FaultyAnswers: with every answer to a question that cannot be one; nothing is stored.
        """


@dataclass(frozen=True, kw_only=True)
class SessionScreen(Screen):
    """A screen outside the trials, which a session has once.

    Attributes:
        answered_at: the participant's column that tells that it was answered.
        key: tells screens of one name apart.
        refusal: how the session ends for whoever presses the second button.
        is_part_of: whether a study has it; None where every study does.
        record: stores what the answer says besides that it was given, and when; None for nothing.
    """

    buttons: tuple[str, ...] = ("continue",)
    answered_at: InstrumentedAttribute[datetime | None]
    key: str = ""
    refusal: Outcome | None = None
    is_part_of: Callable[[Study], object] | None = None
    record: Callable[[ActiveStudy, Participant, Answer, datetime], None] | None = None

    def due(self, study: Study, participant: Participant, trial: Trial | None) -> str | None:
        """Where a study has it, until it was answered."""
        if getattr(participant, self.answered_at.key) is not None:
            return None
        return self.key if self.is_part_of is None or self.is_part_of(study) else None

    def was_answered(self, participant: Participant, key: str) -> bool:
        """By its column, or by the outcome of a refusal."""
        if self.key and key != self.key:
            return False
        is_refused = self.refusal is not None and participant.outcome is self.refusal
        return is_refused or getattr(participant, self.answered_at.key) is not None

    def store(self, active: ActiveStudy, position: Position, answer: Answer) -> None:
        """Record the answer, and go on or end the session."""
        participant, at = position.participant, now()
        if self.record:
            self.record(active, participant, answer, at)
        if answer.choice == self.buttons[0] or self.refusal is None:
            setattr(participant, self.answered_at.key, at)
        else:
            finish(participant, self.refusal)


@dataclass(frozen=True, kw_only=True)
class TrialScreen(Screen):
    """A screen of a trial, for those of its steps that are called as the screen is.

    Attributes:
        record: stores what the answer says.
    """

    buttons: tuple[str, ...] = ("continue",)
    record: Callable[[Trial, Answer], None]

    def due(self, study: Study, participant: Participant, trial: Trial | None) -> str | None:
        """In a trial whose next step it is."""
        return trial.key if trial is not None and trial.step == self.name else None

    def was_answered(self, participant: Participant, key: str) -> bool:
        """By the trial of that key, if it is the participant's."""
        return was_answered(participant, key, self.name)

    def store(self, active: ActiveStudy, position: Position, answer: Answer) -> None:
        """Record the answer in the open trial."""
        trial = position.open_trial
        self.record(trial, as_far_as_possible(active, position, answer))
        trial.steps_left -= 1


def was_answered(participant: Participant, key: str, step: str) -> bool:
    """Whether a step of one of the participant's trials was answered before."""
    query = select(Trial).where(Trial.participant == participant.id, Trial.key == key)
    trial = db.session.scalar(query)
    return trial is not None and step in trial.steps[: len(trial.steps) - trial.steps_left]


def as_far_as_possible(active: ActiveStudy, position: Position, answer: Answer) -> Answer:
    """An answer without what cannot be true of it, and without what the study does not record."""
    if not position.participant.simulated:  # these are fast, and make their times up
        answer = _without_impossible_times(position.open_trial, answer)
    viewing = answer.viewing.items()
    kept = {name: value for name, value in viewing if is_recorded(active.study, name)}
    return replace(answer, viewing=kept)


def is_recorded(study: Study, name: str) -> bool:
    """Whether a study keeps a column of how a page was looked at."""
    return study.behaviour.record and (study.trial.record_view or name in OUT_OF_VIEW)


def _without_impossible_times(trial: Trial, answer: Answer) -> Answer:
    """Drops what a browser says to have measured if less went by since the trial was sent."""
    if trial.shown_at is None:
        return answer
    most_ms = (now() - trial.shown_at + CLOCK_SLACK).total_seconds() * 1000
    times = [viewed for name, viewed in answer.viewing.items() if name.endswith("_ms")]
    numbers = chain.from_iterable(t if isinstance(t, list) else [t] for t in (answer.rt_ms, *times))
    if max(filter(None, numbers), default=0) <= most_ms:
        return answer
    return replace(answer, rt_ms=None, viewing=dict.fromkeys(answer.viewing), revealed="")
