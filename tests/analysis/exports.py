"""Small, consistent exports whose numbers are known."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from analysis.export.columns import TABLES
from tests.analysis.participants import (
    ADVERSARIAL,
    BINS,
    CONFIDENCE,
    NATURAL,
    Participant,
    Stimulus,
)
from tests.analysis.rows import (
    CLASSIFIER,
    TIME,
    Predictions,
    Rows,
    Tables,
    answers,
    contents,
    shown,
)


def pool_of(
    counts: Mapping[tuple[str, bool], int],
    *,
    outside_right: int = 0,
    outside_wrong: int = 0,
    classifier: str = CLASSIFIER,
) -> list[dict[str, object]]:
    """Pool rows (split test): so many images in each bin, and outside the bands at .7."""
    images = [
        (b, right, CONFIDENCE[b, right]) for (b, right), n in counts.items() for _ in range(n)
    ]
    images += [("", True, 0.7)] * outside_right + [("", False, 0.7)] * outside_wrong
    return [
        {
            "source": f"image{i}",
            "split": "test",
            "classifier": classifier,
            "confidence": confidence,
            "ai_right": int(right),
            "bin": name,
        }
        for i, (name, right, confidence) in enumerate(images)
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
    participants: Iterable[Participant],
    *,
    conditions: Sequence[str] = ("confidence", "gradcam"),
    stimuli: Sequence[Stimulus] = NATURAL + ADVERSARIAL,
    judged: Mapping[str, str] | None = None,
    others: Mapping[str, Sequence[Stimulus]] | None = None,
    pool: Rows = EVEN_POOL,
    explanations: Rows | None = None,
    panels: Mapping[str, Sequence[str]] | None = None,
    validation: bool = True,
    told: Mapping[str, Rows] | None = None,
    step_rows: Rows | None = None,
    quota: int | None = None,
    questions: str = "",
    **facts: object,
) -> Path:
    """Write an export of these people into `folder`, and return it.

    Conditions judge the classifier that `judged` names for them, and else `CLASSIFIER`; `others`
    is what each other classifier says of the test stimuli; `told` are the rows of questionnaire,
    attention and demographics, and `questions` their tables of the study file; `facts` are those
    of `_facts`. With `step_rows`, the rows of steps, nobody decided in the test trials.
    """
    classifier_of = {name: (judged or {}).get(name, CLASSIFIER) for name in conditions}
    predictions = {
        name: shown(own) for name, own in {CLASSIFIER: stimuli, **(others or {})}.items()
    }
    if explanations is None:
        explanations = scores_of("gradcam", "iou", {i: 0.25 for i, _, _ in predictions[CLASSIFIER]})
    tables = {
        **answers(participants, classifier_of, predictions),
        **contents(predictions),
        "explanations": explanations,
        "pool": pool,
        "demographics": (),
        **(told or {}),
    }
    if step_rows is not None:
        tables["steps"] = step_rows
        undecided = {"decision": ""}
        tables["responses"] = [
            row | undecided if row["phase"] == "test" else row for row in tables["responses"]
        ]
    folder.mkdir(parents=True)
    _write_tables(folder, tables)
    (folder / "study.toml").write_text(
        _study_text(validation=validation, panels=panels or {}, quota=quota) + questions
    )
    (folder / "export.json").write_text(
        json.dumps(_facts(classifier_of, predictions, tables, **facts))
    )
    return folder


def _facts(
    classifier_of: Mapping[str, str],
    predictions: Predictions,
    tables: Tables,
    *,
    min_correct: int = 8,
    live: bool = False,
    threshold: float = 0.55,
    pairs: Sequence[tuple[str, str]] = (),
    alternative: str = "two-sided",
    created_at: str = TIME,
    pairing: str | None = None,
    study: str = "demo",
    bundle_digest: str = "b" * 64,
    looks: Sequence[float] = (),
    exported_before: Sequence[str] | None = None,
    wave: str = "main",
    steps: Rows = (),
    shows_ai: Mapping[str, bool | str] | None = None,
) -> dict[str, object]:
    return {
        "schema_version": 1,
        "study": study,
        "created_at": created_at,
        "bundle_digest": bundle_digest,
        "bundle_study_digest": "c" * 64,
        "study_digest": "d" * 64,
        "conditions": [
            {"name": n, "classifier": c, **_shown_ai(shows_ai, n)} for n, c in classifier_of.items()
        ],
        **({"steps": steps} if steps else {}),
        **({"pairing": pairing} if pairing else {}),
        "gate": {"min_correct": min_correct, "live": live},
        "wave": wave,
        **({} if exported_before is None else {"exported_before": exported_before}),
        "analysis": {
            "outcome": "accuracy",
            "pairs": pairs,
            "alternative": alternative,
            **({"looks": looks} if looks else {}),
        },
        "ai_only": [
            {"classifier": name, "threshold": threshold, "chosen_on": "val", "accuracy": 0.81}
            for name in predictions
        ],
        "bins": [{"bin": b, "right": True, "available": 10, "chosen": 2} for b in BINS],
        "rows": {name: len(rows) for name, rows in tables.items()},
    }


def _shown_ai(shows_ai: Mapping[str, bool | str] | None, condition: str) -> dict[str, object]:
    return {"shows_ai": shows_ai[condition]} if condition in (shows_ai or {}) else {}


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


def _study_text(*, validation: bool, panels: Mapping[str, Sequence[str]], quota: int | None) -> str:
    phases = ["consent", *(["validation"] if validation else []), "test", "debrief"]
    return "".join(
        [
            '[study]\nname = "demo"\ntitle = "Which butterfly?"\nseed = 1\n',
            f"[assignment]\nquota = {quota}\n" if quota else "",
            *(f'[[phases]]\nname = "{phase}"\n' for phase in phases),
            *(
                f'[[conditions]]\nname = "{name}"\npanels = {list(names)}\n'
                for name, names in panels.items()
            ),
        ]
    )
