"""An export builder: small, consistent exports whose numbers are known."""

import csv
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from analysis import drawing
from analysis.columns import TABLES

BINS = ("easy", "medium", "hard")
CONFIDENCE = {
    ("easy", True): 0.9,
    ("medium", True): 0.58,
    ("hard", True): 0.2,
    ("easy", False): 0.1,
    ("medium", False): 0.45,
    ("hard", False): 0.85,
}
TIME = "2026-03-14T09:26:53.589Z"
CLASSIFIER = "tiny"


@dataclass(frozen=True, kw_only=True)
class Stimulus:
    """A test stimulus, and what a classifier says of it."""

    bin: str
    ai_right: bool
    kind: str = "natural"
    label: str = "monarch"

    @property
    def confidence(self) -> float:
        return CONFIDENCE[self.bin, self.ai_right]


NATURAL = tuple(Stimulus(bin=b, ai_right=right) for right in (True, False) for b in BINS)
ADVERSARIAL = tuple(Stimulus(bin=b, ai_right=False, kind="adversarial") for b in BINS)


@dataclass(frozen=True, kw_only=True)
class Person:
    """A participant: `right` says of each test trial, in order, whether they judged it well.

    None is a trial that was shown and not answered. Trial i shows test stimulus i, or what
    `shown` says; `seen` answers "seen before?" of each, yes where it says nothing. `minutes` is
    the whole session, and `decision_rt_ms` each decision; None is a time that is not known.
    """

    condition: str = "confidence"
    right: Sequence[bool | None] = (True,) * len(NATURAL)
    shown: Sequence[int] | None = None
    seen: Sequence[bool | None] | None = None
    minutes: float | None = 0
    decision_rt_ms: float | None = 2345.25
    outcome: str = "completed"
    simulated: bool = False
    validation_right: int = 10


def someone(condition: str, n_right: int, n: int = 6, **facts: object) -> Person:
    """A person with `n_right` of `n` test trials right, the first ones."""
    return Person(condition=condition, right=[i < n_right for i in range(n)], **facts)  # type: ignore[arg-type]


def pool_of(
    counts: Mapping[tuple[str, bool], int],
    *,
    outside_right: int = 0,
    outside_wrong: int = 0,
    classifier: str = CLASSIFIER,
) -> list[dict[str, object]]:
    """Pool rows (split test): so many images in each bin, and outside the bands at .7."""
    answers = [
        (b, right, CONFIDENCE[b, right]) for (b, right), n in counts.items() for _ in range(n)
    ]
    answers += [("", True, 0.7)] * outside_right + [("", False, 0.7)] * outside_wrong
    return [
        {
            "source": f"image{i}",
            "split": "test",
            "classifier": classifier,
            "confidence": confidence,
            "ai_right": int(right),
            "bin": name,
        }
        for i, (name, right, confidence) in enumerate(answers)
    ]


EVEN_POOL = pool_of({(s.bin, s.ai_right): 10 for s in NATURAL})


def scores_of(
    explainer: str, metric: str, values: Mapping[str, float | str]
) -> list[dict[str, object]]:
    """Explanation rows: a value, or nothing, for each stimulus; `t0` is the first test stimulus."""
    return [
        {
            "stimulus_id": stimulus,
            "classifier": CLASSIFIER,
            "explainer": explainer,
            "metric": metric,
            "value": value,
        }
        for stimulus, value in values.items()
    ]


def write_export(
    folder: Path,
    people: Iterable[Person],
    *,
    conditions: Sequence[str] = ("confidence", "gradcam"),
    stimuli: Sequence[Stimulus] = NATURAL + ADVERSARIAL,
    pool: Sequence[Mapping[str, object]] = EVEN_POOL,
    min_correct: int = 8,
    live: bool = False,
    validation: bool = True,
    threshold: float = 0.55,
    pairs: Sequence[tuple[str, str]] = (),
    alternative: str = "two-sided",
    created_at: str = TIME,
    explanations: Sequence[Mapping[str, object]] | None = None,
    panels: Mapping[str, Sequence[str]] | None = None,
    judged: Mapping[str, str] | None = None,
    others: Mapping[str, Sequence[Stimulus]] | None = None,
    pairing: str | None = None,
) -> Path:
    """Write an export of these people into `folder`, and return it.

    Conditions judge the classifier that `judged` names for them, and else `CLASSIFIER`; `others`
    is what each other classifier says of the test stimuli.
    """
    folder.mkdir(parents=True)
    classifier_of = {name: (judged or {}).get(name, CLASSIFIER) for name in conditions}
    said = {name: _shown(own) for name, own in {CLASSIFIER: stimuli, **(others or {})}.items()}
    if explanations is None:
        explanations = scores_of("gradcam", "iou", {i: 0.25 for i, _, _ in said[CLASSIFIER]})
    tables = {
        **_answers(people, classifier_of, said),
        **_contents(said),
        "explanations": explanations,
        "pool": pool,
        "demographics": (),
    }
    facts = {
        "schema_version": 1,
        "study": "demo",
        "created_at": created_at,
        "bundle_digest": "b" * 64,
        "bundle_study_digest": "c" * 64,
        "study_digest": "d" * 64,
        "conditions": [{"name": n, "classifier": c} for n, c in classifier_of.items()],
        **({"pairing": pairing} if pairing else {}),
        "gate": {"min_correct": min_correct, "live": live},
        "analysis": {"outcome": "accuracy", "pairs": pairs, "alternative": alternative},
        "ai_only": [
            {"classifier": name, "threshold": threshold, "chosen_on": "val", "accuracy": 0.81}
            for name in said
        ],
        "bins": [{"bin": b, "right": True, "available": 10, "chosen": 2} for b in BINS],
        "rows": {name: len(rows) for name, rows in tables.items()},
    }
    _write_tables(folder, tables)
    (folder / "study.toml").write_text(_study_text(validation=validation, panels=panels or {}))
    (folder / "export.json").write_text(json.dumps(facts))
    return folder


# By classifier: id, phase and facts of every stimulus.
Said = Mapping[str, Sequence[tuple[str, str, Stimulus]]]
Tables = dict[str, Sequence[Mapping[str, object]]]


def _answers(people: Iterable[Person], classifier_of: Mapping[str, str], said: Said) -> Tables:
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


def _contents(said: Said) -> Tables:
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


def _write_tables(folder: Path, tables: Tables) -> None:
    """As CSV files, with what each of their columns is."""
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(TABLES[name]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    described = {
        f"{name}.csv": {c: {"description": f"what {c} is"} for c in TABLES[name]} for name in TABLES
    }
    (folder / "columns.json").write_text(json.dumps(described))


def _study_text(*, validation: bool, panels: Mapping[str, Sequence[str]]) -> str:
    phases = ["consent", *(["validation"] if validation else []), "test", "debrief"]
    return "".join(
        [
            '[study]\nname = "demo"\ntitle = "Which butterfly?"\nseed = 1\n',
            *(f'[[phases]]\nname = "{phase}"\n' for phase in phases),
            *(
                f'[[conditions]]\nname = "{name}"\npanels = {list(names)}\n'
                for name, names in panels.items()
            ),
        ]
    )


def _shown(stimuli: Sequence[Stimulus]) -> list[tuple[str, str, Stimulus]]:
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


@dataclass(frozen=True, kw_only=True)
class Builder:
    """What tests build exports from; conftest modules cannot be imported."""

    write: Callable[..., Path]
    person: type[Person]
    someone: Callable[..., Person]
    stimulus: type[Stimulus]
    pool_of: Callable[..., list[dict[str, object]]]
    scores_of: Callable[..., list[dict[str, object]]]
    natural: tuple[Stimulus, ...]
    adversarial: tuple[Stimulus, ...]


@pytest.fixture(scope="session", autouse=True)
def _coarse_pictures() -> Iterator[None]:
    """Print resolution takes seconds for each report."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "DPI", 40)
        yield


@pytest.fixture(scope="session")
def builder() -> Builder:
    return Builder(
        write=write_export,
        person=Person,
        someone=someone,
        stimulus=Stimulus,
        pool_of=pool_of,
        scores_of=scores_of,
        natural=NATURAL,
        adversarial=ADVERSARIAL,
    )
