"""`[provider]`: where people come from, and how they get back there."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self, get_args
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from stimuli.study.offline import Facts, Text

ParameterName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")]
Role = Literal["person", "study", "session"]
Placeholder = Annotated[str, Field(pattern=r"^[^\s&#+]{1,64}$")]
PLACES = re.compile(r"\{(.*?)\}")
PROLIFIC = "app.prolific.com"
PROLIFICS_PLACEHOLDERS: Mapping[Role, str] = {
    "person": "{{%PROLIFIC_PID%}}",
    "study": "{{%STUDY_ID%}}",
    "session": "{{%SESSION_ID%}}",
}
# What the form on the landing page is made of already.
RESERVED_NAMES = ("csrf_token", "start_key", "invitation", "test", "answer")


class Provider(Facts):
    """`[provider]`: who sends people; Prolific where nothing is said.

    Attributes:
        name: what people call it.
        person: the parameter of the study's address that holds who a person is.
        study: the parameter with the study's id there; may be absent from an address.
        session: the parameter with the id of this participation; may be absent from an address.
        placeholders: what the provider replaces by ids in an address that is pasted there, for each
            of the three parameters that it has; not needed for Prolific's.
        ids: whether somebody without an id may enter the main wave; where nothing is said, only in
            a study that has neither this table nor `[prolific]`.
        open: whether any number of people may come from one place at once, as a class does. A
            study that is not open lets few from one place hold places before they agree.
        return_url: where people go at the end, with `{code}` where the completion code belongs,
            and `{person}` where the provider wants to hear who comes back.
    """

    name: Text = "Prolific"
    person: ParameterName = "PROLIFIC_PID"
    study: ParameterName = "STUDY_ID"
    session: ParameterName = "SESSION_ID"
    placeholders: dict[Role, Placeholder] = Field(default_factory=dict)
    ids: Literal["required", "optional"] | None = None
    open: bool = False
    return_url: str = f"https://{PROLIFIC}/submissions/complete?cc={{code}}"

    @model_validator(mode="after")
    def _can_be_used(self) -> Self:
        # An address may have them in any case.
        names = [name.casefold() for name in self.parameters]
        problems = [
            f"{name!r} is the name of two parameters; each needs its own"
            for name in sorted({name for name in names if names.count(name) > 1})
        ]
        problems += [
            f"{name!r} is a field of the first page; choose another name"
            for name in names
            if name in RESERVED_NAMES
        ]
        if self.placeholders and "person" not in self.placeholders:
            problems.append("placeholders: say `person` too, or nobody is known")
        places, parts = PLACES.findall(self.return_url), urlsplit(self.return_url)
        if parts.scheme != "https" or not parts.hostname:
            problems.append(f"return_url: {self.return_url!r} is no https address")
        if places.count("code") != 1:
            problems.append("return_url: must say {code} exactly once, where the code belongs")
        problems += [
            f"return_url: {{{place}}} means nothing; only {{code}} and {{person}} do"
            for place in places
            if place not in ("code", "person")
        ]
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @property
    def parameters(self) -> tuple[str, str, str]:
        """The parameters of the study's address: person, study, session."""
        return self.person, self.study, self.session

    @property
    def is_prolific(self) -> bool:
        """Whether people go back to Prolific, whatever the parameters are called."""
        return urlsplit(self.return_url).hostname == PROLIFIC

    @property
    def is_notation_known(self) -> bool:
        """Whether it is known what the provider replaces in an address."""
        return self.is_prolific or bool(self.placeholders)

    @property
    def gaps(self) -> dict[str, str]:
        """What to write for each parameter of an address; `<person>` where nobody knows."""
        known = self.placeholders or (PROLIFICS_PLACEHOLDERS if self.is_prolific else {})
        names = zip(get_args(Role), self.parameters, strict=True)
        if not known:
            return {name: f"<{role}>" for role, name in names}
        return {name: known[role] for role, name in names if role in known}
