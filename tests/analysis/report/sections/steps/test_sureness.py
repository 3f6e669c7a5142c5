from analysis.report.page import page
from analysis.report.sections.steps import sureness
from tests.analysis.report.sections.steps.asked import STEPS, asked


def test_a_study_without_confidence_has_no_such_section(of_the_paper):
    assert sureness.section(of_the_paper) is None


def test_the_page_tells_how_sure_people_are_before_and_after_the_answer(of_many):
    section = sureness.section(of_many)
    tables = {table.name: table.frame for table in section.listings}
    rows = tables["calibration"].set_index(["condition", "advised"])
    assert rows.index.tolist() == [(c, a) for c in ("gradcam", "confidence") for a in (False, True)]
    assert rows["chance_percent"].tolist() == [50] * 4  # there are two labels in all
    assert rows.loc["gradcam", "low_points"].notna().all()
    assert rows.loc["confidence", "low_points"].isna().all()
    assert len(tables["confidence_changes"]) == 2
    html = " ".join(page(of_many, [section], {}).split())
    assert "“gradcam”, without the AI’s answer (“alone”): sure to" in html
    assert "Some confidences are lower than a guess would deserve" in html
    assert set(section.figures) == {"calibration"}
    assert len(section.figures["calibration"]().axes) == 2


def test_a_scale_has_neither_calibration_nor_brier_score(tmp_path):
    steps = [{**step, "kind": "scale"} if step["kind"] == "slider" else step for step in STEPS]
    read = asked(tmp_path, {"gradcam": 2}, steps=steps)
    section = sureness.section(read)
    assert [table.name for table in section.listings] == ["confidence_places"]
    assert section.figures == {}
    html = " ".join(page(read, [section], {}).split())
    assert "Points of <code>sure</code>, <code>surer</code> are no probabilities" in html
