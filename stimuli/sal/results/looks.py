"""What each scenario, criterion and reference is called in a figure, and how it looks in all."""

from typing import NamedTuple

import pandas as pd

from stimuli.sal.criteria.registry import CRITERIA
from stimuli.sal.results.curves import WITHOUT_EFFECT

NAMES = {
    "b1": "B1, no saliency",
    "b2": "B2, all human masks",
    "sal": "SAL",
    "single": "SAL (single)",
    "no_ai": "No AI saliency",
    "tait": "TAIT",
    "files": "Masks of files",
}

# Okabe and Ito (2008), told apart with any colour vision; a marker goes with each.
COLOURS = ("#000000", "#0072B2", "#D55E00", "#E69F00", "#56B4E9", "#CC79A7", "#009E73")
MARKERS = dict(zip(NAMES, "os^vDPX", strict=True))
DASHES = ("-", "--", ":", "-.", (0, (3, 5)))
VARIED = {"change_point": "change point {:.0%}", "alpha": "α = {:g}"}
"""Settings that a scenario may have several of in one panel, and how their values read."""

INK, RULE = "#5f6670", "#dfe2e6"
REFERENCES = {
    "u2net": ("U²-Net, which knows no class", (0, (6, 2, 1, 2))),
    "bump": ("A bump in the middle", (0, (6, 3))),
    "chance": ("Chance at equal area", (0, (1, 2))),
}
"""What the Dice of `stimuli.sal.results.references` is of, and the dash of its line."""


class Look(NamedTuple):
    """Of a line or point.

    Attributes:
        variant: its settings where its scenario has several, else empty.
    """

    scenario: str
    variant: str
    colour: str
    marker: str
    dash: str | tuple[int, tuple[int, ...]]

    @property
    def label(self) -> str:
        """For the legend: the scenario once, or once for each of its settings."""
        return ", ".join(filter(None, (NAMES[self.scenario], self.variant)))


Looks = dict[tuple[str, float, float], Look]
"""By scenario, change point and α, in the order of NAMES."""


def looks(table: pd.DataFrame) -> Looks:
    """A look for each line of a table, the same in all of its panels.

    Args:
        table: with columns `scenario`, `change_point` and `alpha`.
    """
    found: Looks = {}
    for colour, (scenario, marker) in zip(COLOURS, MARKERS.items(), strict=True):
        lines = table.loc[table["scenario"] == scenario, [*VARIED]].drop_duplicates()
        without_effect = WITHOUT_EFFECT.get(scenario, ())
        varied = [c for c in VARIED if c not in without_effect and lines[c].nunique() > 1]
        dashes: dict[str, int] = {}
        for _, line in lines.sort_values([*VARIED]).iterrows():
            variant = ", ".join(VARIED[column].format(line[column]) for column in varied)
            dash = DASHES[dashes.setdefault(variant, len(dashes)) % len(DASHES)]
            key = (scenario, line["change_point"], line["alpha"])
            found[key] = Look(scenario, variant, colour, marker, dash)
    return found


def criterion_colour(criterion: str) -> str:
    """The colour of a criterion in figure 4, by its place among all."""
    return COLOURS[1:][list(CRITERIA).index(criterion) % (len(COLOURS) - 1)]
