"""Learning curves as figures: what panels are called, and what earlier calls left."""

from typing import Any

import pandas as pd
import pytest
from matplotlib.figure import Figure

from stimuli.sal.results.figures import learning_curves

NONE = pd.DataFrame({"dataset": [], "reference": [], "dice": []})


def lines_of(**facts: list[Any]) -> pd.DataFrame:
    """A mean curve of two points for each value of a column."""
    ((column, values),) = facts.items()
    run = {
        "dataset": "cub",
        "backbone": "tiny",
        "scenario": "b2",
        "criterion": "margin",
        "probe": "cam",
        "change_point": 0.2,
        "alpha": 0.9,
        "score": "dice",
        "std": 0.01,
    }
    return pd.DataFrame(
        run | {column: value, "labelled_share": share, "mean": 0.5, "n": 2}
        for value in values
        for share in (0.2, 1.0)
    )


def titles(figure: Figure) -> list[str]:
    return [panel.get_title(loc="left") or panel.get_title() for panel in figure.axes]


def test_each_data_set_has_a_panel_of_its_own() -> None:
    (figure,) = learning_curves(lines_of(dataset=["flowers", "cub"]), "dice", NONE)
    assert titles(figure) == ["flowers", "cub"]


def test_a_panel_alone_is_called_by_data_set_and_criterion() -> None:
    (figure,) = learning_curves(lines_of(seed=[0]), "dice", NONE)
    assert titles(figure) == ["cub, margin"]


def test_panels_are_called_by_all_that_differs() -> None:
    """Figure 3 of the SAL paper: data sets, and one of them with Swin-T."""
    swin = lines_of(dataset=["flowers"]).assign(backbone="swin_t")
    both = pd.concat([lines_of(dataset=["cub", "flowers"]), swin])
    (figure,) = learning_curves(both, "dice", NONE)
    assert titles(figure) == ["cub, tiny", "flowers, tiny", "flowers, swin t"]


@pytest.mark.parametrize(("n_panels", "n_pages", "on_last"), [(6, 1, 6), (13, 3, 1)])
def test_a_page_has_two_rows_of_three_panels_at_most(
    n_panels: int, n_pages: int, on_last: int
) -> None:
    names = [f"data{k}" for k in range(n_panels)]
    figures = learning_curves(lines_of(dataset=names), "dice", NONE)
    shown = [[title for title in titles(figure) if title] for figure in figures]
    assert (len(shown), len(shown[-1])) == (n_pages, on_last)
    assert [title for page in shown for title in page] == names
