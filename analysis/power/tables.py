"""The answers of `analysis.power` as tables: the curves, people needed, least effects."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.power.assumptions import TITLES, Assumptions
from analysis.power.cost import cost_of
from analysis.power.forecast import (
    Curve,
    Effects,
    Question,
    QuestionName,
    World,
)
from analysis.power.simulated_studies import luck_of, with_more_stimuli
from analysis.statistics.differences import PEOPLE
from analysis.statistics.intervals import wilson
from analysis.statistics.shares import MIN_PEOPLE
from stimuli.study import Study

Row = dict[str, object]

TARGETS = (0.8, 0.9)
GRID = (10, 15, 20, 25, 30, 40, 50, 65, 80, 100, 130, 160, 200, 250, 300, 400, 500)
RANGE = (0.05, 0.95)  # of as likely assumptions, where a pilot tells them
LARGER = 1.5  # times as large is each SD in the table of sensitivity


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is computed.

    Attributes:
        study: as it was read.
        world: where simulated studies come from.
        questions: in order.
        people: of each condition, for whom the least effect is told.
        seed: of all draws.
    """

    study: Study
    world: World
    questions: tuple[Question, ...]
    people: tuple[int, ...]
    seed: int

    @property
    def focus(self) -> Question:
        """The question that further tables are about: the middle one of the differences."""
        own = [question for question in self.questions if question.name == "difference"]
        return own[len(own) // 2]


def questions_of(world: World, effects: Sequence[float]) -> tuple[Question, ...]:
    """The questions: each effect as a difference, equivalence where there is a margin, each effect
    as an interaction."""
    equivalence = (Question(name="equivalence"),) if world.design.margin else ()
    names: tuple[QuestionName, QuestionName] = ("difference", "interaction")
    difference, interaction = (
        tuple(Question(name=name, points=points) for points in sorted(effects)) for name in names
    )
    return (*difference, *equivalence, *interaction)


def curve_rows(asked: Asked, curve: Curve) -> Iterator[Row]:
    """A row for each claim and number of people: power, its interval, cost."""
    question = curve.question
    for claim in asked.world.claims(question):
        for n in sorted({*GRID, *asked.people}):
            if claim != PEOPLE and n < MIN_PEOPLE:
                continue
            cost = cost_of(asked.study, asked.world.assumed, n)
            yield {
                "question": question.name,
                "effect_points": question.points,
                "claim": claim,
                "in_sentence": claim == asked.world.claims(question)[0],
                "n_per_condition": n,
                **power_of(asked.world, curve.found(n)[claim]),
                "n_started": cost.n_started,
                "n_paid": cost.n_paid,
                "cost": cost.amount,
            }


def power_of(world: World, found: NDArray[np.bool_]) -> dict[str, float]:
    """The share of studies that find it, with its 95 % interval.

    It is Wilson's, of so many simulated studies; with a pilot the range of power over assumptions
    that are as likely (`RANGE`).
    """
    low, high = wilson(int(found.sum()), len(found))
    if len({own for own, _ in world.blocks}) > 1:
        parts = [part.mean() for part in np.array_split(found, len(world.blocks))]
        low, high = map(float, np.quantile(parts, RANGE))
    return {"power": float(found.mean()), "low": low, "high": high}


def needed_rows(asked: Asked, curve: Curve) -> Iterator[Row]:
    """A row for each claim and target: the fewest people of a condition, and their cost."""
    question = curve.question
    for claim in asked.world.claims(question):
        for target in TARGETS:
            n = curve.needed(claim, target)
            cost = None if n is None else cost_of(asked.study, asked.world.assumed, n)
            yield {
                "question": question.name,
                "effect_points": question.points,
                "claim": claim,
                "in_sentence": claim == asked.world.claims(question)[0],
                "target": target,
                "n_per_condition": n,
                "n_started": cost.n_started if cost else None,
                "cost": cost.amount if cost else None,
            }


def least_rows(asked: Asked, n_people: int) -> Iterator[Row]:
    """A row for each claim: the least difference that so many people find, and the cost."""
    cost = cost_of(asked.study, asked.world.assumed, n_people)
    effects = Effects(world=asked.world, n_people=n_people)
    for claim in asked.world.claims(Question(name="difference")):
        if claim != PEOPLE and n_people < MIN_PEOPLE:
            continue
        yield {
            "n_per_condition": n_people,
            "claim": claim,
            **{f"least_{100 * target:.0f}": effects.least(claim, target) for target in TARGETS},
            "cost": cost.amount,
        }


def sensitivity_worlds(asked: Asked) -> Iterator[tuple[str, float | None, World]]:
    """What is changed, to what, and the world then: one assumption after the other."""
    world = asked.world
    yield "as assumed", None, world
    for one in fields(Assumptions):
        if one.name.endswith("_sd"):
            blocks = [
                (replace(own, **{one.name: LARGER * getattr(own, one.name)}), luck)
                for own, luck in world.blocks
            ]
            larger = LARGER * getattr(world.assumed, one.name)
            yield TITLES[one.name], larger, replace(world, blocks=tuple(blocks))
    design = with_more_stimuli(world.design, 2)
    rng = np.random.default_rng(asked.seed)
    blocks = [(own, luck_of(design, len(luck.stimuli), rng)) for own, luck in world.blocks]
    more = World(design=design, blocks=tuple(blocks))
    yield f"{len(design.cell)} stimuli, twice as many, in as many trials", None, more


def sensitivity_row(asked: Asked, what: str, value: float | None, world: World) -> Row:
    """People needed for the question in focus, with power .8."""
    n = Curve(world=world, question=asked.focus).needed(world.claim, TARGETS[0])
    cost = None if n is None else cost_of(asked.study, asked.world.assumed, n)
    return {
        "change": what,
        "value": value,
        "n_per_condition": n,
        "cost": cost.amount if cost else None,
    }


def frame(rows: Sequence[Row]) -> pd.DataFrame:
    """Rows as a table, in which whole numbers that may be missing stay whole."""
    table = pd.DataFrame(rows)
    whole = [name for name in table if str(name).startswith("n_")]
    return table.astype(dict.fromkeys(whole, "Int64"))
