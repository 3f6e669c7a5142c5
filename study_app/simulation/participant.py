"""Who a simulated participant is, what happened so far, and what is remembered of a trial."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import Protocol

from study_app.database import now
from study_app.prolific.invented import InventedId, Stay
from study_app.simulation.decision_model import Trait
from study_app.simulation.html import Page
from study_app.simulation.profiles import Mishap, Profile

PATIENCE = 10  # how often a participant meets the same screen again before giving up


class BrowserTab(Protocol):
    """What a participant looks at: the small browser of ours, or a tab of a real one."""

    page: Page
    path: str
    requests: int

    def open(self, path: str) -> None:
        """Open a page."""

    def submit(self, fields: Mapping[str, str], *, mishap: Mishap | None = None) -> None:
        """Answer the page's form and see what comes."""

    def rest(self) -> None:
        """Close connections."""


@dataclass(frozen=True, kw_only=True)
class AcknowledgedAnswer:
    """An answer that the server said it has.

    Attributes:
        trial: the key of the trial, empty for screens outside trials.
        replies: to the questions on the screen, as they are stored, by the question's name.
    """

    screen: str
    trial: str
    answer: str
    replies: Mapping[str, str]


@dataclass(kw_only=True)
class OpenTrial:
    """What a participant remembers of a trial with steps, until the next one.

    Attributes:
        key: what the browser calls the trial.
        lot: from 0 to 1. What has a larger probability than this comes about; it is drawn once, so
            that nobody changes a mind without a reason.
        knows_answer: whether the person has been told what the AI answers.
        knows_ai: whether anything of the AI was shown.
        label: what the person holds the photo for; empty before that was asked.
        estimate: the own number, before any advice; None before one was asked for.
        was_right: whether the latest answer was right that can be; None before.
    """

    key: str
    lot: float
    knows_answer: bool = False
    knows_ai: bool = False
    label: str = ""
    estimate: float | None = None
    was_right: bool | None = None


@dataclass(kw_only=True)
class SimulatedParticipant:
    """A simulated participant.

    Attributes:
        rng: decides about the answers.
        habits: decides about the rest, so that it changes no answer.
        leaning: how much more than others the participant accepts, in log odds.
        traits: the same of what else people differ in.
        leaves_after: answers until a participant who quits has left; None for those who stay.
        condition: empty for somebody who was not taken in.
        stimuli: which stimulus a trial shows, by the trial's key, of a study with its own steps.
        prolific: the ids of somebody who comes from Prolific.
    """

    tab: BrowserTab
    rng: random.Random
    habits: random.Random
    profile: Profile
    leaning: float
    traits: Mapping[Trait, float]
    leaves_after: int | None
    prolific: InventedId | None
    condition: str = ""
    stimuli: Mapping[str, str] = field(default_factory=dict)
    open_trial: OpenTrial = field(default_factory=lambda: OpenTrial(key="", lot=0))
    began: datetime = field(default_factory=now)
    ended: datetime | None = None
    acknowledged_answers: list[AcknowledgedAnswer] = field(default_factory=list)

    @property
    def token(self) -> str:
        """The secret of the participant's link."""
        return PurePosixPath(self.tab.path).name

    @property
    def stay(self) -> Stay | None:
        """What Prolific can know of the visit; None of who came from elsewhere."""
        if self.prolific is None or self.ended is None:
            return None
        codes = (link.partition("cc=")[2] for link in self.tab.page.links)
        code = next(filter(None, codes), None)
        return Stay(id=self.prolific, began=self.began, ended=self.ended, code=code)

    @property
    def is_stuck(self) -> bool:
        """Whether the server refuses what the participant answers."""
        screens = [(a.screen, a.trial) for a in self.acknowledged_answers[-PATIENCE:]]
        return len(screens) == PATIENCE and len(set(screens)) == 1

    @property
    def has_left(self) -> bool:
        """Whether the participant quit."""
        return len(self.acknowledged_answers) == self.leaves_after
