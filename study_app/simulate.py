"""`study simulate`: people with planted behaviour go through the whole study over HTTP.

They press Start one after the other, so a seed decides who gets which trials, and then answer side
by side. What they know of the truth comes from the bundle, by the picture on the screen; every
page, cookie, hidden field and CSRF token is the real one.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath

from sqlalchemy import select

from stimuli.bundle import Prediction
from stimuli.study import Phase, Question, Study
from study_app.behaviour import DECIDING, READING, Behaviour
from study_app.browser import Browser
from study_app.database import db
from study_app.models import Participant
from study_app.questionnaire import field_name
from study_app.running import RunningStudy
from study_app.tokens import SIMULATED_HEADER, simulated_token
from study_app.words import Input, Screen

SIDE_BY_SIDE = 2  # more threads than that wait for the interpreter, not for the server
HAS_SEEN = 0.6  # share of things that simulated people have seen before
REMARK = "A simulated remark."
INPUTS = (Input.MOUSE, Input.MOUSE, Input.KEYBOARD, Input.TOUCH)


@dataclass(kw_only=True)
class Person:
    """A simulated participant."""

    browser: Browser
    rng: random.Random
    condition: str = ""
    behaviour: Behaviour = field(init=False)

    @property
    def token(self) -> str:
        """The secret of the person's link."""
        return PurePosixPath(self.browser.path).name


def simulate(
    running: RunningStudy, behaviours: Mapping[str, Behaviour], *, people: int, seed: int, url: str
) -> Iterable[Person]:
    """Send people through the study at `url`; yields each who arrived at the end."""
    crowd = [_start(url, seed, number) for number in range(people)]
    _look_up_conditions(crowd)
    for person in crowd:
        person.behaviour = behaviours[person.condition]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        yield from pool.map(partial(_walk, running), crowd)


def _start(url: str, seed: int, number: int) -> Person:
    browser = Browser(url)
    browser.open("/")
    browser.submit({}, {SIMULATED_HEADER: simulated_token()})
    browser.rest()
    return Person(browser=browser, rng=random.Random(f"{seed}:{number}"))


def _look_up_conditions(crowd: Sequence[Person]) -> None:
    db.session.rollback()  # what the server wrote since
    query = select(Participant).where(Participant.simulated)
    found = {one.token: one.condition for one in db.session.scalars(query)}
    for person in crowd:
        person.condition = found[person.token]
    db.session.rollback()


def _walk(running: RunningStudy, person: Person) -> Person:
    """Answer screen after screen until a page has nothing to answer."""
    while person.browser.page.forms:
        screen = Screen(person.browser.page.form.fields["screen"])
        person.browser.submit(_fields(running, person, screen))
    person.browser.rest()
    return person


def _fields(running: RunningStudy, person: Person, screen: Screen) -> dict[str, str]:
    """What a browser's script fills in, and the button pressed."""
    time = (DECIDING if screen is Screen.JUDGE else READING).draw(person.rng)
    answer = person.browser.page.form.choices[0]
    if screen is Screen.SEEN:
        answer = _yes(person.rng.random() < HAS_SEEN)
    if screen is Screen.JUDGE:
        answer = _yes(_accepts(running, person))
    how = {"answer": answer, "rt_ms": repr(time), "input": person.rng.choice(INPUTS)}
    return how | _chosen(running.study, person, screen) | _written(running.study, person)


def _chosen(study: Study, person: Person, screen: Screen) -> dict[str, str]:
    """One of the round buttons of each question; mostly a right one where attention is checked."""
    form, choose = person.browser.page.form, person.rng.choice
    if screen is not Screen.ATTENTION:
        return {name: choose(options) for name, options in form.radios.items()}
    attends = person.rng.random() < person.behaviour.attentive
    [check] = [check for check in study.attention if check.name == form.fields["trial"]]
    return {
        name: choose([option for option in options if check.passed_by(option) == attends])
        for name, options in form.radios.items()
    }


def _written(study: Study, person: Person) -> dict[str, str]:
    """A number within its bounds where one is asked for, and a remark elsewhere."""
    numbers = {field_name(q.name): q for q in study.questions if q.kind == "number"}
    return {
        name: _number(numbers[name], person.rng) if name in numbers else REMARK
        for name in person.browser.page.form.blanks
    }


def _number(question: Question, rng: random.Random) -> str:
    low = 0 if question.low is None else question.low
    high = low + 100 if question.high is None else question.high
    return f"{round(rng.uniform(low, high)):d}"


def _yes(yes: bool) -> str:
    return "yes" if yes else "no"


def _accepts(running: RunningStudy, person: Person) -> bool:
    phase, prediction = _shown(running, person)
    behaviour, chance = person.behaviour, person.rng.random()
    if phase is Phase.TEST:
        return chance < (behaviour.accept_right if prediction.right else behaviour.accept_wrong)
    return prediction.right == (chance < behaviour.validation_right)


def _shown(running: RunningStudy, person: Person) -> tuple[Phase, Prediction]:
    """The prediction behind the picture on the page: its photo is the one that is a stimulus."""
    names = {PurePosixPath(picture).name for picture in person.browser.page.pictures}
    for stimulus in running.bundle.stimuli:
        if PurePosixPath(stimulus.image).name in names:
            prediction = running.prediction(stimulus.stimulus_id, person.condition)
            return stimulus.phase, prediction
    raise LookupError(f"{person.browser.path}: no picture of this page is a stimulus")
