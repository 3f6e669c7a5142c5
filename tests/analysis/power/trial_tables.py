"""Power a second way: trial tables, dealt as the app deals them, through the report itself."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.special import expit

from analysis.export.facts import Analysis
from analysis.power.assumptions import Assumptions
from analysis.power.design import Cell, Design, evenly
from analysis.power.forecast import Question
from analysis.statistics import regression
from analysis.statistics.differences import PEOPLE, STIMULI
from analysis.statistics.measures import compared
from study_app.randomisation import Group, trial_list

SIX_BINS = tuple(("natural", right, name) for right in (True, False) for name in "emh")
ADVERSARIAL = tuple(("adversarial", False, name) for name in "emh")


def design_of(
    sizes: Mapping[tuple[str, bool, str], int], groups: Sequence[int], **facts: object
) -> Design:
    """A design of two conditions, unless `facts` say otherwise.

    Args:
        sizes: stimuli of each cell.
        groups: test trials of all stimuli, or of right, wrong and adversarial ones.
    """
    cells = [Cell(kind=k, ai_right=r, bin=b, n_stimuli=n) for (k, r, b), n in sizes.items()]
    dealt = []
    for own, trials in zip(_grouped(cells, len(groups)), groups, strict=True):
        for cell, n in zip(own, evenly(trials, [c.n_stimuli for c in own]), strict=True):
            dealt.append(Cell(**{**vars(cell), "trials": n}))
    standard = {"conditions": ("a", "b"), "pairs": (("a", "b"),), "n_conditions": 2}
    settings = {"measure": "accuracy", "alternative": "two-sided", "margin": None}
    return Design(**{**standard, **settings, "cells": tuple(dealt), **facts})


def _grouped(cells: Sequence[Cell], n_groups: int) -> list[list[Cell]]:
    if n_groups == 1:
        return [list(cells)]
    return [[c for c in cells if c.group == g] for g in ("right", "wrong", "adversarial")]


@dataclass(frozen=True, kw_only=True)
class Corner:
    """A study of which the power is found in two ways.

    Attributes:
        groups: as `design_of` took them.
        n_people: of each condition.
    """

    design: Design
    groups: tuple[int, ...]
    question: Question
    n_people: int
    assumed: Assumptions = field(default_factory=Assumptions)


def _corner(
    question: Question, n_people: int, *, cells=SIX_BINS, per_cell=8, groups=(30,), **facts: object
) -> Corner:
    assumed = facts.pop("assumed", Assumptions())
    design = design_of(dict.fromkeys(cells, per_cell), groups, **facts)
    return Corner(
        design=design, groups=groups, question=question, n_people=n_people, assumed=assumed
    )


FOUR = ("a", "b", "c", "d")
CORNERS = {
    "people differ, stimuli do not": _corner(
        Question(name="difference", points=10.0),
        25,
        assumed=Assumptions(person_sd=1.0, acceptance_sd=0.0, stimulus_sd=0.0, leaning_sd=0.0),
    ),
    "conditions suit single stimuli": _corner(
        Question(name="difference", points=6.0),
        80,
        assumed=Assumptions(person_sd=0.3, acceptance_sd=0.3, stimulus_sd=1.0, leaning_sd=0.5),
    ),
    "four conditions, all pairs": _corner(
        Question(name="difference", points=10.0),
        30,
        conditions=FOUR,
        n_conditions=4,
        pairs=tuple((x, y) for i, x in enumerate(FOUR) for y in FOUR[i + 1 :]),
    ),
    "equivalence": _corner(
        Question(name="equivalence"), 80, margin=6.0, assumed=Assumptions(leaning_sd=0.2)
    ),
    "interaction": _corner(Question(name="interaction", points=16.0), 60),
    "over-reliance, fewer, in groups": _corner(
        Question(name="difference", points=10.0),
        50,
        cells=(*SIX_BINS, *ADVERSARIAL),
        per_cell=12,
        groups=(10, 10, 10),
        measure="over_reliance",
        alternative="less",
        assumed=Assumptions(right=0.85, wrong=0.6),
    ),
}


def reported(corner: Corner, n_studies: int, seed: int) -> pd.DataFrame:
    """What the report finds in so many studies: a column for each claim, a row for each study."""
    rng = np.random.default_rng(seed)
    places = _dealt_by_condition(corner)
    return pd.DataFrame([_found(corner, _trials(corner, places, rng)) for _ in range(n_studies)])


def trials_of(corner: Corner, rng: np.random.Generator) -> pd.DataFrame:
    """The trials of one study."""
    return _trials(corner, _dealt_by_condition(corner), rng)


def _dealt_by_condition(corner: Corner) -> dict[str, np.ndarray]:
    return {name: _dealt(corner, seed) for seed, name in enumerate(corner.design.conditions)}


def _dealt(corner: Corner, seed: int) -> np.ndarray:
    """The stimuli of each person of a condition, (people, trials), by the app's own dealing."""
    design, rng = corner.design, random.Random(seed)
    ids = [tuple(map(str, np.flatnonzero(design.cell == k))) for k in range(len(design.cells))]
    number = {id(cell): k for k, cell in enumerate(design.cells)}
    groups = [
        Group(trials=n, cells=tuple(ids[number[id(cell)]] for cell in own))
        for own, n in zip(_grouped(design.cells, len(corner.groups)), corner.groups, strict=True)
    ]
    views: dict[str, int] = {}
    people = []
    for _ in range(corner.n_people):
        shown = trial_list(groups, views=views, rng=rng)
        views |= {s: views.get(s, 0) + 1 for s in shown}
        people.append([int(s) for s in shown])
    return np.array(people)


def _trials(
    corner: Corner, places: Mapping[str, np.ndarray], rng: np.random.Generator
) -> pd.DataFrame:
    design, own = corner.design, corner.assumed
    wrong = design.sort == 1
    stimuli = rng.normal(0, own.stimulus_sd, len(wrong))
    parts = []
    for i, (name, shown) in enumerate(places.items()):
        effect = corner.question.effect(design) if i == 0 else (0.0, 0.0)
        means = np.array(own.log_odds((own.right + effect[0], own.wrong + effect[1])))
        brought = means[design.sort] + stimuli + rng.normal(0, own.leaning_sd, len(wrong))
        able, ready = rng.normal(0, [[own.person_sd], [own.acceptance_sd]], (2, len(shown)))
        person = able[:, None] + ready[:, None] * np.where(wrong[shown], -1, 1)
        right = rng.random(shown.shape) < expit(brought[shown] + person)
        parts.append(_table(design, name, shown, right))
    return pd.concat(parts, ignore_index=True)


def _table(design: Design, name: str, shown: np.ndarray, right: np.ndarray) -> pd.DataFrame:
    stimulus, ai_right = shown.ravel(), design.sort[shown.ravel()] == 0
    return pd.DataFrame(
        {
            "condition": name,
            "participant_id": [
                f"{name}{i}" for i in np.repeat(np.arange(len(shown)), shown.shape[1])
            ],
            "stimulus_id": stimulus,
            "kind": np.where(design.natural[stimulus], "natural", "adversarial"),
            "team_right": right.ravel(),
            "ai_right": ai_right,
            "decision": np.where(right.ravel() == ai_right, "accept", "reject"),
        }
    )


def _found(corner: Corner, trials: pd.DataFrame) -> dict[str, bool]:
    design, question = corner.design, corner.question
    if question.name == "interaction":
        row = regression.interactions(trials, design.pairs).iloc[0]
        return {STIMULI: bool(row["p_holm"] < 0.05)}
    facts = {"equivalence_points": design.margin, "equivalence_because": "so"}
    settings = Analysis(
        measure=design.measure,
        alternative=design.alternative,
        **(facts if design.margin else {}),
    )
    row = compared.primary(trials, design.pairs, settings).iloc[0]
    if question.name == "equivalence":
        return {STIMULI: bool(row["p_equivalent_holm"] < 0.05)}
    found = {STIMULI: bool(row["p_holm"] < 0.05)}
    return found | ({PEOPLE: bool(row["people_p"] < 0.05)} if len(design.pairs) == 1 else {})
