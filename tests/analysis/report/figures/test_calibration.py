import pandas as pd

from analysis.report.figures.calibration import curves


def tenths(condition: str, advised: bool, percents: list[tuple[float, float]]) -> pd.DataFrame:
    sure, right = zip(*percents, strict=True)
    facts = {"condition": condition, "step": "sure", "advised": advised}
    ends = {"low_percent": [r - 5 for r in right], "high_percent": [r + 5 for r in right]}
    rows = {"confidence_percent": sure, "accuracy_percent": right, **ends}
    return pd.DataFrame({**facts, **rows})


def test_a_facet_has_a_hollow_curve_without_and_a_full_one_with_the_answer():
    table = pd.concat(
        [tenths("b", False, [(55, 50), (75, 60)]), tenths("b", True, [(65, 70), (95, 90)])]
    )
    figure = curves(table, ["a", "b"])
    (axes,) = figure.axes  # nobody of a said how sure they are
    assert axes.get_title(loc="left") == "b"
    diagonal, before, after = axes.lines
    assert diagonal.get_xydata().tolist() == [[0, 0], [100, 100]]
    assert before.get_ydata().tolist() == [50, 60]
    assert after.get_ydata().tolist() == [70, 90]
    assert before.get_markerfacecolor() == "white" != after.get_markerfacecolor()
