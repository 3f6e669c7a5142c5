"""What a study shows to whom, as far as power hangs on it: cells of stimuli, pairs, margin, pay."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from analysis.export.facts import SHARES, Alternative, Measure
from analysis.power.latent import Numbers
from analysis.problems import ExportError
from analysis.statistics.sample.kinds import POOLED
from stimuli.study import Condition, Study

BINS = ("easy", "medium", "hard")
OF_RELIANCE = frozenset({"over_reliance", "under_reliance", "d_prime", "criterion"})
NATURAL, ADVERSARIAL, FLIPPED = "natural", "adversarial", "flipped"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Stimuli of one sort.

    Attributes:
        kind: "natural", "adversarial" or "flipped".
        ai_right: whether the AI is right of them.
        bin: "easy", "medium" or "hard"; empty outside of them.
        n_stimuli: that can be shown.
        trials: of each person, on average; not more than `n_stimuli`.
        weight: how often the cell occurs among natural ones in practice, 0 to 1; NaN where nobody
            knows, or of other kinds.
    """

    kind: str
    ai_right: bool
    bin: str
    n_stimuli: int
    trials: float = 0.0
    weight: float = math.nan

    @property
    def group(self) -> str:
        """As `[assignment]` calls it."""
        if self.kind != NATURAL:
            return self.kind
        return "right" if self.ai_right else "wrong"


@dataclass(frozen=True, kw_only=True)
class Design:
    """A study as its primary test sees it.

    Attributes:
        conditions: those of the family, the first of the first pair first.
        pairs: the family of the test.
        n_conditions: of the whole study, which all take people.
        margin: of equivalence, in points; None without one.
        cells: of stimuli that are pooled, with one at least and trials.
        unadvised: those of `conditions` whose people answer for themselves: they do not meet the
            AI, nor accept or reject a name, so that nothing of them follows the AI.
    """

    conditions: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    n_conditions: int
    measure: Measure
    alternative: Alternative
    margin: float | None
    cells: tuple[Cell, ...]
    unadvised: frozenset[str] = frozenset()

    @cached_property
    def cell(self) -> NDArray[np.int64]:
        """The cell of each stimulus, of shape (stimuli,)."""
        return np.repeat(np.arange(len(self.cells)), [cell.n_stimuli for cell in self.cells])

    @cached_property
    def seen(self) -> Numbers:
        """The share of people who judge each stimulus, of shape (stimuli,)."""
        return np.array([cell.trials / cell.n_stimuli for cell in self.cells])[self.cell]

    @cached_property
    def sort(self) -> NDArray[np.int64]:
        """0 where the AI is right of a stimulus and 1 where it is wrong, of shape (stimuli,)."""
        return np.array([int(not cell.ai_right) for cell in self.cells])[self.cell]

    @cached_property
    def natural(self) -> NDArray[np.bool_]:
        """Which stimuli are natural, of shape (stimuli,)."""
        return np.array([cell.kind == NATURAL for cell in self.cells])[self.cell]

    @cached_property
    def measured(self) -> NDArray[np.bool_]:
        """On which stimuli the measure is taken, of shape (stimuli,)."""
        if self.measure == "accuracy":
            return np.ones(len(self.cell), dtype=bool)
        wrong = self.sort == 1
        return np.asarray(self.natural & (wrong if self.measure == "over_reliance" else ~wrong))

    @property
    def trials(self) -> float:
        """Pooled test trials of each person."""
        return sum(cell.trials for cell in self.cells)

    @cached_property
    def of_pairs(self) -> NDArray[np.int64]:
        """The two conditions of each pair, as numbers, of shape (2, pairs)."""
        return np.array([[self.conditions.index(name) for name in pair] for pair in self.pairs]).T


def design_of(study: Study, cells: Sequence[Cell]) -> Design:
    """The design of a study that has these cells of stimuli.

    Args:
        study: as it was read.
        cells: of all kinds, each with its number of stimuli.

    Raises:
        ExportError: with everything that stands in the way of computing power.
    """
    settings = study.analysis
    shown = [cell for cell in with_trials(study, cells) if cell.trials > 0 and cell.kind in POOLED]
    tested = settings.pairs or comparable_pairs(study)
    pairs = told_of(settings.measure, tested, without_ai(study))
    if problems := list(_problems(study, shown, pairs)):
        raise ExportError(study.study.name, problems)
    names = dict.fromkeys(name for pair in pairs for name in pair)
    return Design(
        conditions=tuple(names),
        pairs=tuple(pairs),
        n_conditions=len(study.conditions),
        measure=settings.measure,
        alternative=settings.alternative,
        margin=settings.equivalence_points,
        cells=tuple(shown),
        unadvised=frozenset(
            c.name for c in study.conditions if not c.shows_ai and asks_of(study, c) != "decision"
        ),
    )


def _problems(
    study: Study, shown: Sequence[Cell], pairs: Sequence[tuple[str, str]]
) -> Iterator[str]:
    """What stands in the way: measures that cannot be taken, no pair, stimuli of one sort."""
    settings, without = study.analysis, ", ".join(without_ai(study))
    asked = {asks_of(study, c) for c in study.conditions if c.shows_ai}
    for measure in (settings.measure, *settings.secondary):
        if measure in OF_RELIANCE and asked and "decision" not in asked:
            yield (
                f"analysis: {measure} looks at what people accept, and none is asked for a "
                "decision; take accuracy"
            )
    if settings.measure not in SHARES:
        yield (
            f"analysis.measure: {settings.measure!r} is no share of decisions, and effects are "
            f"given in points of one; take one of {', '.join(SHARES)}"
        )
    if not pairs and settings.measure in OF_RELIANCE and without:
        yield (
            f"analysis.measure: {settings.measure!r} says nothing of {without}, where no AI is "
            "shown, and no other pair is left; take accuracy, or add a condition"
        )
    elif not pairs:
        yield "conditions: there is no pair to compare; add a condition"
    if not any(cell.ai_right for cell in shown) or all(cell.ai_right for cell in shown):
        yield "the AI is right of all stimuli, or wrong of all; show both"


def without_ai(study: Study) -> tuple[str, ...]:
    """The conditions whose people do not meet the AI."""
    return tuple(c.name for c in study.conditions if not c.shows_ai)


def asks_of(study: Study, condition: Condition) -> str:
    """The kind of response that decides whether a trial of the condition was answered rightly."""
    outcome = study.outcome_of(condition)
    return outcome.response.kind if outcome else "decision"


def told_of(
    measure: Measure, pairs: Sequence[tuple[str, str]], without: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """The pairs that a measure tells of: one of reliance, only where both are shown an AI."""
    silent = {*without} if measure in OF_RELIANCE else set()
    return tuple(pair for pair in pairs if not silent.intersection(pair))


def comparable_pairs(study: Study) -> tuple[tuple[str, str], ...]:
    """All pairs of conditions that the report tests: of one AI, or all where AIs match."""
    judged = {condition.name: study.classifier_of(condition) for condition in study.conditions}
    return tuple(
        (a, b)
        for a, b in combinations(judged, 2)
        if study.bins.pairing == "matched" or judged[a] == judged[b]
    )


def planned_cells(study: Study) -> tuple[Cell, ...]:
    """The cells that the study file asks for, all of them full; a bundle may hold fewer."""
    size = study.bins.per_bin
    cells = [
        Cell(kind=NATURAL, ai_right=ai_right, bin=name, n_stimuli=size)
        for ai_right, name in product((True, False), BINS)
    ]
    if attack := study.adversarial:
        kinds = [(ADVERSARIAL, False), *([(FLIPPED, True)] if attack.control else [])]
        cells += [
            Cell(kind=kind, ai_right=ai_right, bin=name, n_stimuli=attack.per_bin)
            for (kind, ai_right), name in product(kinds, BINS)
        ]
    return tuple(cells)


def with_trials(study: Study, cells: Sequence[Cell]) -> list[Cell]:
    """The cells with the trials that each gives to a person, as the app deals them."""
    groups: Mapping[str, int] = study.assignment.groups or {"": study.test_trials}
    dealt = []
    for name, trials in groups.items():
        own = [cell for cell in cells if not name or cell.group == name]
        for cell, n in zip(own, evenly(trials, [c.n_stimuli for c in own]), strict=True):
            dealt.append(replace(cell, trials=n))
    return dealt


def evenly(trials: int, sizes: Sequence[int]) -> list[float]:
    """Trials spread over cells as evenly as their sizes allow; all they have where that is less.

    What does not divide goes to one cell for one person and to another for the next, so that
    averages over people need not be whole.
    """
    left, shares = float(trials), [0.0] * len(sizes)
    for place, index in enumerate(sorted(range(len(sizes)), key=lambda i: sizes[i])):
        shares[index] = min(float(sizes[index]), left / (len(sizes) - place))
        left -= shares[index]
    return shares
