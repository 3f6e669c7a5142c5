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
from stimuli.study import Phase, Question, Study
from study_app.active_study import ActiveStudy
from study_app.database import now
from study_app.enums import Input, Noticed, Screen
from study_app.prolific.invented import InventedId, Stay
from study_app.session.questionnaire import field_name
from study_app.simulation.decision_model import DecisionModel, chance_outside_test
from study_app.simulation.html import Form, Page
from study_app.simulation.profiles import Mishap, Profile

HAS_SEEN = 0.6  # share of things that simulated people have seen before
INPUTS = (Input.MOUSE, Input.MOUSE, Input.KEYBOARD, Input.TOUCH)
MISHAPS = 0.2  # share of the answers of those who have mishaps
REMARK = "A simulated remark."
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
        said: the answers to questions on the screen, as they are stored, by the question's name.
    """

    screen: str
    trial: str
    answer: str
    said: Mapping[str, str]


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
    sort: Profile
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
    judging: DecisionModel

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
        screen, form = participant.window.page.screen, participant.window.page.form
        if participant.is_stuck:
            raise LookupError(
                f"{participant.window.path}: {screen} comes again whatever is answered"
            )
        fields = self._fields(participant, screen)
        participant.window.submit(fields, mishap=_mishap(participant))
        sent = form.fields | fields
        participant.acknowledged.append(
            Acknowledged(
                screen=screen,
                trial=sent.get("trial", ""),
                answer=sent.get("answer", ""),
                said=_said(screen, form, sent),
            )
        )

    def _fields(self, participant: SimulatedParticipant, screen: str) -> dict[str, str]:
        """What a person fills in, what the browser's script adds, and the button pressed."""
        sort, form = participant.sort, participant.window.page.form
        time = (sort.deciding if screen == Screen.JUDGE else sort.reading).draw(participant.rng)
        fields = {"rt_ms": repr(time), "input": participant.rng.choice(INPUTS)}
        fields |= _chosen(self.active.study, participant) | _written(self.active.study, participant)
        answer = next(iter(form.choices), "")
        if screen == Screen.SEEN:
            answer = _yes(participant.rng.random() < HAS_SEEN)
        if screen == Screen.JUDGE:
            answer = _yes(participant.rng.random() < self._chance(participant))
        return fields | ({"answer": answer} if answer else {})

    def _chance(self, participant: SimulatedParticipant) -> float:
        """The probability of accepting what the page shows."""
        stimulus = self._shown(participant)
        prediction = self.active.prediction(stimulus.stimulus_id, participant.condition)
        if stimulus.phase is not Phase.TEST:
            return chance_outside_test(participant.sort, prediction)
        return self.judging.chance(
            participant.sort, participant.condition, participant.leaning, prediction
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


def _mishap(participant: SimulatedParticipant) -> Mishap | None:
    if not participant.sort.mishaps or participant.rng.random() >= MISHAPS:
        return None
    return participant.rng.choice(participant.sort.mishaps)


def _yes(yes: bool) -> str:
    return "yes" if yes else "no"


def _chosen(study: Study, participant: SimulatedParticipant) -> dict[str, str]:
    """One of the round buttons of each question; mostly a right one where attention is checked."""
    form, choose = participant.window.page.form, participant.rng.choice
    checks = [check for check in study.attention if check.name == form.fields.get("trial")]
    if participant.window.page.screen != Screen.ATTENTION or not checks:
        return {name: choose(options) for name, options in form.radios.items()}
    attends = participant.rng.random() < participant.sort.attentive
    return {
        name: choose([option for option in options if checks[0].passed_by(option) == attends])
        for name, options in form.radios.items()
    }


def _written(study: Study, participant: SimulatedParticipant) -> dict[str, str]:
    """A number within its bounds where one is asked for, and a remark elsewhere."""
    numbers = {field_name(q.name): q for q in study.questions if q.kind == "number"}
    return {
        name: _number(numbers[name], participant.rng) if name in numbers else REMARK
        for name in participant.window.page.form.blanks
    }


def _said(screen: str, form: Form, sent: Mapping[str, str]) -> dict[str, str]:
    """The answers to questions, and how the pictures looked, in the database's word for it."""
    said = {name: sent[name] for name in (*form.radios, *form.blanks) if sent.get(name)}
    if screen == Screen.COMMENTS:
        said |= {
            name: tuple(Noticed)[options.index(sent[name])] for name, options in form.radios.items()
        }
    return {name.removeprefix(field_name("")): text for name, text in said.items()}


def _number(question: Question, rng: random.Random) -> str:
    low = 0 if question.low is None else question.low
    high = low + 100 if question.high is None else question.high
    return f"{round(rng.uniform(low, high)):d}"
