"""The server is killed three times under fifty people at work: nothing that it has is lost."""

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pytest
from flask import Flask
from sqlalchemy import func, select

from stimuli.bundle import Bundle
from study_app import create_app
from study_app.active_study import active_study
from study_app.answer_models import StepAnswer, Trial
from study_app.database import db
from study_app.models import Participant
from study_app.simulation.behaviour import planted
from study_app.simulation.decision_model import DecisionModel
from study_app.simulation.participant import SimulatedParticipant
from study_app.simulation.profiles import USUAL
from study_app.simulation.rehearsal import Rehearsal, simulate
from study_app.simulation.server import Server, kill, start
from study_app.simulation.verification import verify
from tests.study_app.own_steps import ADVICE, with_steps

PEOPLE, KILLS = 50, 3
QUOTA = 17  # in each of three conditions: one place more than there are people
LIMIT_S = 60
ANSWER = {  # what of a trial's row an answer is found in
    "seen": lambda trial: "yes" if trial.seen_before else "no",
    "card": lambda trial: "continue" if trial.card_read_at else "",
    "judge": lambda trial: {"accept": "yes", "reject": "no"}[trial.decision],
    "feedback": lambda trial: "continue" if trial.feedback_read_at else "",
}
ON = ["sqlite", "postgres"]


@pytest.fixture(scope="module")
def short_bundle(tools, tmp_path_factory) -> Bundle:
    """A study of few trials, so that fifty people are through it in seconds."""
    text = tools.study_text(practice=1, validation=2, test=3)
    text += f"[assignment]\nquota = {QUOTA}\n"
    return tools.build_bundle(tmp_path_factory.mktemp("bundles") / "short", text)


@pytest.fixture(params=ON)
def app(request, tmp_path, monkeypatch, tools, short_bundle) -> Iterator[Flask]:
    """A study on either database."""
    if request.param == "postgres":
        monkeypatch.setenv("DATABASE_URL", request.getfixturevalue("postgres"))
    app = create_app({"TESTING": True}, instance_path=str(tmp_path / "instance"))
    tools.load(app, short_bundle.path)
    yield app
    tools.close(app)


@dataclass
class Killer:
    """Kills a server when so many answers are stored, and starts it again on its port."""

    app: Flask
    server: Server
    at: tuple[int, ...]
    killed_at: list[int] = field(default_factory=list)

    def work(self) -> None:
        """Kill at each of the counts."""
        for count in self.at:
            while (stored := self._stored()) < count:
                time.sleep(0.02)
            kill(self.server)
            self.killed_at.append(stored)
            time.sleep(0.3)  # connections are refused for a while
            self.server = start(self.app, self.server.port)

    def _stored(self) -> int:
        with self.app.app_context():
            return db.session.scalar(select(func.count(Trial.answered_at))) or 0


@pytest.mark.slow
def test_every_acknowledged_answer_is_stored_once_though_the_server_is_killed(app):
    killer = Killer(app=app, server=start(app), at=(40, 120, 200))
    thread = threading.Thread(target=killer.work, daemon=True)
    thread.start()
    try:
        with app.app_context():
            rehearsal = Rehearsal(
                participants=PEOPLE, mix=USUAL, side_by_side=PEOPLE, url=killer.server.url
            )
            participants = list(simulate(active_study(), _model(), rehearsal))
        thread.join(timeout=LIMIT_S)
    finally:
        kill(killer.server)
    assert len(killer.killed_at) == KILLS
    assert max(killer.killed_at) < 300  # people were at work, of 300 decisions in all
    with app.app_context():
        assert verify(participants).mismatches == ()
        finished = Counter(db.session.scalars(select(Participant.outcome)))
        places = Counter(db.session.scalars(select(Participant.condition)))
        trials = {trial.key: trial for trial in db.session.scalars(select(Trial))}
    assert finished == {"completed": PEOPLE}
    assert sorted(places.values()) == [QUOTA - 1, QUOTA, QUOTA]
    _compare(participants, trials)


def _model() -> DecisionModel:
    return DecisionModel(behaviours=planted(["confidence", "heatmap", "neighbours"], []), seed=1)


def _compare(participants: list[SimulatedParticipant], trials: Mapping[str, Trial]) -> None:
    """What the server acknowledged beside what the database holds."""
    acknowledged_answers = [
        one for participant in participants for one in participant.acknowledged_answers if one.trial
    ]
    assert {one.trial for one in acknowledged_answers} == trials.keys()
    assert len(trials) == PEOPLE * 6
    for one in acknowledged_answers:
        assert ANSWER[one.screen](trials[one.trial]) == one.answer, one
    screens = Counter((one.trial, one.screen) for one in acknowledged_answers)
    assert len(screens) == PEOPLE * (2 + 5 * 3)
    assert max(screens.values()) == 1
    places = Counter((t.participant, t.phase, t.trial_index) for t in trials.values())
    shown = Counter((t.participant, t.stimulus_id) for t in trials.values())
    assert max(places.values()) == max(shown.values()) == 1


@pytest.mark.slow
def test_both_answers_of_a_two_stage_trial_outlive_the_server_32(tools, tmp_path):
    text = with_steps(tools.study_text(practice=1, validation=2, test=3), ADVICE, groups=False)
    app = create_app({"TESTING": True}, instance_path=str(tmp_path / "instance"))
    tools.load(app, tools.build_bundle(tmp_path / "bundle", text).path)
    killer = Killer(app=app, server=start(app), at=(20, 50))
    thread = threading.Thread(target=killer.work, daemon=True)
    thread.start()
    try:
        with app.app_context():
            rehearsal = Rehearsal(
                participants=20, mix=USUAL, side_by_side=20, url=killer.server.url
            )
            people = list(simulate(active_study(), _model(), rehearsal))
        thread.join(timeout=LIMIT_S)
    finally:
        kill(killer.server)
    with app.app_context():
        assert verify(people).mismatches == ()
        stored = {(a.trial, a.name): a for a in db.session.scalars(select(StepAnswer))}
        trials = list(db.session.scalars(select(Trial)))
    assert len(killer.killed_at) == 2
    assert set(stored) == {(t.id, name) for t in trials for name in ("alone", "advised")}
    assert all(stored[t.id, "advised"].carried == stored[t.id, "alone"].value for t in trials)
    tools.close(app)
