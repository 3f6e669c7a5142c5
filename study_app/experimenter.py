"""The experimenter's page: how many people are where. Its address is a secret."""

from flask import Blueprint, abort, render_template, url_for

from study_app.monitoring import overview
from study_app.running import running_study
from study_app.tokens import experimenter_token, is_token
from study_app.wording import hourly_pay

REFRESH_S = 15  # counts change by the minute, and each refresh reads every validation answer

experimenter = Blueprint("experimenter", __name__)


@experimenter.get("/experimenter/<token>")
def monitor(token: str) -> str:
    """Counts by condition and outcome, real and simulated people apart."""
    if not is_token(token, experimenter_token()):
        abort(404)
    running = running_study()
    both = (overview(running, simulated=simulated) for simulated in (False, True))
    return render_template(
        "experimenter.html",
        study=running.study,
        running=running,
        overviews=[o for o in both if o.started or not o.simulated],
        entry=url_for("views.landing", _external=True),
        refresh_s=REFRESH_S,
        hourly_pay=hourly_pay,
    )
