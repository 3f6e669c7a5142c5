"""What a press of Start says of who comes: ids of a provider, a personal link, or only a try."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from stimuli.study import Provider
from study_app.enrolment.identification import Arrival, ProlificId
from study_app.enums import Again, Wave
from study_app.tokens import is_token, trial_run_token

START_KEY = re.compile(r"[0-9a-f]{32}")
PLAUSIBLE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")  # of Prolific
PROLIFIC_ID = re.compile(r"[0-9a-f]{24}", re.IGNORECASE)
LONGEST_ID = 255  # characters, of other providers
LEFT_OUT = re.compile(r"\{\{%[A-Z_]{1,32}%\}\}", re.IGNORECASE)  # Prolific did not fill it in
# What providers replace by ids, in the notations of most: whoever comes so would be one person.
NOTATION = re.compile(r"[$#@]*[{<\[].*[}>\]]|%.+%")
ESCAPED = re.compile(r"^(amp;)+", re.IGNORECASE)  # what mail programs leave of an & before a name
PLUS_LOST = re.compile(r"[^\s@]+( [^\s@]+)+@[^\s@]+")  # no e-mail address has a space
OURS = ("invitation", "test")


class MalformedArrivalError(ValueError):
    """What none of our landing pages sends."""


class UnreadableIdError(ValueError):
    """An id in a link that cannot be one; `args` has the name of its parameter."""


class UnknownLinkError(ValueError):
    """A link that was never made."""


def parameters(provider: Provider) -> tuple[str, ...]:
    """Those of the study's address that the landing page hands on."""
    return (*provider.parameters, *OURS)


def read_parameters(fields: Iterable[tuple[str, str]], provider: Provider) -> dict[str, str]:
    """What an address says under the names of `parameters`; of those given twice, the first.

    Links pass through mail programs and hands: names count in any case and with the rest of an
    `&amp;` before them, values without white space around them.
    """
    names = {name.casefold(): name for name in parameters(provider)}
    found: dict[str, str] = {}
    for given, value in fields:
        name = names.get(ESCAPED.sub("", given.strip()).casefold())
        if name and (value := value.strip()):
            is_mail = PLUS_LOST.fullmatch(value)
            found.setdefault(name, value.replace(" ", "+") if is_mail else value)
    return found


def read_arrival(
    form: Mapping[str, str], provider: Provider, *, simulated_sort: str | None
) -> Arrival:
    """An arrival from the fields of the landing page's form.

    Raises:
        MalformedArrivalError: if a field cannot be what it says.
        UnreadableIdError: if an id cannot be one.
        UnknownLinkError: if it is the experimenter's own link, but not a right one.
    """
    start_key = form.get("start_key", "")
    if not START_KEY.fullmatch(start_key):
        raise MalformedArrivalError("start_key")
    given = read_parameters(form.items(), provider)
    provider_id = _provider_id(given, provider)
    return Arrival(
        start_key=start_key,
        prolific=provider_id,
        invitation=given.get("invitation"),
        aside=_aside(given, provider, provider_id),
        simulated_sort=simulated_sort,
        again=_again(form.get("answer")),
    )


def _again(said: str | None) -> Again | None:
    """What somebody says who was asked."""
    if said is not None and said not in set(Again):
        raise MalformedArrivalError("answer")
    return Again(said) if said is not None else None


def _provider_id(given: Mapping[str, str], provider: Provider) -> ProlificId | None:
    """The ids of a link; None without them, or where the provider did not fill them in."""
    values = {name: given.get(name, "") for name in provider.parameters}
    filled = {n: "" if _is_left_out(n, value, provider) else value for n, value in values.items()}
    if not filled[provider.person]:
        return None
    person, study, session = (_id(name, value, provider) for name, value in filled.items())
    return ProlificId(prolific_pid=person, study_id=study, session_id=session)


def _id(name: str, value: str, provider: Provider) -> str:
    """An id as it is kept: Prolific's are hexadecimal numbers, which some programs capitalise."""
    if value and not (_is_plausible if provider.is_prolific else _is_text)(value):
        raise UnreadableIdError(name)
    is_number = provider.is_prolific and PROLIFIC_ID.fullmatch(value)
    return value.lower() if is_number else value


def _is_plausible(value: str) -> bool:
    return PLAUSIBLE_ID.fullmatch(value) is not None


def _is_text(value: str) -> bool:
    """Whether it is printable, of a length that can be stored, and no name of an id."""
    is_printed = all(sign.isprintable() or unicodedata.category(sign) == "Zs" for sign in value)
    return is_printed and len(value) <= LONGEST_ID and not NOTATION.fullmatch(value)


def _aside(
    given: Mapping[str, str], provider: Provider, provider_id: ProlificId | None
) -> Wave | None:
    """Whether somebody only tries the study out."""
    if test := given.get("test"):
        if not is_token(test, trial_run_token()):
            raise UnknownLinkError("test")
        return Wave.TEST
    if any(_is_left_out(name, given.get(name, ""), provider) for name in provider.parameters):
        return Wave.PREVIEW
    if provider_id is None or not provider.is_prolific:
        return None
    return None if PROLIFIC_ID.fullmatch(provider_id.prolific_pid) else Wave.PREVIEW


def _is_left_out(name: str, value: str, provider: Provider) -> bool:
    """Whether an address came as it was pasted: the provider did not fill in this parameter."""
    return value == provider.gaps.get(name) or LEFT_OUT.fullmatch(value) is not None
