"""The pages of participants. The server decides which screen comes next; forms only answer."""

import re
import secrets

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import update
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from study_app.answers import MalformedAnswer, read_answer, store
from study_app.database import db, now, writing
from study_app.endings import ending
from study_app.enrolment import Arrival, ProlificId, UnknownInvitationError, enrol
from study_app.limits import ENTRY, attempt
from study_app.models import Trial
from study_app.position import Position, find_position
from study_app.running import running_study
from study_app.showing import screen_facts
from study_app.tokens import SIMULATED_HEADER, is_token, simulated_token, trial_run_token
from study_app.withdrawal import may_withdraw
from study_app.wording import money
from study_app.words import TRIAL_SCREENS, Screen, Wave

PROLIFIC_PARAMETERS = ("PROLIFIC_PID", "STUDY_ID", "SESSION_ID")
PLAUSIBLE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
PROLIFIC_ID = re.compile(r"[0-9a-f]{24}")
LEFT_OUT = re.compile(r"\{\{%[A-Z_]{1,32}%\}\}")  # a name that Prolific did not fill in
OTHER_PARAMETERS = ("invitation", "test")
START_KEY = re.compile(r"[0-9a-f]{32}")

views = Blueprint("views", __name__)


@views.get("/")
def landing() -> str:
    """What the study is about. Creates nothing: messengers open links to preview them."""
    running = running_study()
    names = (*PROLIFIC_PARAMETERS, *OTHER_PARAMETERS)
    given = {name: request.args[name] for name in names if request.args.get(name)}
    return render_template(
        "landing.html",
        study=running.study,
        money=money(running.study.pay),
        start_key=secrets.token_hex(16),
        given=given,
    )


@views.post("/start")
def start() -> Response:
    """Take a person in, or lead one who is known back to where they were."""
    running = running_study(fresh=True)
    start_key = request.form.get("start_key", "")
    if not START_KEY.fullmatch(start_key):
        abort(400)
    arrival = _arrival(request.form, start_key)
    if not arrival.simulated:
        attempt(ENTRY)
    try:
        person = enrol(running, arrival)
    except UnknownInvitationError:
        abort(404)
    return redirect(url_for("views.session", token=person.token), 303)


def _arrival(form: MultiDict[str, str], start_key: str) -> Arrival:
    prolific = _prolific(form)
    return Arrival(
        start_key=start_key,
        prolific=prolific,
        invitation=form.get("invitation"),
        aside=_aside(form, prolific),
        simulated=is_token(request.headers.get(SIMULATED_HEADER, ""), simulated_token()),
    )


def _aside(form: MultiDict[str, str], prolific: ProlificId | None) -> Wave | None:
    """Whether somebody only tries the study out."""
    if test := form.get("test"):
        if not is_token(test, trial_run_token()):
            abort(404)
        return Wave.TEST
    if any(LEFT_OUT.fullmatch(form.get(name, "")) for name in PROLIFIC_PARAMETERS):
        return Wave.PREVIEW
    return Wave.PREVIEW if prolific and not PROLIFIC_ID.fullmatch(prolific.prolific_pid) else None


def _prolific(form: MultiDict[str, str]) -> ProlificId | None:
    """The ids of a link; None without them, or where Prolific did not fill them in."""
    given = [form.get(name, "") for name in PROLIFIC_PARAMETERS]
    pid, study, session = ("" if LEFT_OUT.fullmatch(value) else value for value in given)
    if not pid:
        return None
    if not all(PLAUSIBLE_ID.fullmatch(value or "-") for value in (pid, study, session)):
        abort(400)
    return ProlificId(prolific_pid=pid, study_id=study, session_id=session)


@views.get("/p/<token>")
def session(token: str) -> str:
    """The screen a participant is at."""
    running = running_study()
    position = _position(token)
    if position.screen is Screen.DEBRIEF:
        end = ending(running, position.person)
        withdraw_url = url_for("withdrawal.ask", token=token)
        may = may_withdraw(position.person)
        return render_template(
            "debrief.html", study=running.study, end=end, withdraw_url=withdraw_url if may else None
        )
    if position.trial and position.trial.shown_at is None and position.screen in TRIAL_SCREENS:
        _note_shown(position.trial)
    return render_template(
        f"{position.screen}.html", study=running.study, **screen_facts(running, position)
    )


@views.post("/p/<token>/answer")
def answer(token: str) -> Response:
    """Store an answer, then lead to the screen that follows."""
    running = running_study()
    try:
        given = read_answer(request.form)
    except MalformedAnswer:
        abort(400)
    with writing():
        store(running, _position(token, lock=True), given)
    return redirect(url_for("views.session", token=token), 303)


def _position(token: str, *, lock: bool = False) -> Position:
    position = find_position(token, lock=lock)
    if position is None:
        abort(404)
    return position


def _note_shown(trial: Trial) -> None:
    with writing():
        unshown = (Trial.id == trial.id, Trial.shown_at.is_(None))
        db.session.execute(update(Trial).where(*unshown).values(shown_at=now()))
