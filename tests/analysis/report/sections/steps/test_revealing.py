from analysis.report.page import page
from analysis.report.sections.steps import revealing


def test_a_study_that_shows_all_at_once_has_no_such_section(of_the_paper):
    assert revealing.section(of_the_paper) is None


def test_the_page_tells_what_was_asked_for_and_that_nothing_follows_from_it(of_many):
    section = revealing.section(of_many)
    seen, right = (table.frame for table in section.listings)
    assert seen["part"].tolist() == ["answer", "panels"] * 2
    assert 50 < seen["seen_percent"][0] < 70
    assert seen["seen_percent"][1] == 0
    assert 0.5 <= seen["median_s"][0] <= 0.9
    assert len(right) == 6  # nobody asked for panels
    html = " ".join(page(of_many, [section], {}).split())
    assert "This is no comparison of what the part does" in html
