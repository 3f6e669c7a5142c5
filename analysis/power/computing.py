"""Everything that `analysis.power` computes, with a bar for the time it takes."""

from dataclasses import dataclass

import pandas as pd
from tqdm import tqdm

from analysis.power.forecast import Curve
from analysis.power.losses import losses_table
from analysis.power.tables import (
    TARGETS,
    Asked,
    Row,
    curve_rows,
    frame,
    least_rows,
    needed_rows,
    sensitivity_row,
    sensitivity_worlds,
)

STUDIES_OF_BOUNDS = 10  # simulated studies for each whose bounds are resampled, which take long


@dataclass(frozen=True, kw_only=True)
class Result:
    """All that was computed, as tables.

    Attributes:
        rows: as `tables.curve_rows` yields them.
        needed: as `tables.needed_rows` does.
        least: as `tables.least_rows` does.
        losses: as `losses_of` returns it.
        sensitivity: as `tables.sensitivity_row` makes them.
        n_bounded: studies whose bounds were computed.
    """

    rows: pd.DataFrame
    needed: pd.DataFrame
    least: pd.DataFrame
    losses: pd.DataFrame
    sensitivity: pd.DataFrame
    n_bounded: int


def computed(asked: Asked) -> Result:
    """All tables of the page."""
    rows: list[Row] = []
    needed: list[Row] = []
    least: list[Row] = []
    sensitivity: list[Row] = []
    changes = list(sensitivity_worlds(asked))
    total = len(asked.questions) + len(asked.people) + len(changes) + 1
    with tqdm(total=total, desc="power", unit="part", leave=False) as bar:
        for question in asked.questions:
            curve = Curve(world=asked.world, question=question)
            rows += curve_rows(asked, curve)
            needed += needed_rows(asked, curve)
            bar.update()
        for n in asked.people:
            least += least_rows(asked, n)
            bar.update()
        for change in changes:
            sensitivity.append(sensitivity_row(asked, *change))
            bar.update()
        n_bounded = asked.world.n_studies // STUDIES_OF_BOUNDS
        losses = losses_of(asked, frame(needed), n_bounded)
        bar.update()
    return Result(
        rows=frame(rows),
        needed=frame(needed),
        least=frame(least),
        losses=losses,
        sensitivity=frame(sensitivity),
        n_bounded=n_bounded,
    )


def losses_of(asked: Asked, needed: pd.DataFrame, n_studies: int) -> pd.DataFrame:
    """`losses.losses_table` for the question in focus, with as many people as it takes.

    Where no number is enough, with as many as are planned. `filled_percent` is the power of the
    test, and `unfilled_percent` what it is if nobody takes the places of those who are lost.
    """
    question, world = asked.focus, asked.world
    is_asked = (needed["question"] == question.name) & (needed["target"] == TARGETS[0])
    own = needed[is_asked & needed["in_sentence"] & (needed["effect_points"] == question.points)]
    enough = own["n_per_condition"].iloc[0]
    n = asked.people[0] if pd.isna(enough) else int(enough)
    table = losses_table(
        world.design, world.assumed, question, n, n_studies=n_studies, seed=asked.seed
    )
    curve, claim = Curve(world=world, question=question), world.claim
    filled, unfilled = (curve.power(claim, people) for people in (n, round(n * world.assumed.kept)))
    return table.assign(filled_percent=100 * filled, unfilled_percent=100 * unfilled)
