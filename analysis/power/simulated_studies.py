"""Many studies at once, as the sums that the report's tests are made of.

What people answer enters those tests only through the share of right answers to each stimulus in
each condition, and through how much people scatter. So these are drawn, not single answers: for a
study of any number of people in a few microseconds. Normal errors stand for sums over people; that
the tests of trial tables come out alike is checked in tests/benchmarks/test_power.py.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from analysis.power.assumptions import Assumptions
from analysis.power.design import Design
from analysis.power.latent import Numbers, averaged

TINY = 1e-12  # a variance of shares that is next to none, where people do not differ
EDGE = 0.01  # shares nearer to 0 or 1 are no effect that anybody plans for
GRID = np.linspace(-6, 6, 121)  # SDs of stimuli, between which shares are interpolated


@dataclass(frozen=True, kw_only=True)
class Luck:
    """Standard normal draws; the same for every effect and number of people, so that power rises
    with both as it does for one lot of studies.

    Attributes:
        stimuli: of shape (studies, stimuli).
        leanings: of shape (studies, conditions, stimuli).
        people: where the AI is right and where it is wrong, of shape (studies, conditions, 2).
        answers: of shape (studies, conditions, stimuli).
        viewers: who of the people met a stimulus, of shape (studies, conditions, stimuli).
        scatter: how far people's variance is misjudged, of shape (studies, conditions).
    """

    stimuli: Numbers
    leanings: Numbers
    people: Numbers
    answers: Numbers
    viewers: Numbers
    scatter: Numbers


@dataclass(frozen=True, kw_only=True)
class People:
    """The people of a condition.

    Attributes:
        curves: their share of right decisions on a stimulus that brings so much (`GRID`), where
            the AI is right and where it is wrong, of shape (2, grid).
        covariance: over people, of their shares in the two, of shape (2, 2).
    """

    curves: Numbers
    covariance: Numbers


@dataclass(frozen=True, kw_only=True)
class Studies:
    """Studies of one effect, of any number of people.

    Attributes:
        design: that all have.
        luck: of each.
        shares: of right decisions of all people, of shape (studies, conditions, stimuli).
        covariance: over people, as `People` has it, of shape (conditions, 2, 2).
        answers: variance of an answer about its person and its stimulus, of the shape of `shares`.
    """

    design: Design
    luck: Luck
    shares: Numbers
    covariance: Numbers
    answers: Numbers


@dataclass(frozen=True, kw_only=True)
class Answered:
    """The same with so many people in each condition.

    Attributes:
        studies: before anybody answered.
        n_people: of each condition.
        shares: of right answers, of shape (studies, conditions, stimuli).
    """

    studies: Studies
    n_people: int
    shares: Numbers

    def scatter(self, weights: Numbers) -> Numbers:
        """The variance over people of a weighted sum of their answers, as people show it.

        A person's sum varies with the person, with single answers, and with which of the stimuli
        the person met. It is misjudged as the variance of so many normal numbers is (χ² by Wilson
        and Hilferty 1931).

        Args:
            weights: of an answer to each stimulus, of shape (stimuli,) or as `shares`.

        Returns:
            Of shape (studies, conditions).
        """
        of_sort = sums_by(self.studies.design.sort, 2, weights * self.studies.design.seen)
        people = np.einsum("...r,...rs,...s->...", of_sort, self.studies.covariance, of_sort)
        single = self.studies.answers + self._of_stimuli_met()
        variance = people + (self.studies.design.seen * weights**2 * single).sum(-1)
        small = 2 / (9 * (self.n_people - 1))
        return np.asarray(variance * (1 - small + self.studies.luck.scatter * small**0.5) ** 3)

    def _of_stimuli_met(self) -> Numbers:
        """What it adds that nobody meets all stimuli of a cell: sampling without replacement."""
        design, shares = self.studies.design, self.studies.shares
        size = np.bincount(design.cell)[design.cell]
        means = sums_by(design.cell, len(design.cells), shares)[..., design.cell] / size
        unmet = (1 - design.seen) * size / np.maximum(size - 1, 1)
        return np.asarray(unmet * (shares - means) ** 2)


def luck_of(design: Design, n_studies: int, rng: np.random.Generator) -> Luck:
    """Draw the luck of so many studies."""
    n_conditions, n_stimuli = len(design.conditions), len(design.cell)
    each = (n_studies, n_conditions, n_stimuli)
    return Luck(
        stimuli=rng.standard_normal((n_studies, n_stimuli)),
        leanings=rng.standard_normal(each),
        people=rng.standard_normal((n_studies, n_conditions, 2)),
        answers=rng.standard_normal(each),
        viewers=rng.standard_normal(each),
        scatter=rng.standard_normal((n_studies, n_conditions)),
    )


def studies_of(
    design: Design, luck: Luck, assumed: Assumptions, effect: tuple[float, float]
) -> Studies:
    """Studies in which the first condition differs from all others, which are alike.

    Args:
        design: of each.
        luck: of each.
        assumed: of people and stimuli.
        effect: what the first condition adds to the share of right decisions where the AI is right
            and where it is wrong, over all people and all stimuli; as far as `EDGE` allows.
    """
    brought = assumed.stimulus_sd * luck.stimuli[:, None] + assumed.leaning_sd * luck.leanings
    usual = (assumed.right, assumed.wrong)
    changed = np.clip(np.add(usual, effect), EDGE, 1 - EDGE)
    people, shares = [], np.empty_like(brought)
    for number in range(len(design.conditions)):
        own = people_of(
            of_condition(design, number, assumed), *map(float, usual if number else changed)
        )
        shares[:, number] = shares_of(design, assumed, own, brought[:, number])
        people.append(own)
    covariance = np.array([own.covariance for own in people])
    spread = covariance.diagonal(axis1=-2, axis2=-1)[:, design.sort]
    answers = np.maximum(shares * (1 - shares) - spread, 0)
    return Studies(design=design, luck=luck, shares=shares, covariance=covariance, answers=answers)


def of_condition(design: Design, number: int, assumed: Assumptions) -> Assumptions:
    """What is assumed of the people of a condition: none is ready to accept what is not shown."""
    is_unadvised = design.conditions[number] in design.unadvised
    return replace(assumed, acceptance_sd=0.0) if is_unadvised else assumed


@lru_cache(maxsize=4096)
def people_of(assumed: Assumptions, right: float, wrong: float) -> People:
    """The people of a condition with these shares of right decisions, AI right and AI wrong."""
    log_odds = assumed.log_odds((right, wrong))
    grid = GRID * (assumed.stimuli_sd or 1.0)
    curves = np.array([averaged(mean + grid, assumed.people_sd) for mean in log_odds])
    covariance = assumed.people_covariance(log_odds) + TINY * np.eye(2)
    return People(curves=curves, covariance=covariance)


def shares_of(design: Design, assumed: Assumptions, people: People, brought: Numbers) -> Numbers:
    """The share of right decisions of all people on stimuli that bring so much, of its shape."""
    grid = GRID * (assumed.stimuli_sd or 1.0)
    shares = np.empty_like(brought)
    for sort, curve in enumerate(people.curves):
        columns = design.sort == sort
        shares[..., columns] = np.interp(brought[..., columns], grid, curve)
    return shares


def answered(studies: Studies, n_people: int) -> Answered:
    """Let so many people of each condition answer.

    The mean of a condition has the luck of its people, and of their answers. Which of them meet a
    stimulus moves that stimulus's share, and no mean: everybody meets as many of each cell.
    """
    design, luck = studies.design, studies.luck
    root = np.linalg.cholesky(studies.covariance)
    people = np.einsum("krs,nks->nkr", root, luck.people) / n_people**0.5
    met = n_people * design.seen
    spread = studies.covariance.diagonal(axis1=-2, axis2=-1)[:, design.sort]
    viewers = np.sqrt(spread * (1 - design.seen) / met) * luck.viewers
    size = np.bincount(design.cell)[design.cell]
    viewers = viewers - sums_by(design.cell, len(design.cells), viewers)[..., design.cell] / size
    single = np.sqrt(studies.answers / met) * luck.answers
    shares = studies.shares + people[..., design.sort] + viewers + single
    return Answered(studies=studies, n_people=n_people, shares=shares)


def sums_by(codes: NDArray[np.int64], n_codes: int, values: Numbers) -> Numbers:
    """Sums of the last axis by code, of shape (..., n_codes)."""
    return np.asarray(values @ np.eye(n_codes)[codes])


def with_more_stimuli(design: Design, times: int) -> Design:
    """The same study with so many times as many stimuli of each cell."""
    cells = tuple(replace(cell, n_stimuli=times * cell.n_stimuli) for cell in design.cells)
    return replace(design, cells=cells)
