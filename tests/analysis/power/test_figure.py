import pandas as pd
import pytest

from analysis.power.figure import TITLES, curves
from analysis.statistics.differences import PEOPLE, STIMULI


@pytest.fixture
def table() -> pd.DataFrame:
    rows = [
        (question, points, claim, n, n / 200, n / 220, n / 180)
        for question, effects in {"difference": (2.0, 5.0), "equivalence": (0.0,)}.items()
        for points in effects
        for claim in (STIMULI, PEOPLE)
        for n in (20, 50, 100)
    ]
    columns = ["question", "effect_points", "claim", "n_per_condition", "power", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def test_there_is_a_panel_for_each_question_and_a_line_for_each_effect(table: pd.DataFrame) -> None:
    figure = curves(table, planned=30)
    panels = figure.get_axes()
    assert [axes.get_title(loc="left") for axes in panels] == [
        TITLES["difference"],
        TITLES["equivalence"],
    ]
    drawn = [[line for line in axes.get_lines() if len(line.get_xdata()) == 3] for axes in panels]
    assert [len(lines) for lines in drawn] == [4, 2]
    assert list(drawn[0][0].get_ydata()) == pytest.approx([10, 25, 50])


def test_what_holds_for_these_stimuli_alone_is_dotted(table: pd.DataFrame) -> None:
    lines = curves(table, planned=30).get_axes()[1].get_lines()
    styles = [line.get_linestyle() for line in lines if len(line.get_xdata()) == 3]
    assert styles == ["-", ":"]


def test_the_planned_people_are_marked(table: pd.DataFrame) -> None:
    lines = curves(table, planned=30).get_axes()[0].get_lines()
    assert [30, 30] in [list(line.get_xdata()) for line in lines]
