"""The gate: how many validation trials must be judged rightly, and how many were."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement

from stimuli.study import Gate, Phase
from study_app.active_study import ActiveStudy
from study_app.decisions import judged_trials
from study_app.models import Participant


@dataclass(kw_only=True)
class ValidationScore:
    """One participant's validation, as far as it went."""

    condition: str
    n_judged: int = 0
    n_right: int = 0


def passes(gate: Gate, n_right: int) -> bool:
    """Whether so many right validation trials are enough: the one place where it is decided."""
    return n_right >= gate.min_correct


def passes_gate(active: ActiveStudy, participant: Participant) -> bool:
    """Whether a participant's validation was good enough; without one, everybody's is."""
    if Phase.VALIDATION not in active.trial_counts:
        return True
    scores = validation_scores(active, Participant.id == participant.id)
    n_right = scores[participant.id].n_right if scores else 0
    return passes(active.study.gate, n_right)


def validation_scores(active: ActiveStudy, *who: ColumnElement[bool]) -> dict[int, ValidationScore]:
    """By the row of each participant who judged a validation trial."""
    scores: dict[int, ValidationScore] = {}
    for trial in judged_trials(active, Phase.VALIDATION, *who):
        score = scores.setdefault(trial.participant, ValidationScore(condition=trial.condition))
        score.n_judged += 1
        score.n_right += trial.right
    return scores
