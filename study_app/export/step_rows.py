"""The rows of the steps of trials. `columns` says what each cell means."""

from collections.abc import Iterator
from operator import attrgetter

from sqlalchemy import select

from stimuli.bundle import Prediction
from stimuli.study import Part, Response, Step
from study_app.active_study import ActiveStudy
from study_app.answer_models import StepAnswer, Trial
from study_app.database import db
from study_app.enums import Decision
from study_app.export.columns import STEP, Row
from study_app.export.participations import Selection
from study_app.models import Participant
from study_app.scoring import right_answer, team_right
from study_app.session.steps import parts_shown

PART = 1000  # trials in one query
YES_NO = ("no", "yes")
EVIDENCE = (Part.PHOTO, Part.ANSWER, Part.CONFIDENCE, Part.PANELS)


def steps(active: ActiveStudy, selection: Selection) -> Iterator[Row]:
    """A row per trial and step that was answered, in the order of the trials."""
    query = (
        select(Trial, Participant)
        .join(Participant, Participant.id == Trial.participant)
        .where(Trial.shown_at.is_not(None), selection.participants)
        .order_by(Participant.id, Trial.id)
    )
    rows = db.session.execute(query.execution_options(yield_per=PART))
    own = {step.name: step for step in active.study.trial.steps}
    for part in rows.partitions():
        theirs = StepAnswer.trial.in_([trial.id for trial, _ in part])
        given = db.session.scalars(select(StepAnswer).where(theirs)) if own else ()
        answers = {(answer.trial, answer.name): answer for answer in given}
        for trial, participant in part:
            known = {
                "participant_id": participant.participant_id,
                "condition": participant.condition,
                "simulated": participant.simulated,
                "phase": trial.phase,
                "trial_index": trial.trial_index,
                "stimulus_id": trial.stimulus_id,
            }
            for index, name in enumerate(trial.steps[: len(trial.steps) - trial.steps_left]):
                if name in own:
                    cells = _own_step(active, own[name], trial, participant, answers)
                else:
                    cells = _screen(active, name, trial, participant)
                if cells:
                    yield known | {"step_index": index, "step": name} | cells


def _own_step(
    active: ActiveStudy,
    step: Step,
    trial: Trial,
    participant: Participant,
    answers: dict[tuple[int, str], StepAnswer],
) -> Row:
    answer, condition = answers[trial.id, step.name], active.conditions[participant.condition]
    prediction = active.prediction(trial.stimulus_id, condition.name)
    stimulus = active.bundle.stimulus_by_id[trial.stimulus_id]
    truth = (
        step.response.value(right_answer(step.truth, stimulus, prediction)) if step.truth else None
    )
    return {
        "kind": step.response.kind,
        "shows": " ".join(parts_shown(active.study, condition, step)),
        "value": "" if step.response.IS_FREE or step.response.kind == "continue" else answer.value,
        "truth": truth,
        "right": answer.value == truth if truth is not None else None,
        "advice": _advice(step.response, prediction),
        **{name: getattr(answer, name) for name in STEP},
    }


def _advice(response: Response, prediction: Prediction) -> str | None:
    """What the AI says, in the words of a response; None where it cannot say it."""
    if response.kind == "decision":
        return Decision.ACCEPT
    if response.names_classes:
        return prediction.label
    is_number = not response.IS_FREE and not response.offered
    says = is_number and response.problem(prediction.label) is None
    return response.value(prediction.label) if says else None


def _screen(active: ActiveStudy, name: str, trial: Trial, participant: Participant) -> Row:
    """A screen of the paper's trial; nothing for the feedback of practice."""
    empty: Row = dict.fromkeys(("truth", "right", "advice", *STEP))
    if name == "seen" and trial.seen_before is not None:
        asked = {"kind": "choice", "shows": "", "value": YES_NO[trial.seen_before]}
        return empty | asked | {"rt_ms": trial.seen_rt_ms}
    if name == "card":
        asked = {"kind": "continue", "shows": Part.CARD, "value": ""}
        return empty | asked | {"rt_ms": trial.card_rt_ms, "answered_at": trial.card_read_at}
    return empty | _judged(active, trial, participant) if name == "judge" else {}


def _judged(active: ActiveStudy, trial: Trial, participant: Participant) -> Row:
    condition = active.conditions[participant.condition]
    ai_right = active.prediction(trial.stimulus_id, condition.name).right
    hidden = active.study.hidden_from(condition)
    times = attrgetter("decision_rt_ms", "away_ms", "input", "answered_at")(trial)
    return {
        "kind": "decision",
        "shows": " ".join(part for part in EVIDENCE if part not in hidden),
        "value": trial.decision,
        "truth": Decision.ACCEPT if ai_right else Decision.REJECT,
        "right": team_right(trial.decision, ai_right=ai_right) if trial.decision else None,
        "advice": Decision.ACCEPT,
        **dict(zip(("rt_ms", "away_ms", "input", "answered_at"), times, strict=True)),
    }
