"""One of several answers."""

from typing import Literal

from stimuli.study.responses.base import ClosedResponse


class Choice(ClosedResponse):
    """`kind = "choice"`: options in any order."""

    kind: Literal["choice"] = "choice"


KIND = Choice
