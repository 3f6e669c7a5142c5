"""A simulated participant answers screen after screen.

Seen and judge are answered by what the participant knows and believes; any other screen by its form
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
from study_app.simulation.decision_model import DecisionModel
from study_app.simulation.html import Page
from study_app.simulation.profiles import Mishap, Profile
from study_app.simulation.signals import leaving, pasting

HAS_SEEN = 0.6  # share of things that simulated participants have seen before
INPUTS = (Input.MOUSE, Input.MOUSE, Input.KEYBOARD, Input.TOUCH)
MISHAPS = 0.2  # share of the answers of those who have mishaps
TAB = "simulated"  # the name that each one's only tab gives itself
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
class SimulatedParticipant:
    """A simulated participant.

    Attributes:
        rng: decides about the answers.
        habits: decides about the rest, so that it changes no answer.
        leaning: how much more than others the participant accepts, in log odds.
        leaves_after: answers until a participant who quits has left; None for those who stay.
        condition: empty for somebody who was not taken in.
        prolific: the ids of somebody who comes from Prolific.
    """

    tab: BrowserTab
    rng: random.Random
    habits: random.Random
    profile: Profile
    leaning: float
    leaves_after: int | None
    prolific: InventedId | None
    condition: str = ""
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


@dataclass(frozen=True)
class SessionSimulator:
    """What every simulated session has in common: a study, and how participants judge in it."""

    active: ActiveStudy
    decision_model: DecisionModel

    def run(self, participant: SimulatedParticipant) -> SimulatedParticipant:
        """Answer until a page has nothing to answer, or the participant leaves."""
        tab, rng, mishaps = participant.tab, participant.rng, participant.profile.mishaps
        while tab.page.screen and not participant.has_left:
            screen, form = tab.page.screen, tab.page.form
            if participant.is_stuck:
                raise LookupError(f"{tab.path}: {screen} comes again whatever is answered")
            fields = self._fields(participant, screen)
            has_mishap = bool(mishaps) and rng.random() < MISHAPS
            tab.submit(fields, mishap=rng.choice(mishaps) if has_mishap else None)
            sent = form.fields | fields
            replies = {name: sent[name] for name in form.questions if sent.get(name)}
            if screen == COMMENTS.name:  # how the pictures looked, in the database's word for it
                for name, options in form.radios.items():
                    replies[name] = tuple(Noticed)[options.index(sent[name])]
            prefix = field_name("")
            answer = AcknowledgedAnswer(
                screen=screen,
                trial=sent.get("trial", ""),
                answer=sent.get("answer", ""),
                replies={name.removeprefix(prefix): text for name, text in replies.items()},
            )
            participant.acknowledged_answers.append(answer)
        tab.rest()
        participant.ended = now()
        return participant

    @cached_property
    def n_screens(self) -> int:
        """About as many screens as somebody meets who stays."""
        study, counts = self.active.study, self.active.trial_counts
        practised = counts.get(Phase.PRACTICE, 0)
        trials = sum(counts.values())
        whole = trials if study.practice.steps == "trial" else trials - practised
        labels = len({prediction.label for prediction in self.active.bundle.predictions})
        times = {"always": whole, "first": min(whole, labels), "never": 0}
        screens = times[study.trial.ask_seen] + times[study.trial.show_card]
        return 2 + trials + practised + screens

    def _fields(self, participant: SimulatedParticipant, screen: str) -> dict[str, str]:
        """What a participant fills in, what the browser's script adds, and the button pressed."""
        profile, form, rng = participant.profile, participant.tab.page.form, participant.rng
        time = (profile.deciding if screen == JUDGE.name else profile.reading).draw(rng)
        fields = {"view": TAB, "rt_ms": repr(time), "input": rng.choice(INPUTS)}
        fields |= _replies(self.active.study, participant)
        answer = next(iter(form.choices), "")
        if screen == SEEN.name:
            answer = "yes" if rng.random() < HAS_SEEN else "no"
        if screen == JUDGE.name:
            answer = "yes" if rng.random() < self._chance(participant) else "no"
            fields |= self._viewing(participant, time)
            fields |= leaving(profile, time, rng=participant.habits)
        fields |= pasting(profile, form, fields, rng=participant.habits)
        return fields | ({"answer": answer} if answer else {})

    def _viewing(self, participant: SimulatedParticipant, time: float) -> dict[str, str]:
        """Everything was in view from the beginning, in a window of usual size."""
        panels = self.active.conditions[participant.condition].panels
        return {
            "photo_seen": "1",
            "photo_seen_ms": repr(time),
            "panels_seen": " ".join("1" for _ in panels),
            "panels_seen_ms": " ".join(repr(time) for _ in panels),
            "window_w": "1280",
            "window_h": "720",
            "zoom": "1",
        }

    def _chance(self, participant: SimulatedParticipant) -> float:
        """The probability of accepting what the page shows.

        Raises:
            LookupError: if no picture of the page is the photo of a stimulus.
        """
        names = [PurePosixPath(picture).name for picture in participant.tab.page.pictures]
        stimuli = [self._stimuli[name] for name in names if name in self._stimuli]
        if not stimuli:
            raise LookupError(f"{participant.tab.path}: no picture of this page is a stimulus")
        prediction = self.active.prediction(stimuli[0].stimulus_id, participant.condition)
        if stimuli[0].phase is not Phase.TEST:
            return self.decision_model.chance_outside_test(participant.profile, prediction)
        return self.decision_model.chance(
            participant.profile, participant.condition, participant.leaning, prediction
        )

    @cached_property
    def _stimuli(self) -> dict[str, Stimulus]:
        """Stimuli by the file name of their photo."""
        stimuli = self.active.bundle.stimuli
        return {PurePosixPath(stimulus.image).name: stimulus for stimulus in stimuli}


def _replies(study: Study, participant: SimulatedParticipant) -> dict[str, str]:
    """An answer to each question of the page; mostly a right one where attention is checked."""
    page, rng = participant.tab.page, participant.rng
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
