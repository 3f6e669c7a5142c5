import pandas as pd

from analysis.report.figures.studies import beside_each_other
from analysis.statistics.measures.accuracy import per_condition

SCORES = {
    "imagenet": {"confidence": [60, 80], "gradcam": [70, 30]},
    "dogs": {"gradcam": [50], "neighbours": [90, 85]},
}


def drawn():
    users = {
        study: pd.DataFrame(
            [(c, float(a)) for c, accuracies in own.items() for a in accuracies],
            columns=["condition", "accuracy_percent"],
        )
        for study, own in SCORES.items()
    }
    summaries = {study: per_condition(users[study], list(own)) for study, own in SCORES.items()}
    return beside_each_other(users, summaries, ["confidence", "gradcam", "neighbours"])


def test_each_study_has_a_panel_and_all_have_one_axis():
    panels = drawn().axes
    assert [axes.get_title("left") for axes in panels] == ["imagenet", "dogs"]
    assert panels[0].get_xlim() == panels[1].get_xlim()
    names = [[label.get_text() for label in axes.get_yticklabels()] for axes in panels]
    assert names == [["confidence", "gradcam", "neighbours"], ["", "", ""]]


def test_a_condition_keeps_its_row_and_colour_in_every_study():
    points = [
        {
            (round(line.get_ydata().mean()), line.get_color())
            for line in axes.lines
            if line.get_alpha() == 0.75 and len(line.get_xdata())
        }
        for axes in drawn().axes
    ]
    rows = [sorted(row for row, _ in panel) for panel in points]
    assert rows == [[0, 1], [1, 2]]
    assert dict(points[0])[1] == dict(points[1])[1]  # gradcam
