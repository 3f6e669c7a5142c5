"""The pages of participants. The server decides which screen comes next; forms only answer."""

import secrets
from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy import update
from werkzeug.wrappers import Response

from study_app.answers import MalformedAnswer, read_answer, store
from study_app.arrivals import MalformedArrivalError, UnknownLinkError, parameters, read_arrival
from study_app.asking import asked, questions_on
from study_app.database import db, now, writing
from study_app.endings import ending
from study_app.enrolment import UnknownInvitationError, enrol
from study_app.limits import ENTRY, attempt
from study_app.models import Trial
from study_app.position import Position, find_position
from study_app.questionnaire import FaultyAnswers
from study_app.running import RunningStudy, running_study
from study_app.showing import screen_facts
from study_app.tokens import SIMULATED_HEADER, is_token, simulated_token
from study_app.withdrawal import may_withdraw
from study_app.wording import money
from study_app.words import TRIAL_SCREENS, Screen

views = Blueprint("views", __name__)


@views.get("/")
def landing() -> str:
    """What the study is about. Creates nothing: messengers open links to preview them."""
    running = running_study()
    names = parameters(running.study.provider)
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
    simulated = is_token(request.headers.get(SIMULATED_HEADER, ""), simulated_token())
    if not simulated:
        attempt(ENTRY)
    try:
        arrival = read_arrival(request.form, running.study.provider, simulated=simulated)
        person = enrol(running, arrival)
    except MalformedArrivalError:
        abort(400)
    except (UnknownInvitationError, UnknownLinkError):
        abort(404)
    return redirect(url_for("views.session", token=person.token), 303)


@views.get("/p/<token>")
def session(token: str) -> str:
    """The screen a participant is at."""
    running = running_study()
    position = _position(running, token)
    if position.screen is Screen.DEBRIEF:
        end = ending(running, position.person)
        withdraw_url = url_for("withdrawal.ask", token=token)
        may = may_withdraw(position.person)
        return render_template(
            "debrief.html", study=running.study, end=end, withdraw_url=withdraw_url if may else None
        )
    if position.trial and position.trial.shown_at is None and position.screen in TRIAL_SCREENS:
        _note_shown(position.trial)
    return _page(running, position, {}, {})


@views.post("/p/<token>/answer")
def answer(token: str) -> Response | tuple[str, int]:
    """Store an answer, then lead to the screen that follows.

    Questions whose answers cannot be taken come back, with what was typed and what is wrong.
    """
    running = running_study()
    try:
        given = read_answer(request.form)
    except MalformedAnswer:
        abort(400)
    try:
        with writing():
            store(running, _position(running, token, lock=True), given)
    except FaultyAnswers as faulty:
        return _page(running, _position(running, token), request.form, faulty.problems), 422
    return redirect(url_for("views.session", token=token), 303)


def _page(
    running: RunningStudy,
    position: Position,
    fields: Mapping[str, str],
    problems: Mapping[str, str],
) -> str:
    facts = screen_facts(running, position)
    questions = asked(questions_on(running.study, position), fields, problems)
    return render_template(
        f"{position.screen}.html", study=running.study, questions=questions, **facts
    )


def _position(running: RunningStudy, token: str, *, lock: bool = False) -> Position:
    position = find_position(running.study, token, lock=lock)
    if position is None:
        abort(404)
    return position


def _note_shown(trial: Trial) -> None:
    with writing():
        unshown = (Trial.id == trial.id, Trial.shown_at.is_(None))
        db.session.execute(update(Trial).where(*unshown).values(shown_at=now()))
