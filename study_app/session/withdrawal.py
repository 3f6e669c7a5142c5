"""A participant stops for good, with or without having the answers deleted, at any time."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from stimuli.study import Outcome
from study_app.active_study import active_study
from study_app.audit import note, note_apart
from study_app.database import writing
from study_app.models import Participant
from study_app.outcomes import finish
from study_app.session.erasure import erase_answers
from study_app.session.position import session_or_404
from study_app.storage.deleted_rows import clear_deleted_rows
from study_app.tokens import form_token
from study_app.web.security import check_form_token

KEEP, ERASE = "keep", "erase"

withdrawal = Blueprint("withdrawal", __name__)
withdrawal.before_request(check_form_token)


@withdrawal.get("/p/<token>/withdraw")
def ask(token: str) -> str | Response:
    """What withdrawing means, and the two ways to do it. Changes nothing."""
    active, position = session_or_404(active_study(), token)
    participant = position.participant
    if not may_withdraw(participant):
        return redirect(_session(token), 303)
    return render_template(
        "withdraw.html",
        study=active.study,
        under_way=participant.outcome is None,
        address=url_for("withdrawal.withdraw", token=token),
        form_token=form_token(token),
        back=_session(token),
    )


@withdrawal.post("/p/<token>/withdraw")
def withdraw(token: str) -> Response:
    """Stop for good. Who came to an end already can only have the answers deleted."""
    choice = request.form.get("answer", "")
    if choice not in (KEEP, ERASE):
        abort(400, "neither keep nor erase")
    newest = active_study()
    with writing():
        _, position = session_or_404(newest, token, lock=True)
        participant = position.participant
        withdraws = may_withdraw(participant) and (choice == ERASE or participant.outcome is None)
        if withdraws:
            finish(participant, Outcome.WITHDRAWN)
            if choice == ERASE:
                erase_answers([participant.id])
            note(f"{participant.participant_id} withdrew; answers: {choice}")
    if withdraws and choice == ERASE and (left := clear_deleted_rows(participant.participant_id)):
        note_apart(left)
    return redirect(_session(token), 303)


def may_withdraw(participant: Participant) -> bool:
    """Whether there is something to withdraw from."""
    return participant.outcome not in (Outcome.DECLINED, Outcome.WITHDRAWN)


def _session(token: str) -> str:
    return url_for("views.session", token=token)
