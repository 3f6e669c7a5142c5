"""A small study that says everything, what was computed of it, and an export of it."""

import csv
import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from analysis.power.power_file import PowerFile, PowerRow, as_json
from analysis.preregister.document import document
from analysis.preregister.planned_study import read_plan
from stimuli.study import digest_of
from tests.analysis.exports import write_export
from tests.analysis.participants import Participant, someone

BEFORE = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)  # anybody came, in `tests.analysis.rows`
STUDY = """
[study]
name = "demo"
title = "Which butterfly?"
seed = 1

[dataset]
adaptor = "species"

[[classifiers]]
name = "tiny"
backbone = "tiny"
weights = "checkpoint"

[bins]
per_bin = 8

[adversarial]
per_bin = 2

[explainers.gradcam]

[[conditions]]
name = "confidence"

[[conditions]]
name = "gradcam"
panels = ["gradcam"]

[[phases]]
name = "consent"

[[phases]]
name = "instructions"

[[phases]]
name = "practice"

[[phases]]
name = "validation"

[[phases]]
name = "test"
trials = 6

[[phases]]
name = "debrief"

[assignment]
quota = 4

[gate]
min_correct = 8

[[attention]]
name = "pink"
kind = "instructed"
text = "Please choose Pink."
options = ["Blue", "Pink"]
expected = "Pink"
after_trial = 3

[[attention]]
name = "blue"
kind = "instructed"
text = "Please choose Blue."
options = ["Blue", "Pink"]
expected = "Blue"
after_trial = 5

[prolific.codes]
completed = "SECRET77"

[pay]
reward = 2.0

[texts]
lab = "a lab"
contact = "ada@example.org"

[analysis]
measure = "accuracy"
pairs = [["gradcam", "confidence"]]
alternative = "two-sided"
secondary = ["over_reliance"]
equivalence_points = 5
equivalence_because = "Fewer than one decision in twenty would change."
"""
WITH_LOOKS = STUDY + "looks = [0.5, 1]\n"
POWER = (
    ("difference", 5, 2, 0.11, 0.09, 0.13, 8),
    ("difference", 5, 4, 0.21, 0.19, 0.23, 16),
    ("equivalence", 0, 4, 0.81, 0.79, 0.83, None),
)
CEILING = (
    *(
        ("condition", "shows", "reader", "population", "kind", "bin"),
        ("confidence", "all", "mean", "shown", "all", "all"),
        ("gradcam", "all", "mean", "shown", "all", "all"),
        ("gradcam", "confidence", "mean", "shown", "all", "all"),
        ("gradcam", "all", "mean", "natural", "all", "all"),
        ("gradcam", "all", "trees", "shown", "all", "all"),
    ),
)
VALUES = (
    ("n", "measure", "value", "low", "high"),
    ("48", "auc", "0.503", "0.44", "0.56"),
    ("48", "auc", "0.611", "0.55", "0.67"),
    ("48", "auc", "", "", ""),
    ("48", "auc", "0.9", "0.8", "1.0"),
    ("48", "auc", "0.7", "0.6", "0.8"),
)


def write_table(path: Path, rows: object) -> None:
    """A CSV file of rows of texts."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)  # type: ignore[arg-type]


def write_study(folder: Path, text: str = STUDY) -> Path:
    """A study file, in a folder that may not be there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "study.toml"
    path.write_text(text, "utf-8")
    return path


def power_of(study: str) -> PowerFile:
    """Power for one claim."""
    rows = [
        PowerRow(
            question=question,
            effect_points=effect,
            claim="other stimuli too",
            in_sentence=True,
            n_per_condition=n,
            power=power,
            low=low,
            high=high,
            n_started=n,
            n_paid=n,
            cost=cost,
        )
        for question, effect, n, power, low, high, cost in POWER
    ]
    return PowerFile(
        study="demo",
        study_digest=digest_of(study),
        seed=1,
        n_studies=100,
        measure="accuracy",
        alternative="two-sided",
        pairs=(("gradcam", "confidence"),),
        margin=5,
        n_stimuli=48,
        trials=6,
        currency="GBP",
        pilot="first",
        assumptions={"person_sd": 0.4},
        cautions=("The people of the pilot are simulated: it says nothing about people.",),
        rows=tuple(rows),
        needed=(),
        least_effects=(),
    )


def write_planning(folder: Path, study: str = STUDY) -> Path:
    """What power and ceiling write, in one folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "power.json").write_bytes(as_json(power_of(study)))
    rows = [(*left, *right) for left, right in zip(CEILING, VALUES, strict=True)]
    write_table(folder / "ceiling.csv", rows)
    (folder / "ceiling.json").write_text(json.dumps({"bundle_digest": "b" * 64}))
    return folder


def register(folder: Path, text: str = STUDY, *, whole: bool = False) -> Path:
    """A preregistration, with power and ceiling where it is to be whole."""
    planning = write_planning(folder / "planning", text) if whole else None
    plan = read_plan(write_study(folder, text), bundle=None, power=planning, ceiling=planning)
    path = folder / "preregistration.md"
    path.write_text(document(plan, BEFORE), "utf-8")
    return path


def crowd(n: int = 4) -> list[Participant]:
    """As many people of each condition, of whom one finishes each minute."""
    return [
        someone(name, 2 + i % 4, minutes=i) for name in ("confidence", "gradcam") for i in range(n)
    ]


def export_of(folder: Path, text: str = STUDY, people: list[Participant] | None = None, **facts):
    """An export of a study that its people went through."""
    known = {"min_correct": 8} | facts
    write_export(folder, crowd() if people is None else people, **known)
    (folder / "study.toml").write_text(text, "utf-8")
    export = json.loads((folder / "export.json").read_text())
    export |= {"study_digest": digest_of(text), "analysis": tomllib.loads(text)["analysis"]}
    (folder / "export.json").write_text(json.dumps(export))
    return folder
