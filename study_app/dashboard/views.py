"""The experimenter's page: who is where, and the few things to decide while the study runs."""

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from stimuli.study import default_text_warnings
from study_app.active_study import ActiveStudy, active_study
from study_app.audit import latest_acts, note
from study_app.dashboard.accuracy import Accuracy, accuracy
from study_app.dashboard.coverage import coverage
from study_app.dashboard.inactive import INACTIVE_AFTER_MINUTES, inactive_participants
from study_app.dashboard.login import is_signed_in
from study_app.dashboard.monitoring import overview
from study_app.dashboard.status import (
    going_on_text,
    provider_address,
    provider_hint,
    turned_away_text,
    without_ids_text,
)
from study_app.dashboard.waves import waves
from study_app.database import writing
from study_app.enrolment.recruiting import pause, raise_quota, recruiting, resume
from study_app.enums import Wave
from study_app.errors import RefusalError
from study_app.i18n.pay import hourly_pay, is_underpaid

REFRESH_S = 15  # counts change by the minute, and each refresh reads every validation answer
LATEST_ACTS = 20
UNBLINDED = "unblinded"

experimenter = Blueprint("experimenter", __name__, url_prefix="/experimenter")


@experimenter.before_request
def _only_signed_in() -> Response | None:
    return None if is_signed_in() else redirect(url_for("login.ask"), 303)


@experimenter.get("")
def monitor() -> str:
    """Counts of a wave by condition, real and simulated people apart. Changes nothing."""
    active = active_study()
    entry, state = url_for("views.landing", _external=True), recruiting()
    name = request.args.get("wave", state.wave)
    wave = Wave(name) if name in set(Wave) else abort(404)
    groups = [_group(active, wave, simulated=simulated) for simulated in (False, True)]
    return render_template(
        "experimenter.html",
        study=active.study,
        active=active,
        groups=[group for group in groups if group],
        recruiting=state,
        wave=wave,
        waves=waves(state.wave),
        inactive=inactive_participants(wave),
        inactive_after=INACTIVE_AFTER_MINUTES,
        acts=latest_acts(LATEST_ACTS),
        unblinded=session.get(UNBLINDED, False),
        entry=entry,
        provider_entry=provider_address(entry, active.study.provider),
        provider_hint=provider_hint(active.study.provider),
        refresh_s=REFRESH_S,
        going_on_text=going_on_text,
        turned_away_text=turned_away_text,
        without_ids_text=without_ids_text,
        hourly_pay=hourly_pay,
        is_underpaid=is_underpaid,
        default_texts=default_text_warnings(active.study),
    )


def _group(active: ActiveStudy, wave: Wave, *, simulated: bool) -> dict[str, object] | None:
    """What the page shows of real or of simulated people; nothing where none were simulated."""
    counts = overview(active, wave, simulated=simulated)
    if simulated and not counts.started:
        return None
    of_conditions: dict[str, Accuracy] = {}
    if session.get(UNBLINDED):
        of_conditions = accuracy(active, wave, simulated=simulated)
    coverages = {one.condition: one for one in coverage(active, wave, simulated=simulated)}
    return {"counts": counts, "coverage": coverages, "accuracy": of_conditions}


@experimenter.post("/recruiting")
def change_recruiting() -> Response:
    """Pause or resume."""
    changes = {"pause": pause, "resume": resume}
    change = changes.get(request.form.get("answer", "")) or abort(400, "neither pause nor resume")
    change()
    return _back()


@experimenter.post("/quota")
def change_quota() -> Response:
    """Ask for more people in each condition."""
    quota = request.form.get("quota", type=int)
    if quota is None:
        abort(400, "a quota that is no number")
    try:
        raise_quota(quota)
    except RefusalError as error:
        flash(str(error))
    return _back()


@experimenter.post("/accuracy")
def change_blindness() -> Response:
    """Show how well people judge, in this browser until it signs out, or hide it again."""
    answer = request.form.get("answer", "")
    if answer not in ("show", "hide"):
        abort(400, "neither show nor hide")
    if answer == "show":
        with writing():
            note("looked at the accuracy in the test phase, and is not blind any more")
    session[UNBLINDED] = answer == "show"
    return _back(request.args.get("wave"))


def _back(wave: str | None = None) -> Response:
    return redirect(url_for("experimenter.monitor", wave=wave), 303)
