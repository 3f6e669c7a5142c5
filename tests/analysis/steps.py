"""People who answered before the advice and after it, and what an export has of them.

Test stimulus i is of the class `truth`; the AI says that, or `wrong`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tests.analysis.exports import write_export
from tests.analysis.participants import NATURAL, Participant, Stimulus
from tests.analysis.rows import TIME

TRUTH, OTHER = "viceroy", "admiral"  # `rows.contents` calls a picture so where the AI is wrong
ALONE = {
    "name": "alone",
    "kind": "choice",
    "shows": ["photo"],
    "truth": "label",
    "show": "always",
    "phases": ["test"],
    "reveal": "at once",
    "low": None,
    "high": None,
    "options": "classes",
}
ADVISED = ALONE | {"name": "advised", "shows": ["photo", "answer", "confidence", "panels", "own"]}


@dataclass(frozen=True, kw_only=True)
class Advised:
    """A person, with the answers before and after the advice; `after` is empty without an AI.

    An answer is T (the truth), A (what the AI says) or O (something else): where the AI is right,
    T and A are the same.
    """

    before: str
    after: str = ""
    condition: str = "gradcam"


def label_of(answer: str, stimulus: Stimulus) -> str:
    """The label that stands for T, A or O."""
    truth = stimulus.label if stimulus.ai_right else TRUTH
    return {"T": truth, "A": stimulus.label, "O": OTHER}[answer]


def rows_of(
    people: Sequence[Advised], stimuli: Sequence[Stimulus] = NATURAL
) -> list[dict[str, object]]:
    """Rows of steps.csv: person i is `p00i`, and trial j shows test stimulus j."""
    rows = []
    for i, person in enumerate(people):
        for j, stimulus in enumerate(stimuli):
            for k, (step, answers) in enumerate(
                (("alone", person.before), ("advised", person.after))
            ):
                if j < len(answers):
                    rows.append(_row(i, j, k, step, answers[j], person, stimulus))
    return rows


def steps_export(
    folder: Path,
    people: Sequence[Advised],
    *,
    stimuli: Sequence[Stimulus] = NATURAL,
    conditions: Sequence[str] = ("gradcam", "unaided"),
    **facts: object,
) -> Path:
    """An export of these people; those of "unaided" see nothing of the AI."""
    participants = [
        Participant(
            condition=person.condition,
            right=[
                label_of(a, s) == label_of("T", s)
                for a, s in zip(person.after or person.before, stimuli, strict=True)
            ],
        )
        for person in people
    ]
    return write_export(
        folder,
        participants,
        stimuli=stimuli,
        conditions=conditions,
        step_rows=rows_of(people, stimuli),
        **{"steps": [ALONE, ADVISED], "shows_ai": {"unaided": False}} | facts,  # type: ignore[arg-type]
    )


def _row(
    i: int, j: int, k: int, step: str, answer: str, person: Advised, stimulus: Stimulus
) -> dict[str, object]:
    value, truth = label_of(answer, stimulus), label_of("T", stimulus)
    return {
        "participant_id": f"p{i:03d}",
        "condition": person.condition,
        "simulated": 0,
        "phase": "test",
        "trial_index": j,
        "stimulus_id": f"t{j}",
        "step_index": k,
        "step": step,
        "kind": "choice",
        "shows": "photo" if step == "alone" else "photo answer confidence panels own",
        "value": value,
        "truth": truth,
        "right": int(value == truth),
        "advice": stimulus.label,
        "carried": label_of(person.before[j], stimulus) if step == "advised" else "",
        "rt_ms": 1234.5,
        "input": "mouse",
        "answered_at": TIME,
    }


def tables_of(
    people: Sequence[Advised], stimuli: Sequence[Stimulus] = NATURAL
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The answers to steps as the reader types them, and the trials that are analysed."""
    answers = pd.DataFrame(rows_of(people, stimuli)).replace("", None)
    answers["right"] = answers["right"].astype("boolean")
    last = answers.drop_duplicates(["participant_id", "trial_index"], keep="last")
    trials = last[["participant_id", "condition", "trial_index", "stimulus_id"]].assign(
        kind=[stimuli[j].kind for j in last["trial_index"]],
        ai_right=[stimuli[j].ai_right for j in last["trial_index"]],
        team_right=last["right"],
    )
    return answers, trials.reset_index(drop=True)
