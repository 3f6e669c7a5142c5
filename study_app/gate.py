"""The gate: how many validation trials must be judged rightly."""

from stimuli.study import Gate, Phase
from study_app.active_study import ActiveStudy
from study_app.decisions import decision_scores
from study_app.models import Participant


def passes(gate: Gate, n_right: int) -> bool:
    """Whether so many right validation trials are enough: the one place where it is decided."""
    return n_right >= gate.min_correct


def passes_gate(active: ActiveStudy, participant: Participant) -> bool:
    """Whether a participant's validation was good enough; without one, everybody's is."""
    if Phase.VALIDATION not in active.trial_counts:
        return True
    scores = decision_scores(active, Phase.VALIDATION, Participant.id == participant.id)
    n_right = scores[participant.id].n_right if scores else 0
    return passes(active.study.gate, n_right)
