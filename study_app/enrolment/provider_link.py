"""What a press of Start says of who comes: ids of a provider, a personal link, or only a try."""

import re
from collections.abc import Mapping

from stimuli.study import Provider
from study_app.enrolment.identification import Arrival, ProlificId
from study_app.enums import Wave
from study_app.tokens import is_token, trial_run_token

START_KEY = re.compile(r"[0-9a-f]{32}")
PLAUSIBLE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
PROLIFIC_ID = re.compile(r"[0-9a-f]{24}")
LEFT_OUT = re.compile(r"\{\{%[A-Z_]{1,32}%\}\}")  # a name that Prolific did not fill in
OURS = ("invitation", "test")


class MalformedArrivalError(ValueError):
    """What none of our landing pages sends."""


class UnknownLinkError(ValueError):
    """A link that was never made."""


def parameters(provider: Provider) -> tuple[str, ...]:
    """Those of the study's address that the landing page hands on."""
    return (*provider.parameters, *OURS)


def read_arrival(
    form: Mapping[str, str], provider: Provider, *, simulated_sort: str | None
) -> Arrival:
    """An arrival from the fields of the landing page's form.

    Raises:
        MalformedArrivalError: if a field cannot be what it says.
        UnknownLinkError: if it is the experimenter's own link, but not a right one.
    """
    start_key = form.get("start_key", "")
    if not START_KEY.fullmatch(start_key):
        raise MalformedArrivalError("start_key")
    provider_id = _provider_id(form, provider)
    return Arrival(
        start_key=start_key,
        prolific=provider_id,
        invitation=form.get("invitation"),
        aside=_aside(form, provider, provider_id),
        simulated_sort=simulated_sort,
    )


def _provider_id(form: Mapping[str, str], provider: Provider) -> ProlificId | None:
    """The ids of a link; None without them, or where the provider did not fill them in."""
    values = {name: form.get(name, "") for name in provider.parameters}
    person, study, session = (
        "" if _is_left_out(name, value, provider) else value for name, value in values.items()
    )
    if not person:
        return None
    if not all(PLAUSIBLE_ID.fullmatch(value or "-") for value in (person, study, session)):
        raise MalformedArrivalError("ids")
    return ProlificId(prolific_pid=person, study_id=study, session_id=session)


def _aside(
    form: Mapping[str, str], provider: Provider, provider_id: ProlificId | None
) -> Wave | None:
    """Whether somebody only tries the study out."""
    if test := form.get("test"):
        if not is_token(test, trial_run_token()):
            raise UnknownLinkError("test")
        return Wave.TEST
    if any(_is_left_out(name, form.get(name, ""), provider) for name in provider.parameters):
        return Wave.PREVIEW
    if provider_id is None or not provider.is_prolific:
        return None
    return None if PROLIFIC_ID.fullmatch(provider_id.prolific_pid) else Wave.PREVIEW


def _is_left_out(name: str, value: str, provider: Provider) -> bool:
    """Whether an address came as it was pasted: the provider did not fill in this parameter."""
    return value == provider.gaps.get(name) or LEFT_OUT.fullmatch(value) is not None
