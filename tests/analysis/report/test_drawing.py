from analysis.export.read import read_export
from analysis.report.drawing import as_svg, look_of
from analysis.report.figures.users import per_user
from analysis.statistics.analysed import analysed
from analysis.statistics.measures.accuracy import per_condition
from tests.analysis.exports import write_export
from tests.analysis.participants import someone


def test_a_condition_looks_the_same_in_every_figure_and_unlike_any_other():
    names = [f"c{i}" for i in range(18)]
    looks = look_of(names)
    assert looks["c1"] == look_of(names[:2])["c1"]
    assert len(set(looks.values())) == len(names)


def test_figures_hold_text_that_can_be_searched_and_nothing_that_changes(tmp_path):
    participants = [someone("confidence", 4), someone("gradcam", 5)] * 2
    users = analysed(read_export(write_export(tmp_path / "e", participants))).users
    summary = per_condition(users, ["confidence", "gradcam"])
    once, again = (as_svg(per_user(users, summary), "users") for _ in range(2))
    assert once == again
    assert ">gradcam</text>" in once
    assert "<metadata>" not in once
    assert 'id="users-' in once
