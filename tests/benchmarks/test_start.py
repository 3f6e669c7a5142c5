"""What a press of Start costs when few or thousands came before: `make bench ONLY=start`."""

import secrets
import statistics
from pathlib import Path

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import insert, select

from stimuli.study import Outcome
from study_app import create_app
from study_app.answer_models import Trial
from study_app.database import db, now, writing
from study_app.models import Participant
from study_app.tokens import SIMULATED_HEADER, form_token, simulated_mark
from tests.benchmarks.sizes import QUICK, size
from tests.benchmarks.timing import machine, seconds
from tests.study_app.invented import build_bundle, study_text
from tests.study_app.sites import close, load

FEW, MANY, STARTS, ROUNDS = size((25, 3700, 40, 3), quick=(2, 20, 2, 1))
BEFORE_TALLIES = "0008"


def served(folder: Path, people: int) -> Flask:
    """An app with a study of 45 trials that so many people have completed."""
    text = study_text(practice=5, validation=10, test=30)
    bundle = build_bundle(folder / "bundle", text, per_cell=5)
    app = create_app({"TESTING": True}, instance_path=str(folder / "instance"))
    load(app, bundle.path)
    press_start(app)
    with app.app_context():
        copy_participant(people)
        downgrade(revision=BEFORE_TALLIES)
        upgrade()  # counts them
    return app


def copy_participant(people: int) -> None:
    """Make so many who completed of the one who is there, in all conditions."""
    one = db.session.execute(select(Participant.__table__)).mappings().one()
    conditions = ("confidence", "heatmap", "neighbours")
    done = {"outcome": Outcome.COMPLETED, "qualified": True, "place_until": None}
    trials = db.session.execute(select(Trial.__table__)).mappings().all()
    with writing():
        for n in range(people):
            names = {key: secrets.token_hex(16) for key in ("participant_id", "token", "start_key")}
            row = {**one, **done, **names, "id": n + 2, "condition": conditions[n % 3]}
            row["tab"] = row.pop("view")
            db.session.execute(insert(Participant).values(row | {"finished_at": now()}))
            copies = [{**t, "participant": n + 2, "key": secrets.token_hex(8)} for t in trials]
            db.session.execute(
                insert(Trial), [{k: v for k, v in t.items() if k != "id"} for t in copies]
            )


def press_start(app: Flask) -> None:
    """Take one more person in."""
    key = secrets.token_hex(16)
    with app.app_context():
        fields = {"start_key": key, "csrf_token": form_token(key)}
        headers = {SIMULATED_HEADER: simulated_mark("calibrated")}
    assert app.test_client().post("/start", data=fields, headers=headers).status_code == 303


def median_ms(app: Flask) -> float:
    """Of some presses of Start."""
    return 1000 * statistics.median(seconds(lambda: press_start(app)) for _ in range(STARTS))


def compared(folder: Path) -> tuple[float, float]:
    """Milliseconds after few and after many people, in turns."""
    apps = [served(folder / str(n), n) for n in (FEW, MANY)]
    rounds = [[median_ms(app) for app in apps] for _ in range(ROUNDS)]
    for app in apps:
        close(app)
    few, many = (statistics.median(times) for times in zip(*rounds, strict=True))
    return few, many


def test_start_costs_as_much_after_thousands_as_after_a_few(tmp_path: Path) -> None:
    few, many = compared(tmp_path)
    print(  # noqa: T201
        f"\nStart after {FEW} people {few:.1f} ms, after {MANY:,} {many:.1f} ms, "
        f"ratio {many / few:.2f} ({machine()})"
    )
    assert QUICK or many / few < 1.3
