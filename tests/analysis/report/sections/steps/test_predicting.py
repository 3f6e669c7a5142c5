from analysis.report.page import page
from analysis.report.sections.steps import predicting
from tests.analysis.report.sections.steps.asked import asked


def test_a_study_that_does_not_ask_what_the_ai_says_has_no_such_section(of_the_paper):
    assert predicting.section(of_the_paper) is None


def test_the_page_parts_the_ai_from_the_picture_where_the_ai_is_wrong(of_many):
    section = predicting.section(of_many)
    frame = section.listings[0].frame
    assert frame["ai_right"].isna().tolist() == [True, False, False] * 2
    wrong = frame[frame["ai_right"].eq(False).fillna(False)].iloc[0]
    assert wrong["accuracy_percent"] + wrong["true_label_percent"] == 100
    html = " ".join(page(of_many, [section], {}).split())
    assert "where the AI is wrong, people name its answer in" in html
    assert "Only where it is wrong do both part" in html


def test_chance_is_not_known_where_the_study_file_does_not_tell_the_step(tmp_path):
    section = predicting.section(asked(tmp_path, {"gradcam": 1}, study_text=""))
    assert section.listings[0].frame["chance_percent"].isna().all()
