"""Signs of life from open pages, and which of several pages of one participant may answer.

A page names itself when it opens. The newest one may answer; the others are told, at their next
answer or sign of life. Pages without a script have no name, and are told apart by their screens.
"""

import re

from flask import Blueprint, abort, render_template, request, url_for
from werkzeug.wrappers import Response

from stimuli.study import Outcome
from study_app.active_study import ActiveStudy, active_study
from study_app.database import writing
from study_app.enrolment.leases import has_lapsed, is_sign_due, keep_place
from study_app.outcomes import finish
from study_app.session.position import session_or_404
from study_app.web.security import check_form_token

TAB = re.compile(r"[0-9a-f]{32}")

heartbeat = Blueprint("heartbeat", __name__)
heartbeat.before_request(check_form_token)


@heartbeat.post("/p/<token>/here")
def here(token: str) -> Response:
    """Note that a page is open. With `claim`, it is the one that may answer from now on."""
    tab, claim = request.form.get("view", ""), bool(request.form.get("claim"))
    if not TAB.fullmatch(tab):
        abort(400, "the name of a tab that no page gives itself")
    newest = active_study()
    participant = session_or_404(newest, token)[1].participant
    if not claim and participant.tab not in (None, tab):
        return Response(status=409)
    if (claim and participant.tab != tab) or is_sign_due(participant):
        with writing():
            active, position = session_or_404(newest, token, lock=True)
            participant = position.participant
            if claim:
                participant.tab = tab
            if participant.outcome is None:
                lapsed = has_lapsed(participant)
                if not keep_place(active, participant, lapsed=lapsed):
                    finish(participant, Outcome.QUOTA_FULL)
    return Response(status=204)


@heartbeat.get("/p/<token>/elsewhere")
def elsewhere(token: str) -> str:
    """What a page shows that may not answer. Changes nothing."""
    active, _ = session_or_404(active_study(), token)
    return elsewhere_page(active, token)


def elsewhere_page(active: ActiveStudy, token: str) -> str:
    """Says that the study is open elsewhere, and how to go on here."""
    here = url_for("views.session", token=token)
    return render_template("elsewhere.html", study=active.study, here=here)
