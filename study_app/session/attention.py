"""Attention checks: which one is next, what was answered, and what was failed.

They alone can be held against somebody. `FailedCheck` is made of an attention check and of nothing
else, and only failed checks make up `Grounds` for a rejection: a validation trial fits nowhere.
"""

from dataclasses import dataclass

from sqlalchemy import select

from stimuli.study import (
    RESPONSE_KINDS,
    AttentionCheck,
    Instructed,
    Nonsensical,
    Phase,
    Response,
    Study,
)
from study_app.active_study import ActiveStudy
from study_app.answer_models import AttentionAnswer, Trial
from study_app.database import db, now
from study_app.models import Participant
from study_app.session.questionnaire import read_values
from study_app.session.screen import Answer, Position, Screen


@dataclass(frozen=True, kw_only=True)
class FailedCheck:
    """An attention check and the wrong answer that somebody gave to it."""

    check: AttentionCheck
    answer: str

    def __post_init__(self) -> None:
        if not isinstance(self.check, Instructed | Nonsensical):
            raise TypeError(f"only an attention check can be failed, not a {type(self.check)}")
        if self.check.passed_by(self.answer):
            raise ValueError(f"{self.check.name}: {self.answer!r} passes")


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """Enough failed attention checks for Prolific to accept a rejection, if a person wants it.

    Attributes:
        n_needed: how many that takes in a study of this length.
    """

    checks: tuple[FailedCheck, ...]
    n_needed: int

    def __post_init__(self) -> None:
        if len(self.checks) < self.n_needed:
            problem = f"{len(self.checks)} failed checks are no grounds; {self.n_needed} are"
            raise ValueError(problem)

    def __str__(self) -> str:
        answers = ", ".join(f"{failed.check.name} ({failed.answer!r})" for failed in self.checks)
        return f"FAILED_CHECK, {len(self.checks)} of {self.n_needed} needed: {answers}"


def in_order(study: Study) -> list[AttentionCheck]:
    """The checks of a study in the order in which participants meet them."""
    return sorted(study.attention, key=lambda check: check.after_trial)


def check_questions(study: Study, key: str) -> tuple[Response, ...]:
    """The check of this name, as the page asks it."""
    check = next(check for check in study.attention if check.name == key)
    kind = "scale" if isinstance(check, Nonsensical) else "choice"
    table = {"name": key, "text": check.text, "options": check.options, "required": True}
    return (RESPONSE_KINDS[kind].model_validate(table),)


@dataclass(frozen=True, kw_only=True)
class AttentionScreen(Screen):
    """A check, which comes after its trial and before anything else."""

    def due(self, study: Study, participant: Participant, trial: Trial | None) -> str | None:
        """The name of the check that is due."""
        checks = in_order(study)
        if participant.n_attention == len(checks):
            return None
        check = checks[participant.n_attention]
        n_done = study.counted_trials  # of those which pages count in the test
        if trial:
            n_done = trial.trial_index if study.counted_in(trial.phase) is Phase.TEST else 0
        return check.name if n_done >= check.after_trial else None

    def was_answered(self, participant: Participant, key: str) -> bool:
        """By the answer to the check of this name."""
        query = select(AttentionAnswer).filter_by(participant=participant.id, name=key)
        return db.session.scalar(query) is not None

    def store(self, active: ActiveStudy, position: Position, answer: Answer) -> None:
        """Store the answer, once."""
        participant, study = position.participant, active.study
        questions = check_questions(study, position.key)
        [value] = read_values(study, questions, answer.fields).values()
        db.session.add(
            AttentionAnswer(
                participant=participant.id, name=position.key, value=value, answered_at=now()
            )
        )
        participant.n_attention += 1


def failed_checks(study: Study, participant: Participant) -> tuple[FailedCheck, ...]:
    """The attention checks that a participant failed."""
    if not study.attention:
        return ()
    checks = {check.name: check for check in study.attention}
    query = select(AttentionAnswer).where(AttentionAnswer.participant == participant.id)
    return tuple(
        FailedCheck(check=checks[answer.name], answer=answer.value)
        for answer in db.session.scalars(query)
        if not checks[answer.name].passed_by(answer.value)
    )


def grounds(study: Study, participant: Participant) -> Grounds | None:
    """What Prolific would accept as a reason to reject somebody; None where there is nothing."""
    checks, n_needed = failed_checks(study, participant), study.least_failed
    return Grounds(checks=checks, n_needed=n_needed) if len(checks) >= n_needed else None
