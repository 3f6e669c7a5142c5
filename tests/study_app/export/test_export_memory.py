"""An export's memory does not grow with the number of answers."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert

from stimuli.study import Phase
from study_app.answer_models import Trial
from study_app.database import db, writing
from study_app.enums import Decision, Wave
from study_app.models import Participant

ROOT = Path(__file__).parents[3]
PEOPLE, TRIALS = 750, 40  # rows that would take far more if they were held at once
MEBIBYTE_KIB = 1024
EXPORT = """
import sys
from pathlib import Path
from study_app import create_app
from study_app.export.write import export
from study_app.active_study import active_study
from study_app.export.participations import Selection
from study_app.enums import Wave

app = create_app(instance_path=sys.argv[1])
with app.app_context():
    whose = Selection(wave=Wave.MAIN, simulated=False)
    rows = export(active_study(), Path(sys.argv[2]), whose)
status = dict(line.split(":") for line in Path("/proc/self/status").read_text().splitlines())
print(rows["responses"], status["VmHWM"].split()[0])
"""


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel tells the peak")
def test_memory_does_not_grow_with_the_number_of_answers(app, bundle, tmp_path):
    small_rows, small_kib = exported(app, tmp_path / "small")
    answer(app, [stimulus.stimulus_id for stimulus in bundle.of_phase(Phase.TEST)])
    large_rows, large_kib = exported(app, tmp_path / "large")
    assert (small_rows, large_rows) == (0, PEOPLE * TRIALS)
    assert large_kib - small_kib < 30 * MEBIBYTE_KIB


def exported(app, folder: Path) -> tuple[int, int]:
    """Export in a process of its own: the responses, and the most memory it held in KiB."""
    command = [sys.executable, "-c", EXPORT, app.instance_path, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    rows, kib = done.stdout.split()
    return int(rows), int(kib)


def answer(app, stimuli: list[str]) -> None:
    """Fill the database with people who answered."""
    moment = datetime(2026, 3, 14, tzinfo=UTC)
    participants = [
        {
            **dict.fromkeys(("participant_id", "token", "start_key"), f"{n:032x}"),
            "version": 1,
            "wave": Wave.MAIN,
            "condition": "confidence",
            "simulated": False,
            "started_at": moment,
            "seen_at": moment,
        }
        for n in range(PEOPLE)
    ]
    trials = [
        {
            "participant": n + 1,
            "phase": Phase.TEST,
            "trial_index": index,
            "stimulus_id": stimuli[index % len(stimuli)],
            "image_sha256": "0" * 64,
            "key": f"{n:08x}{index:08x}",
            "shown_at": moment,
            "answered_at": moment,
            "decision": Decision.ACCEPT,
            "decision_rt_ms": 1234.5,
        }
        for n in range(PEOPLE)
        for index in range(TRIALS)
    ]
    with app.app_context(), writing():
        db.session.execute(insert(Participant), participants)
        db.session.execute(insert(Trial), trials)
