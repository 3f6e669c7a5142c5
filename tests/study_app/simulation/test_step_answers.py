"""How simulated people answer single steps, without a server."""

import random
from dataclasses import replace
from itertools import pairwise
from statistics import fmean, stdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from stimuli.bundle import Bin, Card, Kind, Prediction, Stimulus
from stimuli.study import Part, Phase, Step
from study_app.simulation.behaviour import Behaviour
from study_app.simulation.decision_model import DecisionModel
from study_app.simulation.participant import OpenTrial, SimulatedParticipant
from study_app.simulation.profiles import PROFILES
from study_app.simulation.step_answers import MetStep, StepAnswerer

LABELS = ("Amber Fritillary", "Blue Morpho", "Orange Tip", "Peacock")
CLASSES = {"kind": "choice", "options": "classes"}
ADVISED = {"shows": ["photo", "answer"], "response": CLASSES}
ALONE = {"shows": ["photo"], "response": CLASSES}
SURE = {"shows": ["own"], "response": {"kind": "slider"}}
NUMBER = {"kind": "number", "text": "How many?"}
SHARES = st.floats(min_value=0, max_value=1)
N = 1000
NEVER = 1e-7  # of a law, which is tried with many shares


class Room:
    """Simulated people before single steps.

    Args:
        planted: as in `Behaviour`.
    """

    def __init__(self, *, profile="calibrated", seed=1, person_sd=0.0, image_sd=0.0, **planted):
        self.behaviour = Behaviour(**{"accept_right": 0.8, "accept_wrong": 0.4} | planted)
        self.model = DecisionModel(
            behaviours={"a": self.behaviour}, seed=seed, person_sd=person_sd, image_sd=image_sd
        )
        self.profile, self.seed = PROFILES[profile], seed

    def person(self, number=0):
        """Somebody new, at the beginning of a trial."""
        rng = random.Random(f"{self.seed}:{number}")
        return SimulatedParticipant(
            tab=None,
            rng=rng,
            habits=random.Random(0),
            profile=self.profile,
            leaning=self.model.leaning(rng),
            traits=self.model.traits(number),
            leaves_after=None,
            prolific=None,
            condition="a",
            open_trial=OpenTrial(key="x", lot=rng.random()),
        )

    def answers(self, *steps, number=0, stimulus=0, **facts):
        """What one person answers to these steps of one trial."""
        person, values = self.person(number), []
        for place, table in enumerate(steps):
            step = table if isinstance(table, Step) else made(table, place)
            met = met_step(step, stimulus=stimulus, **facts)
            answerer = StepAnswerer(self.model, person, met)
            answerer.learn(answerer.reveals())
            values.append(answerer.answer())
        return values

    def many(self, *steps, n=N, **facts):
        """The same of many people, each with a picture of their own."""
        own = [made(table, place) for place, table in enumerate(steps)]
        return [self.answers(*own, number=i, stimulus=i, **facts) for i in range(n)]


def made(table, place=0):
    """A step from its table in a study file."""
    return Step.model_validate({"name": f"step{place}", **table})


STIMULUS = Stimulus(
    stimulus_id="0" * 12,
    phase=Phase.TEST,
    kind=Kind.NATURAL,
    true_index=0,
    true_label=LABELS[0],
    image=f"images/{'0' * 16}.jpg",
    source="x",
)
PREDICTION = Prediction(
    stimulus_id="0" * 12,
    classifier="tiny",
    label_index=0,
    label=LABELS[1],
    confidence=0.9,
    right=False,
    bin=Bin.EASY,
    card=Card(description="", images=()),
)


def met_step(
    step, *, stimulus=0, true=LABELS[0], said=LABELS[1], phase=Phase.TEST, meets_ai=True, spread=1
):
    """A step of a trial whose AI says a label."""
    response, name = step.response, f"{stimulus:012x}"
    if getattr(response, "options", None) == "classes":
        response = response.model_copy(update={"options": LABELS})
    about = {"stimulus_id": name, "label": said, "right": said == true}
    facts = {"stimulus_id": name, "true_label": true, "phase": phase}
    return MetStep(
        step=step,
        response=response,
        parts=step.shows,
        meets_ai=meets_ai,
        stimulus=STIMULUS.model_copy(update=facts),
        prediction=PREDICTION.model_copy(update=about),
        spread=spread,
    )


def is_planted(flags, share, *, tail=0.0005):
    """Whether so many of the flags are set as the share makes likely."""
    low, high = stats.binom.ppf([tail, 1 - tail], len(flags), share)
    return low <= sum(flags) <= high


@settings(max_examples=8, deadline=None)
@given(alone=SHARES, switching=st.tuples(SHARES, SHARES), is_right=st.booleans())
def test_people_know_and_switch_as_often_as_was_planted_32(alone, switching, is_right):
    said = LABELS[0] if is_right else LABELS[1]
    room = Room(alone=alone, switching=switching)
    both = room.many(ALONE, ADVISED, n=400, said=said)
    assert is_planted([own == LABELS[0] for own, _ in both], alone, tail=NEVER)
    moved = [last == said for own, last in both if own != said]
    assert is_planted(moved, switching[not is_right], tail=NEVER)
    assert all(last in (own, said) for own, last in both)


@settings(max_examples=8, deadline=None)
@given(predicting=st.tuples(SHARES, SHARES), is_right=st.booleans())
def test_people_foresee_the_ai_as_often_as_was_planted_32(predicting, is_right):
    said = LABELS[0] if is_right else LABELS[1]
    step = {"shows": ["photo"], "response": CLASSES, "truth": "ai_answer"}
    values = Room(predicting=predicting).many(step, n=400, said=said)
    foreseen = [value == said for [value] in values]
    assert is_planted(foreseen, predicting[not is_right], tail=NEVER)


@pytest.mark.parametrize(("share", "sds"), [(0.2, (0.6, 0.8)), (0.7, (0.8, 0.3)), (1, (2, 2))])
def test_what_is_planted_is_the_average_over_people_and_pictures_32(share, sds):
    room = Room(alone=share, person_sd=sds[0], image_sd=sds[1])
    right = [value == LABELS[0] for [value] in room.many(ALONE)]
    assert fmean(right) == pytest.approx(share, abs=0.045 if share < 1 else 0)


def test_nobody_takes_an_answer_that_was_not_told_32():
    room = Room(alone=0, switching=(1, 1))
    hidden = {**ADVISED, "reveal": {"answer": "on demand"}}
    asked = replace(room.behaviour, asking=1.0)
    for asking, takes in ((room.behaviour.asking, None), (0.0, False), (1.0, True)):
        room.model.behaviours["a"] = replace(asked, asking=asking)
        moved = [last == LABELS[0] for _, last in room.many(ALONE, hidden, n=200, said=LABELS[0])]
        assert any(moved) != all(moved) if takes is None else set(moved) == {takes}
    blind = room.many(ADVISED, n=50, said=LABELS[0], meets_ai=False)
    assert {value for [value] in blind} <= {*LABELS[1:]}


def test_a_mind_is_changed_once_in_a_trial_32():
    for own, first, second in Room(alone=0.5, switching=(0.5, 0.5)).many(ALONE, ADVISED, ADVISED):
        assert first == second
        assert first in (own, LABELS[1])


def test_who_is_shown_nothing_of_the_ai_accepts_by_sight_and_others_as_planted_32():
    decision = {"response": {"kind": "decision"}}
    before, after = {"shows": ["photo"], **decision}, {"shows": ["photo", "answer"], **decision}
    room = Room(alone=0.9, accept_wrong=0.6)
    both = room.many(before, after)
    assert is_planted([own == "accept" for own, _ in both], 0.1)
    assert is_planted([last == "accept" for _, last in both], 0.6)
    assert all(last == "accept" for own, last in both if own == "accept")


@pytest.mark.parametrize("kind", ["slider", "scale"])
def test_how_sure_people_say_they_are_is_calibrated_as_planted_32(kind):
    options = ("No", "Hardly", "Quite", "Yes")
    scale = {"kind": "scale", "text": "I am sure.", "options": options}
    rating = SURE if kind == "slider" else {"shows": ["own"], "response": scale}
    room = Room(alone=0.5, sureness=(0.9, 0.3))
    both = room.many(ALONE, rating)
    place = float if kind == "slider" else lambda value: 100 * options.index(value) / 3
    for is_right, mean in ((True, 90), (False, 30)):
        said = [place(rated) for own, rated in both if (own == LABELS[0]) == is_right]
        assert abs(fmean(said) - mean) < 4 * stdev(said) / len(said) ** 0.5


def test_numbers_have_the_planted_error_and_go_the_planted_way_to_the_ais_32():
    alone = {"shows": ["photo"], "response": NUMBER, "truth": "label"}
    advised = {"shows": ["photo", "answer"], "response": NUMBER, "truth": "label"}
    room = Room(error=0.5, weight=0.3)
    both = [
        (float(own), float(last))
        for own, last in room.many(alone, advised, true="40", said="60", spread=10)
    ]
    errors = [own - 40 for own, _ in both]
    assert abs(fmean(errors)) < 4 * 5 / N**0.5
    assert stdev(errors) == pytest.approx(5, rel=0.07)
    for own, last in both:
        assert last == pytest.approx(own + 0.3 * (60 - own), abs=0.1)


def test_numbers_stay_within_their_bounds_and_lines_hold_whole_ones_32():
    slider = {"kind": "slider", "text": "How many?", "low": 0, "high": 50}
    step = {"shows": ["photo"], "response": slider, "truth": "label"}
    values = [int(value) for [value] in Room(error=1).many(step, n=200, true="45", spread=20)]
    assert max(values) == 50
    assert min(values) >= 0


def test_practice_and_validation_are_answered_by_sight_32():
    number = {"shows": ["photo", "answer"], "response": NUMBER, "truth": "label"}
    room = Room(alone=0, switching=(1, 1), weight=1)
    both = room.many(ALONE, ADVISED, phase=Phase.VALIDATION)
    assert is_planted([last == LABELS[0] for _, last in both], 0.97)
    assert all(own == last for own, last in both)
    exact = room.many(number, phase=Phase.PRACTICE, true="40", said="60", spread=9)
    assert is_planted([value == "40" for [value] in exact], 0.97)
    failing = Room(profile="failing").many(ALONE, phase=Phase.VALIDATION)
    assert is_planted([value == LABELS[0] for [value] in failing], 0.4)


def test_every_sort_of_people_keeps_its_meaning_32():
    demand = {**ADVISED, "reveal": {"answer": "on demand"}}
    click = {"shows": ["photo"], "response": {"kind": "click"}}
    rank = {"kind": "rank", "text": "Which most?", "options": ["wings", "colours"]}
    steps = (ALONE, demand, SURE, click, {"shows": ["photo"], "response": rank})
    same = Room(profile="straight-lining", alone=1).many(*steps, n=20)
    first = (LABELS[0], LABELS[0], "0", "0.500 0.500", "wings | colours")
    assert {tuple(values) for values in same} == {first}
    anything = Room(profile="random", alone=1, switching=(1, 1)).many(ALONE, ADVISED)
    for place in (0, 1):
        assert is_planted([values[place] == LABELS[0] for values in anything], 0.25)
    knowing = Room(profile="agent", alone=0, switching=(1, 1)).many(ALONE, ADVISED)
    assert is_planted([values[1] == LABELS[0] for values in knowing], 0.9)
    foresight = {"shows": ["photo"], "response": CLASSES, "truth": "ai_answer"}
    says = Room(profile="agent", predicting=(1, 1)).many(foresight)
    assert is_planted([value == LABELS[0] for [value] in says], 0.9)
    taken = {
        name: fmean(
            last == LABELS[1] for _, last in Room(profile=name, alone=1).many(ALONE, ADVISED, n=500)
        )
        for name in ("under-reliant", "calibrated", "over-reliant")
    }
    assert all(less + 0.1 < more for less, more in pairwise(taken.values()))


def test_parts_are_asked_for_as_often_as_planted_one_after_the_other_32():
    shows = ["photo", "answer", "panels", "card"]
    reveal = {"answer": {"after_ms": 500}, "panels": "on demand", "card": "on demand"}
    table = {"shows": shows, "reveal": reveal, "response": {"kind": "decision"}}
    room = Room(asking=0.8, asking_for={Part.CARD: 0.1})
    met = met_step(made(table))
    revealed = [StepAnswerer(room.model, room.person(i), met).reveals() for i in range(N)]
    assert is_planted(["panels" in times for times in revealed], 0.8)
    assert is_planted(["card" in times for times in revealed], 0.1)
    assert {times["answer"] for times in revealed} == {500}
    for times in revealed:
        assert list(times.values()) == sorted(times.values())
        assert times.get("card", 9e9) > times.get("panels", 0)
    for name in ("random", "straight-lining", "fast-clicking"):
        careless = Room(profile=name, asking=1)
        assert StepAnswerer(careless.model, careless.person(), met).reveals() == {}


@given(st.integers())
@settings(max_examples=10, deadline=None)
def test_a_seed_decides_every_answer_32(seed):
    steps = (ALONE, SURE, ADVISED, {"shows": [], "response": NUMBER})
    runs = [
        Room(seed=seed, person_sd=0.5, image_sd=0.5).many(*steps, n=10, true="7", said=LABELS[1])
        for _ in range(2)
    ]
    assert runs[0] == runs[1]
