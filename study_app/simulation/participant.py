"""A simulated person answers screen after screen.

Seen and judge are answered by what the person knows and believes; any other screen by its form
alone: every field is filled in, and the first button pressed.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import PurePosixPath
from typing import Protocol

from stimuli.bundle import Stimulus
from stimuli.study import Phase, Study
from study_app.active_study import ActiveStudy
from study_app.database import now
from study_app.enums import Input, Noticed
from study_app.prolific.invented import InventedId, Stay
from study_app.session.questionnaire import field_name
from study_app.session.screens import ATTENTION, COMMENTS, JUDGE, SCREENS, SEEN
from study_app.simulation.decision_model import DecisionModel, chance_outside_test
from study_app.simulation.html import Page
from study_app.simulation.profiles import Mishap, Profile

HAS_SEEN = 0.6  # share of things that simulated people have seen before
INPUTS = (Input.MOUSE, Input.MOUSE, Input.KEYBOARD, Input.TOUCH)
MISHAPS = 0.2  # share of the answers of those who have mishaps
PATIENCE = 10  # how often a person is shown the same screen again before giving up


class Window(Protocol):
    """What a person looks at: the small browser of ours, or a real one."""

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
class Acknowledged:
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
class SimulatedParticipant:
    """A simulated participant.

    Attributes:
        leaning: how much more than others the person accepts, in log odds.
        leaves_after: answers until a person who quits has left; None for those who stay.
        condition: empty for somebody who was not taken in.
        prolific: the ids of somebody who comes from Prolific.
    """

    window: Window
    rng: random.Random
    profile: Profile
    leaning: float
    leaves_after: int | None
    prolific: InventedId | None
    condition: str = ""
    began: datetime = field(default_factory=now)
    ended: datetime | None = None
    acknowledged: list[Acknowledged] = field(default_factory=list)

    @property
    def token(self) -> str:
        """The secret of the person's link."""
        return PurePosixPath(self.window.path).name

    @property
    def stay(self) -> Stay | None:
        """What Prolific can know of the visit; None of people who came from elsewhere."""
        if self.prolific is None or self.ended is None:
            return None
        codes = (link.partition("cc=")[2] for link in self.window.page.links)
        code = next(filter(None, codes), None)
        return Stay(id=self.prolific, began=self.began, ended=self.ended, code=code)

    @property
    def is_stuck(self) -> bool:
        """Whether the server refuses what the person answers."""
        last = [(one.screen, one.trial) for one in self.acknowledged[-PATIENCE:]]
        return len(last) == PATIENCE and len(set(last)) == 1

    @property
    def has_left(self) -> bool:
        """Whether the person quit."""
        return len(self.acknowledged) == self.leaves_after


@dataclass(frozen=True)
class Walk:
    """What everybody meets: a study, and how people judge it."""

    active: ActiveStudy
    decision_model: DecisionModel

    def walk(self, participant: SimulatedParticipant) -> SimulatedParticipant:
        """Answer until a page has nothing to answer, or the person leaves."""
        while participant.window.page.screen and not participant.has_left:
            self._answer(participant)
        participant.window.rest()
        participant.ended = now()
        return participant

    @cached_property
    def n_screens(self) -> int:
        """About as many screens as somebody meets who stays."""
        counts = self.active.trial_counts
        return 2 + sum(n * (2 if phase is Phase.PRACTICE else 3) for phase, n in counts.items())

    def _answer(self, participant: SimulatedParticipant) -> None:
        window, rng, mishaps = participant.window, participant.rng, participant.profile.mishaps
        screen, form = window.page.screen, window.page.form
        if participant.is_stuck:
            raise LookupError(f"{window.path}: {screen} comes again whatever is answered")
        fields = self._fields(participant, screen)
        has_mishap = bool(mishaps) and rng.random() < MISHAPS
        window.submit(fields, mishap=rng.choice(mishaps) if has_mishap else None)
        sent = form.fields | fields
        replies = {name: sent[name] for name in form.questions if sent.get(name)}
        if screen == COMMENTS.name:  # how the pictures looked, in the database's word for it
            for name, options in form.radios.items():
                replies[name] = tuple(Noticed)[options.index(sent[name])]
        participant.acknowledged.append(
            Acknowledged(
                screen=screen,
                trial=sent.get("trial", ""),
                answer=sent.get("answer", ""),
                replies={name.removeprefix(field_name("")): text for name, text in replies.items()},
            )
        )

    def _fields(self, participant: SimulatedParticipant, screen: str) -> dict[str, str]:
        """What a person fills in, what the browser's script adds, and the button pressed."""
        profile, form = participant.profile, participant.window.page.form
        time = (profile.deciding if screen == JUDGE.name else profile.reading).draw(participant.rng)
        fields = {"rt_ms": repr(time), "input": participant.rng.choice(INPUTS)}
        fields |= _replies(self.active.study, participant)
        answer = next(iter(form.choices), "")
        if screen == SEEN.name:
            answer = _yes(participant.rng.random() < HAS_SEEN)
        if screen == JUDGE.name:
            answer = _yes(participant.rng.random() < self._chance(participant))
        return fields | ({"answer": answer} if answer else {})

    def _chance(self, participant: SimulatedParticipant) -> float:
        """The probability of accepting what the page shows."""
        stimulus = self._shown(participant)
        prediction = self.active.prediction(stimulus.stimulus_id, participant.condition)
        if stimulus.phase is not Phase.TEST:
            return chance_outside_test(participant.profile, prediction)
        return self.decision_model.chance(
            participant.profile, participant.condition, participant.leaning, prediction
        )

    def _shown(self, participant: SimulatedParticipant) -> Stimulus:
        """The stimulus on the page: of its pictures, the one that is the photo of one."""
        names = [PurePosixPath(picture).name for picture in participant.window.page.pictures]
        for name in names:
            if name in self._stimuli:
                return self._stimuli[name]
        raise LookupError(f"{participant.window.path}: no picture of this page is a stimulus")

    @cached_property
    def _stimuli(self) -> dict[str, Stimulus]:
        """Stimuli by the file name of their photo."""
        return {PurePosixPath(one.image).name: one for one in self.active.bundle.stimuli}


def _yes(yes: bool) -> str:
    return "yes" if yes else "no"


def _replies(study: Study, participant: SimulatedParticipant) -> dict[str, str]:
    """An answer to each question of the page; mostly a right one where attention is checked."""
    page, rng = participant.window.page, participant.rng
    key = page.form.fields.get("trial", "")
    questions = {
        field_name(question.name): question
        for screen in SCREENS
        if screen.name == page.screen and screen.questions
        for question in screen.questions(study, key)
    }
    checks = [check for check in study.attention if check.name == key]
    if page.screen != ATTENTION.name or not checks:
        return {name: questions[name].invented(rng) for name in page.form.questions}
    attends = rng.random() < participant.profile.attentive
    return {
        name: rng.choice([option for option in options if checks[0].passed_by(option) == attends])
        for name, options in page.form.radios.items()
    }
