"""The rows of an export's tables that follow from its people and its stimuli."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from tests.analysis.participants import NATURAL, Participant, Stimulus

TIME = "2026-03-14T09:26:53.589Z"
CLASSIFIER = "tiny"

# By classifier: id, phase and facts of every stimulus.
Predictions = Mapping[str, Sequence[tuple[str, str, Stimulus]]]
Rows = Sequence[Mapping[str, object]]
Tables = dict[str, Rows]


def answers(
    participants: Iterable[Participant], classifier_of: Mapping[str, str], predictions: Predictions
) -> Tables:
    """The tables of what people did."""
    named = [(f"p{i:03d}", participant) for i, participant in enumerate(participants)]
    return {
        "participants": [
            _participant(name, participant, classifier_of.get(participant.condition, ""))
            for name, participant in named
        ],
        "questionnaire": [],
        "attention": [],
        "responses": [
            trial
            for name, participant in named
            if participant.condition and participant.agreed
            for trial in _trials(
                name, participant, classifier_of[participant.condition], predictions
            )
        ],
    }


def contents(predictions: Predictions) -> Tables:
    """The tables of what they were shown."""
    return {
        "stimuli": [
            {
                "stimulus_id": i,
                "phase": phase,
                "kind": s.kind,
                "true_label": s.label if s.ai_right else "viceroy",
                "image_sha256": hashlib.sha256(i.encode()).hexdigest(),
                "debatable": int(s.debatable),
            }
            for i, phase, s in predictions[CLASSIFIER]
        ],
        "predictions": [
            {"stimulus_id": i, **_prediction(s, name)}
            for name in predictions
            for i, _, s in predictions[name]
        ],
    }


def shown(stimuli: Sequence[Stimulus]) -> list[tuple[str, str, Stimulus]]:
    validation = [(f"v{i}", "validation", NATURAL[0]) for i in range(10)]
    return [*validation, *((f"t{i}", "test", s) for i, s in enumerate(stimuli))]


def _prediction(stimulus: Stimulus, classifier: str) -> dict[str, object]:
    return {
        "classifier": classifier,
        "label": stimulus.label,
        "confidence": stimulus.confidence,
        "ai_right": int(stimulus.ai_right),
        "bin": stimulus.bin,
    }


def _participant(name: str, participant: Participant, classifier: str) -> dict[str, object]:
    has_begun = participant.condition and participant.agreed
    return {
        "participant_id": name,
        "condition": participant.condition,
        "classifier": classifier,
        "simulated": int(participant.simulated),
        "simulated_sort": participant.sort,
        "outcome": participant.outcome,
        "started_at": TIME,
        "consented_at": TIME if participant.agreed else "",
        "finished_at": _after(participant.minutes) if participant.outcome else "",
        "n_validation": 10 if has_begun else 0,
        "validation_right": participant.validation_right if has_begun else 0,
        "altered_noticed": participant.altered,
        "n_test": sum(answer is not None for answer in participant.right),
        **(participant.signals or {}),
    }


def _after(minutes: float | None) -> str:
    if minutes is None:
        return ""
    end = datetime.fromisoformat(TIME) + timedelta(minutes=minutes)
    return end.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _trials(
    name: str,
    participant: Participant,
    classifier: str,
    predictions: Predictions,
) -> list[dict[str, object]]:
    validation, test = predictions[classifier][:10], predictions[classifier][10:]
    answers = [i < participant.validation_right for i in range(10)]
    order = participant.shown or range(len(participant.right))
    return [
        *(
            _trial(name, participant, i, v, a, classifier)
            for i, (v, a) in enumerate(zip(validation, answers, strict=True))
        ),
        *(
            _trial(name, participant, i, test[which], answer, classifier)
            for i, (which, answer) in enumerate(zip(order, participant.right, strict=True))
        ),
    ]


def _trial(
    name: str,
    participant: Participant,
    index: int,
    shown: tuple[str, str, Stimulus],
    right: bool | None,
    classifier: str,
) -> dict[str, object]:
    stimulus_id, phase, stimulus = shown
    seen = True if participant.seen is None or phase != "test" else participant.seen[index]
    decision = "" if right is None else "accept" if stimulus.ai_right == right else "reject"
    return {
        "participant_id": name,
        "condition": participant.condition,
        "simulated": int(participant.simulated),
        "phase": phase,
        "trial_index": index,
        "stimulus_id": stimulus_id,
        "image_sha256": hashlib.sha256(stimulus_id.encode()).hexdigest(),
        "kind": stimulus.kind,
        **_prediction(stimulus, classifier),
        "seen_before": "" if right is None or seen is None else int(seen),
        "seen_rt_ms": "" if right is None else 812.5,
        "card_rt_ms": "" if right is None else 1500.0,
        "decision": decision,
        "decision_rt_ms": "" if right is None else participant.decision_rt_ms,
        "away_count": "" if participant.left is None else int(index < participant.left),
        "team_right": "" if right is None else int(right),
        "input": "" if right is None else "mouse",
        "shown_at": TIME,
        "answered_at": "" if right is None else TIME,
        "seen_asked": 1,
        "card_shown": 1,
    }
