"""How many trials participants answered in a phase, and how many of them rightly."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select

from stimuli.study import Phase
from study_app.active_study import ActiveStudy
from study_app.answer_models import StepAnswer, Trial
from study_app.database import db
from study_app.enums import Decision
from study_app.models import Participant
from study_app.scoring import is_right, right_answer, team_right


@dataclass(kw_only=True)
class DecisionScore:
    """One participant's answers in one phase, as far as it went."""

    condition: str
    n_decided: int = 0
    n_right: int = 0


def decision_scores(
    active: ActiveStudy, phase: Phase, *criteria: ColumnElement[bool]
) -> dict[int, DecisionScore]:
    """By the row of each participant whom the criteria fit and who answered a trial."""
    query = (
        select(Participant.id, Participant.condition, Trial.stimulus_id, Trial.decision)
        .join(Trial, Trial.participant == Participant.id)
        .where(*criteria, Trial.phase == phase, Trial.answered_at.is_not(None))
    )
    if names := active.outcome_names:
        asked = and_(StepAnswer.trial == Trial.id, StepAnswer.name.in_(names))
        query = query.add_columns(StepAnswer.name, StepAnswer.value).outerjoin(StepAnswer, asked)
    scores: dict[int, DecisionScore] = {}
    for row in db.session.execute(query.execution_options(yield_per=1000)):
        participant, condition, answer = row[0], row[1], row[2:]
        right = answered_rightly(active, condition, *answer)
        if right is None:
            continue
        score = scores.setdefault(participant, DecisionScore(condition=condition))
        score.n_decided += 1
        score.n_right += right
    return scores


def answered_rightly(
    active: ActiveStudy,
    condition: str,
    stimulus_id: str,
    decision: Decision | None,
    step: str | None = None,
    value: str | None = None,
) -> bool | None:
    """Whether a trial was answered rightly; None where this answer does not decide that.

    Args:
        decision: the trial's, where it has one.
        step: which of the study's own steps was answered.
        value: what was answered to it.
    """
    prediction = active.prediction(stimulus_id, condition)
    if decision:
        return team_right(decision, ai_right=prediction.right)
    outcome = active.outcomes[condition]
    if value is None or outcome is None or outcome.truth is None or outcome.name != step:
        return None
    stimulus = active.bundle.stimulus_by_id[stimulus_id]
    return is_right(outcome.response, value, right_answer(outcome.truth, stimulus, prediction))


def outcome_right(active: ActiveStudy, condition: str, trial: Trial) -> bool | None:
    """Whether the answer that decides about a trial was right; None before it."""
    if trial.answered_at is None:
        return None
    step = active.outcomes[condition]
    if step is None or trial.decision:
        return answered_rightly(active, condition, trial.stimulus_id, trial.decision)
    value = outcome_value(active, condition, trial) or None
    return answered_rightly(active, condition, trial.stimulus_id, None, step.name, value)


def outcome_value(active: ActiveStudy, condition: str, trial: Trial) -> str:
    """What was answered to the step that decides about a trial; empty where that is a decision."""
    step = active.outcomes[condition]
    if step is None or trial.decision:
        return ""
    query = select(StepAnswer.value).filter_by(trial=trial.id, name=step.name)
    return db.session.scalar(query) or ""


def outcome_answers(
    active: ActiveStudy, *criteria: ColumnElement[bool]
) -> dict[int, tuple[str, str]]:
    """The step that may decide about a trial and what was answered, by the trial's row.

    Only where that is no decision, which the trial's row has itself.
    """
    if not active.outcome_names:
        return {}
    query = (
        select(StepAnswer.trial, StepAnswer.name, StepAnswer.value)
        .join(Trial, Trial.id == StepAnswer.trial)
        .join(Participant, Participant.id == Trial.participant)
        .where(*criteria, StepAnswer.name.in_(active.outcome_names))
    )
    answers: dict[int, tuple[str, str]] = {}
    for trial, name, value in db.session.execute(query.execution_options(yield_per=1000)):
        answers[trial] = (name, value)
    return answers
