"""Figures 3, 4, 8, 10 and 13 of the SAL paper from invented curves, read back from their SVG.

Each invented curve is level, so that its value can be read off the page.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
import pytest

from stimuli.sal.criteria.registry import CRITERIA
from stimuli.sal.results.curves import areas, mean_areas, mean_curves
from stimuli.sal.results.figures import area_points, learning_curves
from stimuli.sal.results.pages import STYLE
from tests.stimuli.sal.results.svg_marks import Drawing, Mark

# Colour, marker, and the Dice that is invented.
LOOKS = {
    "b1": ("B1, no saliency", "#000000", "o", 0.50),
    "b2": ("B2, all human masks", "#0072b2", "s", 0.75),
    "sal": ("SAL", "#d55e00", "^", 0.70),
    "single": ("SAL (single)", "#e69f00", "v", 0.62),
    "no_ai": ("No AI saliency", "#56b4e9", "D", 0.56),
    "tait": ("TAIT", "#cc79a7", "P", 0.66),
    "files": ("Masks of files", "#009e73", "X", 0.53),
}
PAPER = [name for name in LOOKS if name != "files"]
REFERENCES = {
    "U²-Net, which knows no class": ("u2net", 0.8),
    "A bump in the middle": ("bump", 0.4),
    "Chance at equal area": ("chance", 0.2),
}
CHANGE = "People stop drawing masks"


def rounds_of(
    scenarios: Iterable[str] = PAPER,
    *,
    criteria: Sequence[str] = ("margin",),
    probes: Sequence[str] = ("cam",),
    change_points: Sequence[float] = (0.2,),
    alphas: Sequence[float] = (0.9,),
) -> pd.DataFrame:
    """Two seeds of each combination; accuracy tells criteria and alphas apart."""
    rows: list[dict[str, Any]] = []
    for scenario, criterion, probe, change, alpha, seed, share in product(
        *(scenarios, criteria, probes, change_points, alphas, range(2), (0.05, 0.2, 1.0))
    ):
        run = {"dataset": "cub", "backbone": "resnet50", "scenario": scenario, "probe": probe}
        run |= {"criterion": criterion, "change_point": change, "alpha": alpha, "seed": seed}
        accuracy = 0.5 + 0.05 * list(CRITERIA).index(criterion) - 0.1 * (0.9 - alpha)
        scores = {"dice": LOOKS[scenario][3], "accuracy": accuracy, "labelled_share": share}
        others = dict.fromkeys(("balanced_accuracy", "dice_true_class", "ai_mask_dice"), 0.5)
        rows.append(run | scores | others)
    return pd.DataFrame(rows)


def drawn(name: str, rounds: pd.DataFrame, folder: Path) -> Drawing:
    """Of a kind of figure, "dice", "accuracy" or "areas", its only page."""
    known = pd.DataFrame(
        {"dataset": "cub", "reference": name, "dice": dice} for name, dice in REFERENCES.values()
    )
    with matplotlib.rc_context(STYLE):
        if name == "areas":
            (figure,) = area_points(mean_areas(areas(rounds)), known)
        else:
            (figure,) = learning_curves(mean_curves(rounds), name, known)
        figure.savefig(folder / "figure.svg")
    return Drawing(folder / "figure.svg")


def entries_of(drawing: Drawing) -> dict[str, Mark]:
    """The legend, in which nothing stands twice."""
    labels = [label for label, _ in drawing.legend]
    assert len(set(labels)) == len(labels)
    return dict(drawing.legend)


def dice_of(mark: Mark, levels: dict[str, Mark]) -> float:
    """What a level line stands at, by two lines whose values are known."""
    chance, salient = (levels[name].points[0, 1] for name in ("Chance at equal area", "U²-Net"))
    (height,) = {round(y, 3) for y in mark.points[:, 1]}
    return 0.2 + 0.6 * (height - chance) / (salient - chance)


def test_figure_3_has_a_panel_for_each_criterion_with_each_scenario_at_its_dice(
    tmp_path: Path,
) -> None:
    drawing = drawn("dice", rounds_of(criteria=list(CRITERIA)), tmp_path)
    entries = entries_of(drawing)
    assert list(entries) == [*(LOOKS[name][0] for name in PAPER), CHANGE, *REFERENCES]
    assert list(drawing.panels) == [name.replace("_", " ") for name in CRITERIA]
    for marks in drawing.panels.values():
        by_look = {mark.look: mark for mark in marks}
        assert len(by_look) == len(marks) == len(entries)
        levels = {name: by_look[entries[name].look] for name in REFERENCES}
        levels["U²-Net"] = levels["U²-Net, which knows no class"]
        assert dice_of(levels["A bump in the middle"], levels) == pytest.approx(0.4, abs=1e-3)
        for label, colour, marker, dice in map(LOOKS.__getitem__, PAPER):
            assert entries[label].look == (colour, "", marker)
            assert dice_of(by_look[colour, "", marker], levels) == pytest.approx(dice, abs=1e-3)


def test_accuracy_has_the_same_looks_and_no_reference_of_dice(tmp_path: Path) -> None:
    entries = entries_of(drawn("accuracy", rounds_of(), tmp_path))
    assert list(entries) == [*(LOOKS[name][0] for name in PAPER), CHANGE]


def test_figure_4_has_a_shape_for_each_scenario_and_a_colour_for_each_criterion(
    tmp_path: Path,
) -> None:
    drawing = drawn("areas", rounds_of(criteria=list(CRITERIA)), tmp_path)
    entries = entries_of(drawing)
    shapes = {LOOKS[name][0]: LOOKS[name][2] for name in PAPER}
    criteria = [name.replace("_", " ") for name in CRITERIA]
    assert list(entries) == [*shapes, *criteria, *REFERENCES]
    assert {label: entries[label].marker for label in shapes} == shapes
    colours = {label: entries[label].colour for label in criteria}
    assert len(set(colours.values())) == 6
    ((title, marks),) = drawing.panels.items()
    assert title == "cub"
    points = {(mark.marker, mark.colour): mark.points[0] for mark in marks if mark.marker}
    assert set(points) == set(product(shapes.values(), colours.values()))
    assert sum(1 for mark in marks if mark.marker) == 36
    assert {mark.dash for mark in marks if not mark.marker} == {
        entries[name].dash for name in REFERENCES
    }
    # Further right is more accurate, further up (where y is less) closer to people.
    rights = [points["o", colours[name]][0] for name in criteria]
    assert np.diff(rights) == pytest.approx(np.diff(rights)[0])
    ups = [points[LOOKS[name][2], colours["margin"]][1] for name in PAPER]
    fit = np.polynomial.Polynomial.fit([LOOKS[name][3] for name in PAPER], ups, 1)
    assert fit.convert().coef[1] < 0
    assert ups == pytest.approx([fit(LOOKS[name][3]) for name in PAPER], abs=1e-3)


def test_figure_8_has_a_dash_for_each_change_point_of_sal_and_none_for_others(
    tmp_path: Path,
) -> None:
    change_points = (0.05, 0.1, 0.2)
    rounds = pd.concat(
        [rounds_of(("b1", "b2", "files")), rounds_of(("sal",), change_points=change_points)]
    )
    drawing = drawn("dice", rounds, tmp_path)
    entries = entries_of(drawing)
    of_sal = [f"SAL, change point {share}%" for share in (5, 10, 20)]
    others = [LOOKS[name][0] for name in ("b1", "b2", "files")]
    assert list(entries) == [*others[:2], *of_sal, others[2], CHANGE, *REFERENCES]
    assert {entries[label].look[::2] for label in of_sal} == {("#d55e00", "^")}
    assert len({entries[label].dash for label in of_sal}) == 3
    assert all(entries[label].dash == "" for label in others)
    (marks,) = drawing.panels.values()
    found = Counter(mark.look for mark in marks)
    assert {found[entries[label].look] for label in (*others, *of_sal, *REFERENCES)} == {1}
    # The curves' points lie at 5, 20 and 100 %.
    changes = [mark.points[0, 0] for mark in marks if mark.look == entries[CHANGE].look]
    five, twenty, _ = next(mark for mark in marks if mark.marker == "o").points[:, 0]
    assert changes == pytest.approx([five, five + (twenty - five) / 3, twenty])


def test_figure_10_has_a_panel_for_each_probe(tmp_path: Path) -> None:
    probes = ("gradcam", "gradcam++", "hirescam")
    drawing = drawn("dice", rounds_of(("b1", "sal", "b2"), probes=probes), tmp_path)
    entries = entries_of(drawing)
    assert list(drawing.panels) == list(probes)
    expected = Counter(entries[label].look for label in entries)
    for marks in drawing.panels.values():
        assert Counter(mark.look for mark in marks) == expected


ALPHAS = (0.1, 0.3, 0.5, 0.7, 0.9)


@pytest.mark.parametrize("score", ["dice", "accuracy"])
def test_figure_13_has_a_dash_for_each_alpha_and_nobody_stops_drawing(
    score: str, tmp_path: Path
) -> None:
    entries = entries_of(drawn(score, rounds_of(("b2",), alphas=ALPHAS), tmp_path))
    labels = [f"B2, all human masks, α = {alpha}" for alpha in ALPHAS]
    assert list(entries) == [*labels, *(REFERENCES if score == "dice" else ())]
    assert len({entries[label].dash for label in labels}) == 5
    assert {entries[label].look[::2] for label in labels} == {("#0072b2", "s")}


def test_points_of_one_scenario_are_told_apart_by_their_alphas(tmp_path: Path) -> None:
    drawing = drawn("areas", rounds_of(("b2",), alphas=ALPHAS), tmp_path)
    (texts,) = drawing.texts.values()
    assert texts == [f"α = {alpha}" for alpha in ALPHAS]
