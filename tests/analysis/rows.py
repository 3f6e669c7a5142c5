"""The rows of an export's tables that follow from its people and its stimuli."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from tests.analysis.people import NATURAL, Person, Stimulus

TIME = "2026-03-14T09:26:53.589Z"
CLASSIFIER = "tiny"

# By classifier: id, phase and facts of every stimulus.
Said = Mapping[str, Sequence[tuple[str, str, Stimulus]]]
Rows = Sequence[Mapping[str, object]]
Tables = dict[str, Rows]


def answers(people: Iterable[Person], classifier_of: Mapping[str, str], said: Said) -> Tables:
    """The tables of what people did."""
    everyone = [(f"p{i:03d}", person) for i, person in enumerate(people)]
    return {
        "participants": [
            _participant(name, person, classifier_of.get(person.condition, ""))
            for name, person in everyone
        ],
        "questionnaire": [],
        "attention": [],
        "responses": [
            trial
            for name, person in everyone
            if person.condition
            for trial in _trials(name, person, classifier_of[person.condition], said)
        ],
    }


def contents(said: Said) -> Tables:
    """The tables of what they were shown."""
    return {
        "stimuli": [
            {
                "stimulus_id": i,
                "phase": phase,
                "kind": s.kind,
                "true_label": s.label if s.ai_right else "viceroy",
                "image_sha256": hashlib.sha256(i.encode()).hexdigest(),
                "debatable": 0,
            }
            for i, phase, s in said[CLASSIFIER]
        ],
        "predictions": [
            {"stimulus_id": i, **_prediction(s, name)} for name in said for i, _, s in said[name]
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


def _participant(name: str, person: Person, classifier: str) -> dict[str, object]:
    return {
        "participant_id": name,
        "condition": person.condition,
        "classifier": classifier,
        "simulated": int(person.simulated),
        "outcome": person.outcome,
        "started_at": TIME,
        "consented_at": TIME,
        "finished_at": _after(person.minutes) if person.outcome else "",
        "n_validation": 10 if person.condition else 0,
        "validation_right": person.validation_right if person.condition else 0,
        "n_test": sum(answer is not None for answer in person.right),
    }


def _after(minutes: float | None) -> str:
    if minutes is None:
        return ""
    end = datetime.fromisoformat(TIME) + timedelta(minutes=minutes)
    return end.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _trials(
    name: str,
    person: Person,
    classifier: str,
    said: Said,
) -> list[dict[str, object]]:
    validation, test = said[classifier][:10], said[classifier][10:]
    answers = [i < person.validation_right for i in range(10)]
    order = person.shown or range(len(person.right))
    return [
        *(
            _trial(name, person, i, v, a, classifier)
            for i, (v, a) in enumerate(zip(validation, answers, strict=True))
        ),
        *(
            _trial(name, person, i, test[which], answer, classifier)
            for i, (which, answer) in enumerate(zip(order, person.right, strict=True))
        ),
    ]


def _trial(
    name: str,
    person: Person,
    index: int,
    shown: tuple[str, str, Stimulus],
    right: bool | None,
    classifier: str,
) -> dict[str, object]:
    stimulus_id, phase, stimulus = shown
    seen = True if person.seen is None or phase != "test" else person.seen[index]
    decision = "" if right is None else "accept" if stimulus.ai_right == right else "reject"
    return {
        "participant_id": name,
        "condition": person.condition,
        "simulated": int(person.simulated),
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
        "decision_rt_ms": "" if right is None else person.decision_rt_ms,
        "team_right": "" if right is None else int(right),
        "input": "" if right is None else "mouse",
        "shown_at": TIME,
        "answered_at": "" if right is None else TIME,
    }
