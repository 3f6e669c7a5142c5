"""What readers learn from one table of what a condition shows."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from stimuli.ceiling.areas import Area, area
from stimuli.ceiling.population import Population
from stimuli.ceiling.readers import MEAN, REPEATS, cross_validated
from stimuli.ceiling.shown import Shown, as_numbers
from stimuli.seeds import generator

FEWEST = 10  # right and wrong stimuli, as many of equal weight; with fewer a number says nothing

Row = dict[str, object]
Learnt = tuple[dict[str, np.ndarray], np.ndarray]
"""As `cross_validated` returns it."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What readers made of what a condition shows, in one population.

    Attributes:
        shows: "confidence", "panels" or "all".
        stimuli: those of the population; as `Shown.stimuli`.
        weights: (n,) of each.
        guesses: probabilities that the AI is right, (repeats, n) by reader; none where there are
            too few stimuli to learn from.
        folds: (repeats, n).
    """

    condition: str
    classifier: str
    panels: tuple[str, ...]
    shows: str
    population: str
    stimuli: pd.DataFrame
    weights: np.ndarray
    guesses: dict[str, np.ndarray]
    folds: np.ndarray

    @property
    def right(self) -> np.ndarray:
        """(n,) whether the AI is right."""
        return self.stimuli["right"].to_numpy()

    @cached_property
    def whole(self) -> Area:
        """The area of the mean reader over all stimuli."""
        return area(self.guesses[MEAN], self.folds, self.right, self.weights)

    @property
    def influence(self) -> pd.Series:
        """What each stimulus adds to the error of `whole`, by stimulus."""
        return pd.Series(self.whole.influence, index=self.stimuli.index)

    def row(self, **values: object) -> Row:
        """A row of the table of this reading, all kinds and bins together where not said."""
        facts = {"condition": self.condition, "shows": self.shows, "population": self.population}
        blank = {"kind": "all", "bin": "all", "less": "", "value": math.nan}
        return facts | blank | {"low": math.nan, "high": math.nan} | values


def read(
    shown: Shown, population: Population, shows: str, seed: int, learnt: dict[bytes, Learnt]
) -> Reading:
    """Let the readers learn from one table of a condition.

    Folds come from the seed alone, so that conditions of the same stimuli are compared in the same.

    Args:
        learnt: what was learnt before, to which this is added: of conditions that show the same.
    """
    members = population.weights > 0
    stimuli, weights = shown.stimuli[members], population.weights[members]
    right = stimuli["right"].to_numpy()
    guesses: dict[str, np.ndarray] = {}
    folds = np.empty((0, len(right)), dtype=int)
    if min(right.sum(), (~right).sum()) >= FEWEST:
        numbers = as_numbers(shown.tables[shows][members])
        key = b"".join(array.tobytes() for array in (numbers, right, weights))
        if key not in learnt:
            truths, rng = np.tile(right, (REPEATS, 1)), generator(seed, "ceiling")
            learnt[key] = cross_validated(numbers, truths, weights, strata_of(stimuli), rng)
        guesses, folds = learnt[key]
    return Reading(
        condition=shown.condition.name,
        classifier=shown.classifier,
        panels=shown.condition.panels,
        shows=shows,
        population=population.name,
        stimuli=stimuli,
        weights=weights,
        guesses=guesses,
        folds=folds,
    )


def strata_of(stimuli: pd.DataFrame) -> np.ndarray:
    """A number for each kind and bin, of which every fold has its part."""
    return np.asarray(pd.factorize(stimuli["kind"] + stimuli["bin"])[0])
