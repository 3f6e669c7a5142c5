"""An export of people who gave a number, an answer, said how sure they are, twice, and what the AI
will say."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from analysis.export.read import read_export
from analysis.statistics.analysed import Analysed, analysed
from tests.analysis.exports import write_export
from tests.analysis.participants import NATURAL, Participant, Stimulus
from tests.analysis.rows import TIME

STIMULI = tuple(NATURAL[i % len(NATURAL)] for i in range(36))  # the AI is right on half
OWN = ["photo", "answer", "panels", "own"]
CLASSES = {"kind": "choice", "options": "classes"}
SURE = {"kind": "slider", "shows": ["own"], "low": 0, "high": 100}
STEPS = (
    {"name": "count", "kind": "number", "shows": ["photo"], "truth": "label"},
    {"name": "recount", "kind": "number", "shows": OWN, "truth": "label"},
    {**CLASSES, "name": "alone", "shows": ["photo"], "truth": "label"},
    {**SURE, "name": "sure"},
    {**CLASSES, "name": "advised", "shows": OWN, "truth": "label", "reveal": "on demand"},
    {**SURE, "name": "surer"},
    {**CLASSES, "name": "predict", "shows": ["photo", "panels"], "truth": "ai_answer"},
)
OFFERED = (
    '[[trial.steps]]\nname = "{name}"\nresponse = {{ kind = "choice", options = "classes" }}\n'
)


def asked(
    folder: Path,
    people: dict[str, int],
    *,
    steps: Sequence[dict[str, object]] = STEPS,
    study_text: str = "".join(OFFERED.format(name=n) for n in ("alone", "advised", "predict")),
) -> Analysed:
    """The analysis of so many people of each condition, all of whom answer by lot."""
    rng = np.random.default_rng(1)
    names = {str(step["name"]): step for step in steps}
    who = [condition for condition, n in people.items() for _ in range(n)]
    rows, participants = [], []
    for i, condition in enumerate(who):
        right: list[bool | None] = []
        for j, stimulus in enumerate(STIMULI):
            trial = [row for row in _trial(rng, stimulus) if row["step"] in names]
            right.append(next((bool(r["right"]) for r in reversed(trial) if "right" in r), None))
            facts = {"participant_id": f"p{i:03d}", "condition": condition, "stimulus_id": f"t{j}"}
            for k, row in enumerate(trial):
                step = names[str(row["step"])]
                shows = " ".join(step["shows"])  # type: ignore[arg-type]
                of_step = {"kind": step["kind"], "shows": shows, "step_index": k}
                rows.append({**facts, **COMMON, "trial_index": j, **of_step, **row})
        participants.append(Participant(condition=condition, right=right))
    export = write_export(
        folder / "export",
        participants,
        conditions=tuple(people),
        stimuli=STIMULI,
        step_rows=rows,
        steps=steps,
        questions=study_text,
    )
    return analysed(read_export(export))


COMMON = {"simulated": 0, "phase": "test", "rt_ms": 900, "input": "mouse", "answered_at": TIME}


def _trial(rng: np.random.Generator, stimulus: Stimulus) -> list[dict[str, object]]:
    """The answers of a trial, without what all steps have."""
    ai, true = stimulus.label, stimulus.label if stimulus.ai_right else "viceroy"
    first, advice = int(rng.integers(40, 60)), int(rng.integers(60, 80))
    last = first + round(0.5 * (advice - first))
    late = f"answer:{rng.integers(500, 900)}" if rng.random() < 0.6 else ""
    return [
        _answer("count", first, truth=65, advice=advice),
        _answer("recount", last, truth=65, advice=advice),
        _answer("alone", rng.choice([true, "admiral"]), truth=true, advice=ai),
        {"step": "sure", "value": int(rng.integers(10, 101))},
        {**_answer("advised", rng.choice([true, ai]), truth=true, advice=ai), "revealed": late},
        {"step": "surer", "value": int(rng.integers(30, 101))},
        _answer("predict", rng.choice([true, ai]), truth=ai, advice=ai),
    ]


def _answer(step: str, value: object, *, truth: object, advice: object) -> dict[str, object]:
    right = int(str(value) == str(truth))
    return {"step": step, "value": value, "truth": truth, "right": right, "advice": advice}
