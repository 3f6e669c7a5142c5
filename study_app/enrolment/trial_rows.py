"""The rows of a participant's trials: which picture comes when, and which screens it brings."""

import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from stimuli.study import HowOften, Phase, Step, Study
from study_app.active_study import ActiveStudy
from study_app.models import Participant


def trial_rows(
    active: ActiveStudy, participant: Participant, test_trials: Sequence[str]
) -> Iterator[dict[str, object]]:
    """Every trial of a session: first the items of those phases that nothing is drawn for.

    A label is new in the first trial that has the screens of a trial, in practice or later.
    """
    study, before, known = active.study, Counter[Phase](), set[str]()
    steps = study.steps_of(active.conditions[participant.condition])
    phases = (
        test_trials if phase is Phase.TEST else active.items(phase) for phase in active.counted
    )
    for stimulus_id in chain.from_iterable(phases):
        stimulus = active.bundle.stimulus_by_id[stimulus_id]
        label = active.prediction(stimulus_id, participant.condition).label
        is_whole = stimulus.phase is not Phase.PRACTICE or study.practice.steps == "trial"
        is_new = is_whole and label not in known
        counted_in = study.counted_in(stimulus.phase)
        screens = screens_of(study, steps, stimulus.phase, is_whole=is_whole, is_new=is_new)
        yield {
            "participant": participant.id,
            "phase": stimulus.phase,
            "trial_index": before[counted_in],
            "stimulus_id": stimulus_id,
            "image_sha256": active.bundle.checksums[stimulus.image],
            "key": secrets.token_hex(8),
            "seen_asked": "seen" in screens,
            "card_shown": "card" in screens,
            "steps": screens,
            "steps_left": len(screens),
        }
        before[counted_in] += 1
        if is_whole:
            known.add(label)


def screens_of(
    study: Study, steps: Sequence[Step], phase: Phase, *, is_whole: bool, is_new: bool
) -> list[str]:
    """The screens of one trial, in their order.

    Args:
        steps: the study's own that the person's group meets; none where the trial is the paper's.
        is_whole: whether the trial has more than the decision, which practice may have alone.
        is_new: whether it is the first with its label.
    """
    screens = [
        step.name for step in steps if phase in step.phases and _comes(step.show, is_new=is_new)
    ]
    if not steps:
        settings = (("seen", study.trial.ask_seen), ("card", study.trial.show_card))
        asked = [name for name, how_often in settings if _comes(how_often, is_new=is_new)]
        screens = [*(asked if is_whole else ()), "judge"]
    return [*screens, "feedback"] if phase is Phase.PRACTICE else screens


def _comes(how_often: HowOften, *, is_new: bool) -> bool:
    return how_often == "always" or (how_often == "first" and is_new)
