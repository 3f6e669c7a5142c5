import pandas as pd

from analysis.export.study_file import BinsTable
from analysis.report.figures.confidence import by_confidence
from analysis.statistics.measures.confidence import per_classifier


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
