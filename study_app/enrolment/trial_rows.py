"""The rows of a participant's trials: which picture comes when, and which screens it brings."""

import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain

from stimuli.study import HowOften, Phase
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
        asks = is_whole and not steps and _comes(study.trial.ask_seen, is_new=is_new)
        shows = is_whole and not steps and _comes(study.trial.show_card, is_new=is_new)
        names = (
            [s.name for s in steps if stimulus.phase in s.phases and _comes(s.show, is_new=is_new)]
            if steps
            else [*["seen"] * asks, *["card"] * shows, "judge"]
        )
        names += ["feedback"] * (stimulus.phase is Phase.PRACTICE)
        yield {
            "participant": participant.id,
            "phase": stimulus.phase,
            "trial_index": before[counted_in],
            "stimulus_id": stimulus_id,
            "image_sha256": active.bundle.checksums[stimulus.image],
            "key": secrets.token_hex(8),
            "seen_asked": asks,
            "card_shown": shows,
            "steps": names,
            "steps_left": len(names),
        }
        before[counted_in] += 1
        if is_whole:
            known.add(label)


def _comes(how_often: HowOften, *, is_new: bool) -> bool:
    return how_often == "always" or (how_often == "first" and is_new)
