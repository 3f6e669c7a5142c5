"""The pause that is offered half-way, which nobody times."""

from dataclasses import dataclass

from stimuli.study import Phase, Study
from study_app.active_study import ActiveStudy
from study_app.answer_models import Trial
from study_app.models import Participant
from study_app.session.screen import Position, SessionScreen
from study_app.session.trial_context import progress


@dataclass(frozen=True, kw_only=True)
class PauseScreen(SessionScreen):
    """Due once, before the trial with which the second half of validation and test begins."""

    def due(self, study: Study, participant: Participant, trial: Trial | None) -> str | None:
        """At that trial, where the study offers a pause."""
        if not study.trial.pause or trial is None or participant.paused_at is not None:
            return None
        if trial.phase is Phase.PRACTICE:
            return None
        is_half_way = study.place_of(trial.phase, trial.trial_index) == study.half_way
        return self.key if is_half_way else None


def pause_context(active: ActiveStudy, position: Position) -> dict[str, object]:
    """How many trials are behind, practice left out, and how far along that is."""
    trial, study = position.trial, active.study
    if trial is None:
        raise ValueError("the pause comes before a trial")
    done = study.place_of(trial.phase, trial.trial_index)
    return {"progress": progress(active, trial), "done": done}
