"""Ceilings of every condition of a bundle, as one table."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations as permutations_of
from itertools import product

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from stimuli.bundle import Bin, Bundle, Kind
from stimuli.ceiling.areas import LEARNING, LEVEL, area, difference
from stimuli.ceiling.permuting import permuted_areas
from stimuli.ceiling.population import SHOWN, Population, effective, populations
from stimuli.ceiling.readers import MEAN
from stimuli.ceiling.readings import FEWEST, Learnt, Reading, Row, read
from stimuli.ceiling.shown import ALL, PANELS, Shown, as_numbers, shown_by
from stimuli.progress_bars import tqdm
from stimuli.seeds import generator
from stimuli.study.online import Condition

log = logging.getLogger(__name__)

AUC, ACCURACY, DIFFERENCE, PERMUTED = "auc", "accuracy", "auc_difference", "permuted_auc"
ACCEPTS_ALL, AI_ALONE = "accepts everything", "AI alone"
COLUMNS = (
    *("condition", "shows", "reader", "population", "kind", "bin"),
    *("n", "n_effective", "measure", "less", "value", "low", "high"),
)


@dataclass(frozen=True, kw_only=True)
class Ceilings:
    """Everything that was found.

    Attributes:
        rows: COLUMNS; `value` is empty where there are too few stimuli.
        features: names of what readers got, by condition.
        covered_shares: of the pool, by condition.
        permutations: how often the truth was permuted.
    """

    rows: pd.DataFrame
    features: dict[str, list[str]]
    covered_shares: dict[str, float]
    permutations: int


def ceilings(bundle: Bundle, *, permutations: int, seed: int) -> Ceilings:
    """What readers could learn from each condition of a bundle that shows all of the AI.

    Readers cannot read: a condition with explanations in words has no ceiling.

    Args:
        permutations: how often the truth is permuted.
        seed: of folds, trees and permutations.
    """
    rows: list[Row] = []
    readings: list[Reading] = []
    learnt: dict[bytes, Learnt] = {}
    features, covered = {}, {}
    compared = with_a_ceiling(bundle)
    for condition in tqdm(compared, desc="conditions", leave=False):
        shown = shown_by(bundle, condition)
        features[condition.name] = list(shown.tables[ALL].columns)
        for population in populations(bundle, shown.classifier, shown.stimuli):
            if population.covered_share is not None:
                covered[condition.name] = population.covered_share
            here = [read(shown, population, shows, seed, learnt) for shows in shown.tables]
            rows += _references(here[-1], population)
            readings += here
        rows += _permuted(shown, permutations, seed)
    for reading in readings:
        rows += _measured(reading)
    rows += _differences(readings)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return Ceilings(
        rows=table, features=features, covered_shares=covered, permutations=permutations
    )


def with_a_ceiling(bundle: Bundle) -> list[Condition]:
    """The conditions that show all of the AI, but for those with texts, which are warned of."""
    found = []
    for condition in bundle.study.conditions:
        imported = (bundle.study.explainers.imported(panel) for panel in condition.panels)
        if any(settings and settings.shows == "text" for settings in imported):
            log.warning("%s: has no ceiling; programs cannot tell what texts say", condition.name)
        elif condition.shows_ai is True:
            found.append(condition)
    return found


def _measured(reading: Reading) -> Iterator[Row]:
    """Area and share judged rightly of each reader, of all stimuli and of each kind and bin."""
    for (kind, bin, members), reader in product(_subsets(reading), reading.guesses or [MEAN]):
        weights = np.where(members, reading.weights, 0)
        counts = {"n": int(members.sum()), "n_effective": effective(weights)}
        facts = {"reader": reader, "kind": kind, "bin": bin, **counts}
        sides = [effective(weights[reading.right == side]) for side in (True, False)]
        found: dict[str, tuple[float, float, float] | None] = {AUC: None, ACCURACY: None}
        if reading.guesses and min(sides) >= FEWEST:
            one = area(reading.guesses[reader], reading.folds, reading.right, weights)
            found[AUC] = (one.value, *one.interval)
        if reading.guesses and counts["n_effective"] >= FEWEST:
            found[ACCURACY] = judged_rightly(reading.guesses[reader], reading.right, weights)
        for measure, numbers in found.items():
            known = dict(zip(("value", "low", "high"), numbers, strict=True)) if numbers else {}
            yield reading.row(measure=measure, **facts, **known)


def _subsets(reading: Reading) -> Iterator[tuple[str, str, np.ndarray]]:
    """Kind, bin and members: all, and as shown each kind and each bin that there is."""
    stimuli = reading.stimuli
    yield "all", "all", np.ones(len(stimuli), dtype=bool)
    if reading.population != SHOWN:
        return
    for kind in Kind:
        if (members := (stimuli["kind"] == kind).to_numpy()).any():
            yield kind.value, "all", members
    for bin in Bin:
        if (members := (stimuli["bin"] == bin).to_numpy()).any():
            yield "all", bin.value, members


def judged_rightly(
    guesses: np.ndarray, right: np.ndarray, weights: np.ndarray
) -> tuple[float, float, float]:
    """Share of stimuli judged rightly by accepting from a probability of one half on.

    Wilson's interval (1927) with the number of stimuli of equal weight, over `LEARNING`.

    Args:
        guesses: (repeats, n).
        right: (n,) whether the AI is right.
        weights: (n,) 0 or more.

    Returns:
        The share, and the ends of its 95 % interval.
    """
    share = float(np.average(((guesses >= 0.5) == right).mean(0), weights=weights))
    n = effective(weights) / LEARNING
    low, high = proportion_confint(share * n, n, alpha=1 - LEVEL, method="wilson")
    return share, float(low), float(high)


def _references(reading: Reading, population: Population) -> list[Row]:
    """What is judged rightly without a look: by accepting everything, and by the AI alone."""
    shares = {ACCEPTS_ALL: population.accept_everything, AI_ALONE: population.ai_alone}
    counts = {"n": len(reading.stimuli), "n_effective": effective(reading.weights)}
    return [
        reading.row(measure=ACCURACY, reader=name, value=share, **counts) | {"shows": ""}
        for name, share in shares.items()
    ]


def _permuted(shown: Shown, permutations: int, seed: int) -> Iterator[Row]:
    """Areas where the truth is permuted, over everything and within bins and kinds."""
    stimuli = shown.stimuli
    right = stimuli["right"].to_numpy()
    if min(right.sum(), (~right).sum()) < FEWEST or not permutations:
        return
    numbers = as_numbers(shown.tables[ALL])
    for measure, within in _permuted_within(stimuli).items():
        rng = generator(seed, measure)
        mean, low, high = permuted_areas(numbers, right, within, permutations, rng)
        facts: Row = {"condition": shown.condition.name, "shows": ALL, "reader": MEAN}
        facts |= {"population": SHOWN, "kind": "all", "bin": "all", "less": "", "n": len(right)}
        found = {"n_effective": float(len(right)), "value": mean, "low": low, "high": high}
        yield facts | found | {"measure": measure}


def _permuted_within(stimuli: pd.DataFrame) -> dict[str, np.ndarray]:
    """Groups within which the truth is permuted; without kinds where there is one only."""
    groups = {name: pd.factorize(stimuli[name])[0] for name in ("bin", "kind")}
    return {
        PERMUTED: np.zeros(len(stimuli), dtype=int),
        **{f"permuted_within_{n}s_auc": group for n, group in groups.items() if group.any()},
    }


def _differences(readings: list[Reading]) -> Iterator[Row]:
    """What panels add to the same answers, and the same panels of two classifiers."""
    for (earlier, b), (later, a) in permutations_of(enumerate(readings), 2):
        if (a.shows, a.population) != (b.shows, b.population) or not (a.guesses and b.guesses):
            continue
        adds = a.shows == ALL and a.panels and not b.panels and a.classifier == b.classifier
        rivals = a.shows == PANELS and a.panels == b.panels and a.classifier != b.classifier
        sides = (a.whole.n_right, a.whole.n_wrong, b.whole.n_right, b.whole.n_wrong)
        if not (adds or (rivals and earlier < later)) or min(sides) < FEWEST:
            continue
        value = a.whole.value - b.whole.value
        low, high = difference(a.influence, b.influence, value)
        facts = {"measure": DIFFERENCE, "reader": MEAN, "less": b.condition, "n": len(a.stimuli)}
        ends = {"value": value, "low": low, "high": high}
        yield a.row(**facts, n_effective=effective(a.weights), **ends)
