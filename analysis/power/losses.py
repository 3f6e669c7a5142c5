"""What the gate and dropout may undo: power without those who are lost, and the reported bounds.

Whom the report analyses met their condition first. For those who would be analysed in either, it
bounds the difference (`analysis.statistics.sample.selection`); here the same bounds are taken of
simulated people, of whom so many are lost by lot.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.power.assumptions import Assumptions
from analysis.power.design import Design
from analysis.power.forecast import Question
from analysis.power.latent import averaged
from analysis.power.simulated_studies import of_condition, sums_by
from analysis.statistics.intervals import wilson
from analysis.statistics.sample.selection import interval_of, selection_of
from analysis.statistics.trimming import Group, group_of

GAP = 0.05  # by how much the first condition loses more people


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The people of a condition, and how many of them left."""

    group: Group
    n_left: int


def losses_table(
    design: Design,
    assumed: Assumptions,
    question: Question,
    n_people: int,
    *,
    n_studies: int,
    seed: int,
) -> pd.DataFrame:
    """How often the bounds of the report leave out 0, with `n_people` analysed in each condition.

    Args:
        design: of the study.
        assumed: of people and stimuli.
        question: a difference.
        n_people: analysed in each condition, on average.
        n_studies: to simulate; each takes about 10 ms.
        seed: of all draws, the same in each row.

    Returns:
        A row for each of two cases: case ("as many in both", "more in the first": `GAP` more leave
        there), n_assigned (of a condition), n_analysed (of the first, on average), bounded_percent
        (studies whose interval of the bounds leaves out 0), low_percent and high_percent (95 %, of
        so many simulated studies).
    """
    more = replace(assumed, dropout=assumed.dropout + GAP)
    cases = {"as many in both conditions": assumed, f"{100 * GAP:.0f} % more leave the first": more}
    n_assigned, rows = round(n_people / assumed.kept), []
    for case, first in cases.items():
        rng, both = np.random.default_rng(seed), (first, assumed)
        told = [_leaves_out_zero(design, question, both, n_assigned, rng) for _ in range(n_studies)]
        percent = [100 * share for share in (np.mean(told), *wilson(sum(told), n_studies))]
        rows.append((case, n_assigned, round(n_assigned * first.kept), *percent))
    columns = ["case", "n_assigned", "n_analysed"]
    return pd.DataFrame(rows, columns=[*columns, "bounded_percent", "low_percent", "high_percent"])


def _leaves_out_zero(
    design: Design,
    question: Question,
    assumed: tuple[Assumptions, Assumptions],
    n_assigned: int,
    rng: np.random.Generator,
) -> bool:
    effects = (question.effect(design), (0.0, 0.0))
    a, b = (
        _people(design, of_condition(design, number, own), effect, n_assigned, rng)
        for number, (own, effect) in enumerate(zip(assumed, effects, strict=True))
    )
    selection = selection_of(a.group, b.group, a.n_left, b.n_left)
    _, _, low, high, _ = interval_of(a.group, b.group, selection, rng)
    return isinstance(low, float) and isinstance(high, float) and (low > 0 or high < 0)


def _people(
    design: Design,
    assumed: Assumptions,
    effect: tuple[float, float],
    n_assigned: int,
    rng: np.random.Generator,
) -> Kept:
    n_left = int(rng.binomial(n_assigned, assumed.dropout))
    n_kept = n_assigned - n_left - int(rng.binomial(n_assigned - n_left, assumed.below_gate))
    able = rng.normal(0, assumed.person_sd, n_kept)
    ready = rng.normal(0, assumed.acceptance_sd, n_kept)
    log_odds = assumed.log_odds((assumed.right + effect[0], assumed.wrong + effect[1]))
    trials = np.rint(sums_by(design.sort, 2, design.seen * design.measured)).astype("int64")
    brought = np.array([able + ready, able - ready])  # where the AI is right, and where it is wrong
    shares = averaged(np.array(log_odds)[:, None] + brought, assumed.stimuli_sd)
    n_right = rng.binomial(trials[:, None], shares).sum(axis=0)
    return Kept(group=group_of(100 * n_right / trials.sum(), n_assigned), n_left=n_left)
