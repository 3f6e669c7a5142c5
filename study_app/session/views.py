"""The pages of participants. The server decides which screen comes next; forms only answer."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask import session as cookie
from sqlalchemy import update
from werkzeug.wrappers import Response

from study_app.active_study import ActiveStudy, active_study, in_version
from study_app.answer_models import Trial
from study_app.database import db, now, undisturbed, writing
from study_app.enrolment.availability import outlook
from study_app.enrolment.enrol import enrol
from study_app.enrolment.identification import (
    UndecidedError,
    UnknownInvitationError,
    known_participant,
    own_of,
)
from study_app.enrolment.provider_link import (
    MalformedArrivalError,
    UnknownLinkError,
    UnreadableIdError,
    read_arrival,
    read_parameters,
)
from study_app.enums import Outlook, Verdict
from study_app.i18n.jinja import speak_as
from study_app.i18n.pay import money
from study_app.limits import ENTRY, attempt, source_of_request
from study_app.models import Participant
from study_app.session.answer_form import MalformedAnswer, read_answer, script_fields
from study_app.session.answers import store
from study_app.session.devices import is_welcome
from study_app.session.endings import ending
from study_app.session.heartbeat import elsewhere_page
from study_app.session.position import next_position, session_or_404
from study_app.session.questionnaire import FaultyAnswers, question_fields
from study_app.session.screen import Position, Screen
from study_app.session.screens import TRIAL_SCREENS
from study_app.session.trial_context import meets_ai
from study_app.session.withdrawal import may_withdraw
from study_app.tokens import SIMULATED_HEADER, form_token, marked_sort
from study_app.web.problem_pages import PAGES, note_refusal
from study_app.web.security import check_form_token

NEXT_SCREEN = "return=representation"  # RFC 7240
PARTICIPANT = "participant"  # the link that this browser started last, in its cookie
VERDICT_HEADER = "X-Lorikeet-Answer"

views = Blueprint("views", __name__)
views.before_request(check_form_token)


@views.get("/")
def landing() -> str:
    """What the study is about. Creates nothing: messengers open links to preview them."""
    newest = active_study()
    address = read_parameters(request.args.items(multi=True), newest.study.provider)
    start_key = secrets.token_hex(16)
    prospect = _prospect(newest, {**address, "start_key": start_key})
    speak_as(prospect.active.study)
    return render_template(
        "landing.html",
        study=prospect.active.study,
        money=money(prospect.active.study),
        start_key=start_key,
        form_token=form_token(start_key),
        address=address,
        outlook=prospect.outlook,
        panel=prospect.panel,
        begun=prospect.begun,
        may_start=prospect.outlook in (Outlook.OPEN, Outlook.TAKEN)
        or (prospect.outlook is Outlook.COMPLETE and prospect.panel),
    )


@dataclass(frozen=True, kw_only=True)
class Prospect:
    """What a press of Start would meet.

    Attributes:
        active: the study, with the words with which somebody who is known by the link started.
        outlook: of somebody new.
        panel: the name of the provider that somebody comes from.
        begun: where it may be who began in this browser, whether that is "under way" or "over".
    """

    active: ActiveStudy
    outlook: Outlook
    panel: str | None = None
    begun: str | None = None


def _prospect(newest: ActiveStudy, fields: Mapping[str, str]) -> Prospect:
    provider = newest.study.provider
    try:
        arrival = read_arrival(fields, provider, simulated_sort=_simulated_sort())
    except (MalformedArrivalError, UnknownLinkError):
        return Prospect(active=newest, outlook=Outlook.OPEN)  # Start tells what is wrong
    except UnreadableIdError as error:
        note_refusal(f"{error} is no id")
        return Prospect(active=newest, outlook=Outlook.UNREADABLE)
    arrival = replace(arrival, own_link=cookie.get(PARTICIPANT))
    is_named = arrival.prolific or arrival.invitation
    known, own = known_participant(arrival) if is_named else None, own_of(arrival)
    return Prospect(
        active=in_version(newest, known.version) if known else newest,
        outlook=outlook(newest, arrival),
        panel=provider.name if arrival.prolific else None,
        begun=None if own is None else "over" if own.outcome else "under way",
    )


def _simulated_sort() -> str | None:
    return marked_sort(request.headers.get(SIMULATED_HEADER, ""))


@views.post("/start")
def start() -> Response:
    """Take a person in, or lead one who is known back to where they were."""
    fields = request.form  # all of it was received before others have to wait
    with undisturbed():
        return _start_reply(fields)


def _start_reply(fields: Mapping[str, str]) -> Response:
    active = active_study(fresh=True)
    sort = _simulated_sort()
    if sort is None:
        attempt(ENTRY)
    try:
        arrival = read_arrival(fields, active.study.provider, simulated_sort=sort)
        source = None if active.study.provider.open else source_of_request()
        own_link = cookie.get(PARTICIPANT)
        participant = enrol(active, replace(arrival, own_link=own_link, source=source))
    except UndecidedError:
        return redirect(url_for("views.landing"), 303)  # which asks who it is
    except MalformedArrivalError as error:
        abort(400, f"no page of ours sends such a {error}")
    except (UnknownInvitationError, UnknownLinkError):
        abort(404)
    cookie[PARTICIPANT] = participant.token  # this browser may go on by a new submission
    return redirect(url_for("views.session", token=participant.token), 303)


@views.get("/p/<token>")
def session(token: str) -> str:
    """The screen a participant is at."""
    active, position = session_or_404(active_study(), token)
    if trial := _new_trial(position):
        with writing():
            first_time = (Trial.id == trial.id, Trial.shown_at.is_(None))
            db.session.execute(update(Trial).where(*first_time).values(shown_at=now()))
    return _page(active, position)


@views.post("/p/<token>/answer")
def answer(token: str) -> Response:
    """Store an answer, then lead to the screen that follows, or send it at once if asked to.

    A script that keeps its answers until they are acknowledged asks for it with
    `Prefer: return=representation`, and reads in a header what became of the answer. Questions
    whose answers cannot be taken come back, with what was typed and what is wrong.
    """
    fields = request.form  # all of it was received before others have to wait
    with undisturbed():
        return _answer_reply(token, fields)


def _answer_reply(token: str, fields: Mapping[str, str]) -> Response:
    newest = active_study()
    at_once = request.headers.get("Prefer") == NEXT_SCREEN
    try:
        form = read_answer(fields, user_agent=request.user_agent.string)
        with writing():
            active, position = session_or_404(newest, token, lock=True)
            verdict = store(active, position, form)
            following = next_position(active.study, position)
            is_sent = at_once and verdict is not Verdict.ELSEWHERE
            if is_sent and (trial := _new_trial(following)):
                trial.shown_at = now()
    except MalformedAnswer as error:
        note_refusal(str(error))
        title, advice = PAGES[400]
        page = render_template("problem.html", title=title, advice=advice)
        return _acknowledgement(Verdict.REFUSED, page, 400)
    except FaultyAnswers as faulty:
        active, position = session_or_404(newest, token)
        page = _page(active, position, fields, faulty.problems)
        return _acknowledgement(Verdict.REFUSED, page, 422)
    if verdict is Verdict.ELSEWHERE:
        return _acknowledgement(verdict, elsewhere_page(active, token), 409)
    if at_once:
        return _acknowledgement(verdict, _page(active, following))
    return redirect(url_for("views.session", token=token), 303)


def _new_trial(position: Position) -> Trial | None:
    """The trial whose first screen is about to be sent for the first time."""
    trial = position.trial if position.screen in TRIAL_SCREENS else None
    return trial if trial and trial.shown_at is None else None


def _acknowledgement(verdict: Verdict, page: str, status: int = 200) -> Response:
    return Response(page, status, {VERDICT_HEADER: verdict}, mimetype="text/html")


def _page(
    active: ActiveStudy,
    position: Position,
    fields: Mapping[str, str] = MappingProxyType({}),
    problems: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """The page of the screen at which a participant is.

    Args:
        fields: what was typed, on a page that comes back.
        problems: what is wrong with it, by the name of the question.
    """
    screen, study = position.screen, active.study
    if screen is None:
        return _last_page(active, position.participant)
    questions = screen.asked(active, position)
    answers, wrong = screen.before(active, position)
    return render_template(
        f"{screen.name}.html",
        study=study,
        welcome=is_welcome(study.device, request.user_agent.string),
        groups=question_fields(study, questions, {**answers, **fields}, {**wrong, **problems}),
        form=_form(active, position, screen),
        counted=_counted(active, position),
        withdraw_url=url_for("withdrawal.ask", token=position.participant.token),
        **(screen.context(active, position) if screen.context else {}),
    )


def _counted(active: ActiveStudy, position: Position) -> dict[str, int] | None:
    """How many trials are over of all, beside the trials, which say where they are themselves.

    Before the device is known to do, people should see who asks them rather than how far they are.
    """
    if position.participant.checked_at is None:
        return None
    total = sum(active.counted.values())
    return {"done": 0 if position.trial else total, "total": total}


def _form(active: ActiveStudy, position: Position, screen: Screen) -> dict[str, object]:
    """What every answer carries, and the addresses that its script needs.

    Returns:
        action: where it goes; form_token: that it is ours; screen and trial: which answer it is;
        here: where an open page gives signs of life; elsewhere: what a page shows that may not
        answer, because another one does;
        coming: pictures of the screens that follow, to be fetched ahead; script_fields: what the
        script fills in; records: whether it also tells signals.
    """
    token = position.participant.token
    return {
        "action": url_for("views.answer", token=token),
        "form_token": form_token(token),
        "screen": screen.name,
        "trial": position.key,
        "here": url_for("heartbeat.here", token=token),
        "elsewhere": url_for("heartbeat.elsewhere", token=token),
        "coming": screen.prefetch(active, position),
        "script_fields": script_fields(active.study),
        "records": active.study.behaviour.record,
    }


def _last_page(active: ActiveStudy, participant: Participant) -> str:
    withdraw_url = None
    if may_withdraw(participant):
        withdraw_url = url_for("withdrawal.ask", token=participant.token)
    return render_template(
        "debrief.html",
        study=active.study,
        end=ending(active, participant),
        meets_ai=meets_ai(active, participant),
        others_meet_ai=any(condition.shows_ai for condition in active.study.conditions),
        withdraw_url=withdraw_url,
    )
