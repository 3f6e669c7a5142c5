"""One of several answers that have an order, such as degrees of agreement."""

from typing import Literal

from stimuli.study.responses.base import ClosedResponse


class Scale(ClosedResponse):
    """`kind = "scale"`: options in their order, which pages show side by side."""

    kind: Literal["scale"] = "scale"


KIND = Scale
