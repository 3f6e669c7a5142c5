"""The rows of an export's tables. `columns` says what each cell means."""

from collections.abc import Callable, Iterator

from sqlalchemy import func, select

from stimuli.bundle import Kind, Stimulus
from stimuli.study import Phase
from study_app.active_study import ActiveStudy
from study_app.answer_models import Comment, Device, Signals, Trial
from study_app.database import db
from study_app.decisions import answered_rightly, decision_scores, outcome_answers
from study_app.export.columns import DEVICE, SIGNALS, TRIAL, Row
from study_app.export.participations import Selection
from study_app.export.question_rows import attention, comprehension, questionnaire
from study_app.export.step_rows import steps
from study_app.identity_models import Demographic, Submission
from study_app.models import Participant


def responses(active: ActiveStudy, selection: Selection) -> Iterator[Row]:
    """A row per trial that was shown, participants in the order in which they came.

    Whether somebody had seen such a thing before is carried to their later trials with the same
    label, where these do not ask.
    """
    query = (
        select(Trial, Participant)
        .join(Participant, Participant.id == Trial.participant)
        .where(Trial.shown_at.is_not(None), selection.participants)
        .order_by(Participant.id, Trial.id)
    )
    outcomes = outcome_answers(active, selection.participants)
    seen: dict[tuple[int, str], bool | None] = {}
    for trial, participant in db.session.execute(query.execution_options(yield_per=1000)):
        prediction = active.prediction(trial.stimulus_id, participant.condition)
        if trial.seen_asked:
            seen[participant.id, prediction.label] = trial.seen_before
        yield _participant_cells(active, participant) | {
            "phase": trial.phase,
            "trial_index": trial.trial_index,
            "stimulus_id": trial.stimulus_id,
            "image_sha256": trial.image_sha256,
            "kind": active.bundle.stimulus_by_id[trial.stimulus_id].kind,
            "label": prediction.label,
            "confidence": prediction.confidence,
            "bin": prediction.bin,
            "ai_right": prediction.right,
            "team_right": answered_rightly(
                active,
                participant.condition,
                trial.stimulus_id,
                trial.decision,
                *outcomes.get(trial.id, ()),
            ),
            **{name: getattr(trial, name) for name in TRIAL},
            "seen_before": seen.get((participant.id, prediction.label)),
        }


def _participant_cells(active: ActiveStudy, participant: Participant) -> Row:
    condition = active.conditions.get(participant.condition)  # none of who was turned away
    return {
        "participant_id": participant.participant_id,
        "condition": participant.condition,
        "classifier": active.study.classifier_of(condition) if condition else None,
        "simulated": participant.simulated,
    }


def participants(active: ActiveStudy, selection: Selection) -> Iterator[Row]:
    """A row per participant."""
    scores = decision_scores(active, Phase.VALIDATION, selection.participants)
    n_test = _n_test_answers()
    query = (
        select(Participant, Comment.altered_noticed, Device, Signals)
        .outerjoin(Comment, Comment.participant == Participant.id)
        .outerjoin(Device, Device.participant == Participant.id)
        .outerjoin(Signals, Signals.participant == Participant.id)
        .where(selection.participants)
        .order_by(Participant.id)
    )
    for participant, altered_noticed, device, signals in db.session.execute(query):
        score = scores.get(participant.id)
        yield _participant_cells(active, participant) | {
            "simulated_sort": participant.simulated_sort,
            "version": participant.version,
            "outcome": participant.outcome,
            "started_at": participant.started_at,
            "consented_at": participant.consented_at,
            "consent_digest": participant.consent_digest,
            "finished_at": participant.finished_at,
            "n_validation": score.n_decided if score else 0,
            "validation_right": score.n_right if score else 0,
            "n_test": n_test.get(participant.id, 0),
            "altered_noticed": altered_noticed,
            **{name: getattr(device, name, None) for name in DEVICE},
            **{name: getattr(signals, name, None) for name in SIGNALS},
        }


def _n_test_answers() -> dict[int, int]:
    """Answered test trials, by participant."""
    query = (
        select(Trial.participant, func.count())
        .where(Trial.phase == Phase.TEST, Trial.answered_at.is_not(None))
        .group_by(Trial.participant)
    )
    return dict(db.session.execute(query).all())


def stimuli(active: ActiveStudy, selection: Selection) -> Iterator[Row]:
    """A row per picture."""
    for stimulus in active.bundle.stimuli:
        yield {
            "stimulus_id": stimulus.stimulus_id,
            "phase": stimulus.phase,
            "kind": stimulus.kind,
            "true_label": stimulus.true_label,
            "image_sha256": active.bundle.checksums[stimulus.image],
            "debatable": stimulus.debatable,
            "input_sha256": stimulus.input_sha256,
            "attacked": " ".join(attacked_in(active, stimulus)),
        }


def attacked_in(active: ActiveStudy, stimulus: Stimulus) -> tuple[str, ...]:
    """The classifiers that a picture was made to deceive; bundles of before had one, the first."""
    if stimulus.kind is Kind.NATURAL or stimulus.attacked:
        return stimulus.attacked
    return (active.study.classifiers[0].name,)


def predictions(active: ActiveStudy, selection: Selection) -> Iterator[Row]:
    """A row per stimulus and classifier."""
    for prediction in active.bundle.predictions:
        yield {
            "stimulus_id": prediction.stimulus_id,
            "classifier": prediction.classifier,
            "label": prediction.label,
            "confidence": prediction.confidence,
            "ai_right": prediction.right,
            "bin": prediction.bin,
        }


def explanations(active: ActiveStudy, selection: Selection) -> Iterator[Row]:
    """A row per explanation and metric."""
    for explanation in active.bundle.explanations:
        for metric, value in explanation.scores.items():
            yield {
                "stimulus_id": explanation.stimulus_id,
                "classifier": explanation.classifier,
                "explainer": explanation.explainer,
                "metric": metric,
                "value": value,
            }


def pool(active: ActiveStudy, selection: Selection) -> Iterator[Row]:
    """A row per eligible image and classifier."""
    for image in active.bundle.pool:
        yield {
            "source": image.source,
            "split": image.split,
            "classifier": image.classifier,
            "confidence": image.confidence,
            "ai_right": image.right,
            "bin": image.bin,
        }


def demographics(active: ActiveStudy, selection: Selection) -> Iterator[Row]:
    """A row per person and thing that the person told Prolific; of nobody who withdrew."""
    query = (
        select(Participant.participant_id, Demographic.name, Demographic.value)
        .join(Submission, Submission.participant == Participant.id)
        .join(Demographic, Demographic.submission_id == Submission.submission_id)
        .where(selection.participants)
        .order_by(Participant.id, Demographic.name)
    )
    for participant_id, name, value in db.session.execute(query):
        yield {"participant_id": participant_id, "name": name, "value": value}


ROWS: dict[str, Callable[[ActiveStudy, Selection], Iterator[Row]]] = {
    "responses": responses,
    "steps": steps,
    "participants": participants,
    "questionnaire": questionnaire,
    "comprehension": comprehension,
    "attention": attention,
    "stimuli": stimuli,
    "predictions": predictions,
    "explanations": explanations,
    "pool": pool,
    "demographics": demographics,
}
