"""Learning curves as figures."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd

from stimuli.sal.results.figures import learning_curves, write_figure


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


def test_each_data_set_has_a_panel_of_its_own() -> None:
    panels = learning_curves(lines_of(dataset=["cub", "flowers"]), "dice").axes
    assert [panel.get_title(loc="left") or panel.get_title() for panel in panels] == [
        *("cub", "flowers")
    ]


def test_five_alphas_look_different(tmp_path: Path) -> None:
    figure = learning_curves(lines_of(alpha=[0.1, 0.3, 0.5, 0.7, 0.9]), "dice")
    svg = write_figure(figure, tmp_path, "dice")[0].read_text()
    curves = re.findall(
        r"stroke: #0072b2; stroke-width: 1.4|stroke-dasharray[^\"]*#0072b2[^\"]*", svg
    )
    # Each is drawn once in the panel and once in the key.
    assert sorted(Counter(curves).values()) == [2] * 5
