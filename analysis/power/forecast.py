"""How often a study finds what is there, and how many people it takes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analysis.power.assumptions import Assumptions
from analysis.power.design import Design
from analysis.power.simulated_studies import EDGE, Luck, Studies, answered, luck_of, studies_of
from analysis.power.tested import CLAIMS, estimates, interactions, is_found
from analysis.statistics.differences import PEOPLE, STIMULI
from analysis.statistics.shares import MIN_PEOPLE, MIN_STIMULI

QuestionName = Literal["difference", "equivalence", "interaction"]
Found = dict[str, NDArray[np.bool_]]  # by claim, of shape (studies,)
N_STUDIES = 2_000  # power is then known to ± 2 points
BLOCK = 200  # studies whose arrays stay in a processor's cache
MOST_PEOPLE = 2_000  # of a condition; what takes more is out of reach
FEWEST_PEOPLE = 4
STEP_POINTS = 0.1  # to which the least effect is told
MOST_STEPS = 1_000


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a study may find.

    Attributes:
        points: the true difference, of the measure; of an interaction, by how many points it is
            larger where the AI is right than where it is wrong. 0 for equivalence.
    """

    name: QuestionName
    points: float = 0.0

    def effect(self, design: Design) -> tuple[float, float]:
        """What the first condition adds to the shares of right decisions, AI right and wrong."""
        share = self.points / 100
        if self.name == "interaction":
            return share / 2, -share / 2
        signed = -share if design.alternative == "less" else share
        match design.measure:
            case "over_reliance":
                return 0.0, -signed
            case "under_reliance":
                return -signed, 0.0
        return signed, signed


@dataclass(frozen=True, kw_only=True)
class World:
    """Where studies come from.

    Attributes:
        design: of the study.
        blocks: of simulated studies, each with what is assumed of its people and stimuli. All have
            the same assumptions, or each has its own, as likely as the others, where a pilot tells.
    """

    design: Design
    blocks: tuple[tuple[Assumptions, Luck], ...]

    @property
    def assumed(self) -> Assumptions:
        """What is assumed of the first block: what was given, or a pilot's best estimates."""
        return self.blocks[0][0]

    @property
    def n_studies(self) -> int:
        """How many studies are simulated."""
        return sum(len(luck.stimuli) for _, luck in self.blocks)

    @cached_property
    def claim(self) -> str:
        """What the sentence of the report holds for, with 20 people in a condition or more."""
        return STIMULI if self.design.measured.sum() >= MIN_STIMULI else PEOPLE

    def claims(self, question: Question) -> tuple[str, ...]:
        """What the report may say of a question, the widest first."""
        if question.name == "interaction":
            return (STIMULI,) if self.design.natural.sum() >= MIN_STIMULI else ()
        return CLAIMS[CLAIMS.index(self.claim) :]

    def is_possible(self, question: Question) -> bool:
        """Whether shares stay between 0 and 1 with the effect, as far as is known."""
        right, wrong = question.effect(self.design)
        shares = (self.assumed.right + right, self.assumed.wrong + wrong)
        return EDGE <= min(shares) and max(shares) <= 1 - EDGE


def world_of(
    design: Design, assumed: Sequence[Assumptions], *, seed: int, n_studies: int = N_STUDIES
) -> World:
    """A world with so many studies under each of the assumptions.

    Those of one assumption alone are in blocks that caches hold.
    """
    rng = np.random.default_rng(seed)
    whole, rest = divmod(n_studies, BLOCK)
    sizes = [n_studies] if len(assumed) > 1 else [BLOCK] * whole + [rest] * (rest > 0)
    blocks = [(own, luck_of(design, size, rng)) for own in assumed for size in sizes]
    return World(design=design, blocks=tuple(blocks))


def found(studies: Studies, question: Question, n_people: int) -> Found:
    """Whether each study finds it, with so many people in each condition, by claim."""
    design, with_answers = studies.design, answered(studies, n_people)
    if question.name == "interaction":
        compared = interactions(with_answers)
        return {claim: is_found(own.p("two-sided")) for claim, own in compared.items()}
    compared = estimates(with_answers)
    if question.name == "equivalence":
        margin = design.margin or 0.0
        return {claim: is_found(own.p_within(margin)) for claim, own in compared.items()}
    return {claim: is_found(own.p(design.alternative)) for claim, own in compared.items()}


@dataclass(frozen=True, kw_only=True)
class Curve:
    """Power of a question by the number of people, each number simulated once."""

    world: World
    question: Question
    known: dict[int, Found] = field(default_factory=dict)

    @cached_property
    def studies(self) -> list[Studies]:
        """Those of every block, before anybody answered."""
        effect = self.question.effect(self.world.design)
        return [studies_of(self.world.design, luck, own, effect) for own, luck in self.world.blocks]

    def found(self, n_people: int) -> Found:
        """As `found`, of all studies."""
        if n_people not in self.known:
            blocks = [found(own, self.question, n_people) for own in self.studies]
            joined = {claim: np.concatenate([b[claim] for b in blocks]) for claim in blocks[0]}
            self.known[n_people] = joined
        return self.known[n_people]

    def power(self, claim: str, n_people: int) -> float:
        """Share of the studies that find it; 0 where the report cannot make the claim."""
        of_claim = self.found(n_people).get(claim)
        return 0.0 if of_claim is None else float(of_claim.mean())

    def needed(self, claim: str, target: float) -> int | None:
        """The fewest people of a condition with that power; None where `MOST_PEOPLE` have less."""
        low = MIN_PEOPLE - 1 if claim == STIMULI else FEWEST_PEOPLE - 1
        return first_whole(lambda n: self.power(claim, n) >= target, low, MOST_PEOPLE)


@dataclass(frozen=True, kw_only=True)
class Effects:
    """Power of differences by their size, for so many people, each size simulated once."""

    world: World
    n_people: int
    known: dict[int, Found] = field(default_factory=dict)

    def power(self, claim: str, steps: int) -> float | None:
        """As `Curve.power`, of `steps` · `STEP_POINTS` points; None where shares leave 0 to 1."""
        question = Question(name="difference", points=steps * STEP_POINTS)
        if not self.world.is_possible(question):
            return None
        if steps not in self.known:
            self.known[steps] = Curve(world=self.world, question=question).found(self.n_people)
        of_claim = self.known[steps].get(claim)
        return 0.0 if of_claim is None else float(of_claim.mean())

    def least(self, claim: str, target: float) -> float | None:
        """The least difference in points that is found with that power; None where none is."""

        def is_enough(steps: int) -> bool:
            power = self.power(claim, steps)
            return power is None or power >= target

        steps = first_whole(is_enough, 0, MOST_STEPS)
        if steps is None or self.power(claim, steps) is None:
            return None
        return steps * STEP_POINTS


def first_whole(is_enough: Callable[[int], bool], low: int, most: int) -> int | None:
    """The first number above `low` that is enough, if more is enough too; None if `most` is not.

    Doubles its way up, and halves the rest.
    """
    high = low + 1
    while not is_enough(high):
        if high == most:
            return None
        low, high = high, min(most, 2 * high)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high
