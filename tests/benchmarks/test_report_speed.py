"""How long a report takes, and how much memory: from the export's files to the written page.

Absolute times, so they belong to a machine: two cores, named in the printed line.
"""

import hashlib
import json
import platform
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.export.columns import TABLES
from tests.benchmarks.sizes import QUICK, size
from tests.lab import ROOT

CONDITIONS = ("confidence", "gradcam", "neighbours", "extremal-perturbation", "salient-objects")
BINS = np.array(["easy", "medium", "hard"])
N_VALIDATION, N_TEST = 10, 30
MOMENT = "2026-03-14T09:26:53.589Z"
POOL = size(50_000, quick=500)
GIBIBYTE_KIB = 1024**2


def stimuli_of(n: int, phase: str) -> pd.DataFrame:
    """Stimuli in equal shares of the six bins, every third one of the wrong ones adversarial."""
    number = np.arange(n)
    ai_right = number % 2 == 0
    level = BINS[number // 2 % 3]
    high = (level == "easy") == ai_right
    confidence = np.where(level == "medium", 0.5, np.where(high, 0.9, 0.1)) + number % 10 / 100
    names = [f"{phase}{i:04d}" for i in number]
    return pd.DataFrame(
        {
            "stimulus_id": names,
            "phase": phase,
            "kind": np.where(~ai_right & (number % 3 == 0), "adversarial", "natural"),
            "label": [f"class {i % 50}" for i in number],
            "true_label": [f"class {(i + (i % 2)) % 50}" for i in number],
            "confidence": confidence.round(4),
            "bin": level,
            "ai_right": ai_right.astype(int),
            "image_sha256": [hashlib.sha256(name.encode()).hexdigest() for name in names],
            "classifier": "tiny",
            "debatable": 0,
        }
    )


def responses_of(stimuli: pd.DataFrame, n_people: int, rng: np.random.Generator) -> pd.DataFrame:
    """Ten validation and thirty test trials of each person, with persons' own skill."""
    check, test = (stimuli.index[stimuli["phase"] == phase] for phase in ("validation", "test"))
    chosen = [np.r_[check, rng.choice(test, N_TEST, replace=False)] for _ in range(n_people)]
    rows = stimuli.iloc[np.concatenate(chosen)].reset_index(drop=True)
    n = N_VALIDATION + N_TEST
    participant = np.repeat(np.arange(n_people), n)
    skill = rng.normal(0.75, 0.08, n_people).clip(0.4, 0.98)[participant]
    right = (rng.random(len(rows)) < skill) | (rows["phase"] == "validation").to_numpy()
    accepts = right == (rows["ai_right"] == 1).to_numpy()
    return rows.assign(
        participant_id=[f"p{i:06d}" for i in participant],
        condition=np.array(CONDITIONS)[participant % len(CONDITIONS)],
        simulated=0,
        trial_index=np.tile(np.r_[np.arange(N_VALIDATION), np.arange(N_TEST)], n_people),
        seen_before=rng.integers(0, 2, len(rows)),
        seen_rt_ms=rng.gamma(3, 600, len(rows)).round(1),
        card_rt_ms=rng.gamma(3, 900, len(rows)).round(1),
        decision=np.where(accepts, "accept", "reject"),
        decision_rt_ms=rng.gamma(3, 1500, len(rows)).round(1),
        away_ms=0,
        away_count=0,
        team_right=right.astype(int),
        input="mouse",
        shown_at=MOMENT,
        answered_at=MOMENT,
        seen_asked=1,
        card_shown=1,
    )


def participants_of(responses: pd.DataFrame) -> pd.DataFrame:
    """Everybody completed; of their devices nothing is known."""
    return responses.drop_duplicates("participant_id")[
        ["participant_id", "condition", "classifier", "simulated"]
    ].assign(
        outcome="completed",
        started_at=MOMENT,
        consented_at=MOMENT,
        consent_digest="",
        altered_noticed="",
        finished_at="2026-03-14T09:46:53.589Z",
        n_validation=N_VALIDATION,
        validation_right=N_VALIDATION,
        n_test=N_TEST,
    )


def explanations_of(stimuli: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Three scores of each explainer for each stimulus."""
    return pd.concat(
        stimuli.assign(explainer=explainer, metric=metric, value=rng.random(len(stimuli)).round(4))
        for explainer in CONDITIONS[1:]
        for metric in ("iou", "pointing", "wsl")
    )


def tables_of(n_people: int) -> dict[str, pd.DataFrame]:
    """The tables of an export; columns that only some exports have may be absent."""
    rng = np.random.default_rng(20261122)
    stimuli = pd.concat(
        [stimuli_of(N_VALIDATION, "validation"), stimuli_of(450, "test")], ignore_index=True
    )
    responses = responses_of(stimuli, n_people, rng)
    explanations = explanations_of(stimuli, rng)
    pool = stimuli.sample(POOL, replace=True, random_state=1).assign(split="test")
    pool["source"] = [f"image{i}" for i in range(len(pool))]
    return {
        "responses": responses,
        "participants": participants_of(responses),
        "stimuli": stimuli,
        "predictions": stimuli,
        "explanations": explanations,
        "pool": pool,
    }


def facts_of(tables: Mapping[str, pd.DataFrame]) -> dict[str, object]:
    """What stands in `export.json`."""
    return {
        "schema_version": 2,
        "study": "speed",
        "created_at": MOMENT,
        "bundle_digest": "b" * 64,
        "bundle_study_digest": "c" * 64,
        "study_digest": "d" * 64,
        "conditions": [{"name": name, "classifier": "tiny"} for name in CONDITIONS],
        "gate": {"min_correct": 8, "live": False},
        "analysis": {"outcome": "accuracy", "pairs": [], "alternative": "two-sided"},
        "ai_only": [{"classifier": "tiny", "threshold": 0.55, "chosen_on": "val", "accuracy": 0.8}],
        "bins": [],
        "rows": {name: len(table) for name, table in tables.items()},
    }


def write_study(folder: Path, n_people: int) -> Path:
    """A consistent export of so many people, with scores and a pool of 50,000 images."""
    tables = {name: pd.DataFrame() for name in TABLES} | tables_of(n_people)
    folder.mkdir()
    for name, table in tables.items():
        columns = list(TABLES[name])
        table.reindex(columns=columns).to_csv(folder / f"{name}.csv", index=False)
    described = {f"{n}.csv": {c: {"description": c} for c in TABLES[n]} for n in TABLES}
    (folder / "columns.json").write_text(json.dumps(described))
    study = '[study]\nname = "speed"\ntitle = "Speed"\nseed = 1\n[[phases]]\nname = "validation"\n'
    (folder / "study.toml").write_text(study + '[[phases]]\nname = "test"\n')
    (folder / "export.json").write_text(json.dumps(facts_of(tables)))
    return folder


# A process counts the memory of the one that started it as its own, so a small one has to.
WATCH = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:])
_, status, usage = os.wait4(process.pid, 0)
print(usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def report_cost(export: Path, out: Path) -> tuple[float, float]:
    """Seconds, start and imports included, and GiB that `python -m analysis.report` takes."""
    command = [sys.executable, "-m", "analysis.report", str(export), "--out", str(out)]
    start = time.perf_counter()
    output = subprocess.check_output([sys.executable, "-c", WATCH, *command], cwd=ROOT, text=True)
    return time.perf_counter() - start, int(output.splitlines()[-1]) / GIBIBYTE_KIB


@pytest.mark.parametrize(
    ("n_people", "limit_s", "limit_gib"),
    [
        pytest.param(size(320, quick=10), 10, 0.7, id="320-people"),
        pytest.param(size(25_000, quick=50), 40, 0.7, id="1e6-trials"),
    ],
)
def test_a_report_is_made_within_its_time_and_memory(
    tmp_path: Path, n_people: int, limit_s: float, limit_gib: float
) -> None:
    elapsed_s, gib = report_cost(write_study(tmp_path / "export", n_people), tmp_path / "report")
    on = f"{platform.machine()}, {platform.python_version()}"
    print(f"\n{n_people:,} people x 40 trials: {elapsed_s:.1f} s, {gib:.2f} GiB ({on})")  # noqa: T201
    assert QUICK or elapsed_s <= limit_s
    assert gib <= limit_gib
