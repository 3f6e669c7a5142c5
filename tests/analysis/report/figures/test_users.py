import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analysis.export.read import read_export
from analysis.export.study_file import BinsTable
from analysis.report.drawing import as_svg, look_of
from analysis.report.figures.confidence import by_confidence
from analysis.report.figures.users import SPREAD, per_user, tie_offsets
from analysis.statistics.analysed import analysed
from analysis.statistics.measures.accuracy import per_condition
from analysis.statistics.measures.confidence import per_classifier
from tests.analysis.exports import write_export
from tests.analysis.people import someone


@given(st.lists(st.integers(0, 30), max_size=60))
def test_tied_dots_are_spread_evenly_and_never_hide_each_other(values):
    numbers = np.array(values, dtype="float64")
    offsets = tie_offsets(numbers)
    dots = set(zip(numbers, offsets.round(9), strict=True))
    assert len(dots) == len(values)
    assert np.all(np.abs(offsets) <= SPREAD / 2 + 1e-9)
    for value in set(values):
        assert abs(offsets[numbers == value].mean()) < 1e-9


def test_a_condition_looks_the_same_in_every_figure_and_unlike_any_other():
    names = [f"c{i}" for i in range(18)]
    looks = look_of(names)
    assert looks["c1"] == look_of(names[:2])["c1"]
    assert len(set(looks.values())) == len(names)


def test_figures_hold_text_that_can_be_searched_and_nothing_that_changes(tmp_path):
    people = [someone("confidence", 4), someone("gradcam", 5)] * 2
    users = analysed(read_export(write_export(tmp_path / "e", people))).users
    summary = per_condition(users, ["confidence", "gradcam"])
    once, again = (as_svg(per_user(users, summary), "users") for _ in range(2))
    assert once == again
    assert ">gradcam</text>" in once
    assert "<metadata>" not in once
    assert 'id="users-' in once


def test_confidence_has_a_panel_for_each_classifier_also_for_one_without_answers():
    names = ["b1", "b2", "tait", "sal"]
    answers = {"split": "test", "confidence": [0.2, 0.9], "ai_right": [False, True]}
    pool = pd.concat([pd.DataFrame({"classifier": name, **answers}) for name in names[:3]])
    trials = pool.head(0).assign(kind="", stimulus_id="")
    table = per_classifier(pool, trials, names, BinsTable())
    panels = by_confidence(table, BinsTable()).axes
    titles = [panel.get_title("left") for panel in panels]
    assert titles == ["b1, 2 images", "b2, 2 images", "tait, 2 images", "sal, 0 images"]
    bars = [[bar.get_height() for bar in panel.containers[0]] for panel in panels]  # AI right
    assert bars[0] == [0] * 9 + [50]
    assert bars[3] == [0] * 10
