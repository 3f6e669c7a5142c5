"""`[provider]`: where people come from, and how they get back there."""

import re
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from stimuli.settings import Facts, Text

ParameterName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")]
PLACES = re.compile(r"\{(.*?)\}")
# What the form on the landing page is made of already.
TAKEN = ("csrf_token", "start_key")


class Provider(Facts):
    """`[provider]`: a panel that sends people; Prolific where nothing is said.

    Attributes:
        name: what people call it.
        person: the parameter of the study's address that holds who a person is.
        study: the parameter with the study's id there; may be absent from an address.
        session: the parameter with the id of this participation; may be absent from an address.
        return_url: where people go at the end, with `{code}` where the completion code belongs,
            and `{person}` where the panel wants to hear who comes back.
    """

    name: Text = "Prolific"
    person: ParameterName = "PROLIFIC_PID"
    study: ParameterName = "STUDY_ID"
    session: ParameterName = "SESSION_ID"
    return_url: str = "https://app.prolific.com/submissions/complete?cc={code}"

    @model_validator(mode="after")
    def _can_be_used(self) -> Self:
        names = self.parameters
        problems = [
            f"{name!r} is the name of two parameters; each needs its own"
            for name in sorted({name for name in names if names.count(name) > 1})
        ]
        problems += [
            f"{name!r} is a field of the first page; choose another name"
            for name in names
            if name in TAKEN
        ]
        if problems := problems + _address_problems(self.return_url):
            raise ValueError("\n".join(problems))
        return self

    @property
    def parameters(self) -> tuple[str, str, str]:
        """The parameters of the study's address: person, study, session."""
        return self.person, self.study, self.session


def _address_problems(url: str) -> list[str]:
    problems, places = [], PLACES.findall(url)
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        problems.append(f"return_url: {url!r} is no https address")
    if places.count("code") != 1:
        problems.append("return_url: must say {code} exactly once, where the code belongs")
    problems += [
        f"return_url: {{{place}}} means nothing; only {{code}} and {{person}} do"
        for place in places
        if place not in ("code", "person")
    ]
    return problems
