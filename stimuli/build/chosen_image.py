"""An image that a study shows."""

from dataclasses import dataclass
from typing import Literal

from stimuli.datasets.base import Split
from stimuli.study.online import Phase

ShownPhase = Literal[Phase.PRACTICE, Phase.VALIDATION, Phase.TEST]


@dataclass(frozen=True, kw_only=True, slots=True)
class ChosenImage:
    """A row of a split, and the phase that shows it.

    Attributes:
        rationale: of a practice item, written by hand; one is made where it is empty.
    """

    split: Split
    row: int
    phase: ShownPhase
    rationale: str = ""
