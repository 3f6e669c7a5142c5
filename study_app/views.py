"""The pages of participants. The server decides which screen comes next; forms only answer."""

import re
import secrets

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import update
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from study_app.answers import MalformedAnswer, read_answer, store
from study_app.database import db, now, writing
from study_app.devices import is_welcome
from study_app.endings import ending
from study_app.enrolment import ProlificId, enrol
from study_app.models import Trial
from study_app.position import Position, find_position
from study_app.presence import elsewhere_page
from study_app.responses import PAGES
from study_app.running import RunningStudy, running_study
from study_app.showing import screen_facts
from study_app.tokens import SIMULATED_HEADER, is_token, simulated_token
from study_app.withdrawal import may_withdraw
from study_app.wording import money
from study_app.words import TRIAL_SCREENS, Screen, Verdict

PROLIFIC_PARAMETERS = ("PROLIFIC_PID", "STUDY_ID", "SESSION_ID")
PLAUSIBLE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")  # Prolific's are 24 hexadecimal digits
NEXT_SCREEN = "return=representation"  # RFC 7240
VERDICT_HEADER = "X-Lorikeet-Answer"
START_KEY = re.compile(r"[0-9a-f]{32}")

views = Blueprint("views", __name__)


@views.get("/")
def landing() -> str:
    """What the study is about. Creates nothing: messengers open links to preview them."""
    running = running_study()
    given = {name: request.args[name] for name in PROLIFIC_PARAMETERS if request.args.get(name)}
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
    simulated = is_token(request.headers.get(SIMULATED_HEADER, ""), simulated_token())
    person = enrol(
        running, start_key=start_key, prolific=_prolific(request.form), simulated=simulated
    )
    return redirect(url_for("views.session", token=person.token), 303)


def _prolific(form: MultiDict[str, str]) -> ProlificId | None:
    pid, study, session = (form.get(name, "") for name in PROLIFIC_PARAMETERS)
    if not pid:
        return None
    if not all(PLAUSIBLE_ID.fullmatch(value or "-") for value in (pid, study, session)):
        abort(400)
    return ProlificId(prolific_pid=pid, study_id=study, session_id=session)


@views.get("/p/<token>")
def session(token: str) -> str:
    """The screen a participant is at."""
    position = _position(token)
    if position.trial and position.trial.shown_at is None and position.screen in TRIAL_SCREENS:
        with writing():
            _note_shown(position)
    return _page(running_study(), position)


def _page(running: RunningStudy, position: Position) -> str:
    if position.screen is not Screen.DEBRIEF:
        facts = screen_facts(running, position)
        welcome = is_welcome(running.study.device, request.user_agent.string)
        return render_template(
            f"{position.screen}.html", study=running.study, welcome=welcome, **facts
        )
    person = position.person
    withdraw_url = url_for("withdrawal.ask", token=person.token) if may_withdraw(person) else None
    return render_template(
        "debrief.html", study=running.study, end=ending(running, person), withdraw_url=withdraw_url
    )


@views.post("/p/<token>/answer")
def answer(token: str) -> Response:
    """Store an answer, then lead to the screen that follows, or send it at once if asked to.

    A script that keeps its answers until they are acknowledged asks for it with
    `Prefer: return=representation`, and reads in a header what became of the answer.
    """
    running = running_study()
    try:
        given = read_answer(request.form, user_agent=request.user_agent.string)
    except MalformedAnswer:
        return _acknowledged(Verdict.REFUSED, _malformed(), 400)
    with writing():
        verdict = store(running, _position(token, lock=True), given)
        following = _position(token)
        if request.headers.get("Prefer") == NEXT_SCREEN and verdict is not Verdict.ELSEWHERE:
            _note_shown(following)
    if verdict is Verdict.ELSEWHERE:
        return _acknowledged(verdict, elsewhere_page(running, token), 409)
    if request.headers.get("Prefer") == NEXT_SCREEN:
        return _acknowledged(verdict, _page(running, following))
    return redirect(url_for("views.session", token=token), 303)


def _malformed() -> str:
    title, advice = PAGES[400]
    return render_template("problem.html", title=title, advice=advice)


def _acknowledged(verdict: Verdict, page: str, status: int = 200) -> Response:
    return Response(page, status, {VERDICT_HEADER: verdict}, mimetype="text/html")


def _position(token: str, *, lock: bool = False) -> Position:
    position = find_position(token, lock=lock)
    if position is None:
        abort(404)
    return position


def _note_shown(position: Position) -> None:
    if position.trial and position.screen in TRIAL_SCREENS:
        unshown = (Trial.id == position.trial.id, Trial.shown_at.is_(None))
        db.session.execute(update(Trial).where(*unshown).values(shown_at=now()))
