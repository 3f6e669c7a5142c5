import re

import pandas as pd
import pytest

from analysis.report.page import page
from analysis.report.phrasing.steps_told import outside_in_words
from analysis.report.sections.steps import estimates
from analysis.statistics.measures.steps import weight_of_advice


def test_a_study_without_numbers_has_no_such_section(of_the_paper):
    assert estimates.section(of_the_paper) is None


def test_the_page_tells_the_weight_of_advice_and_how_much_nearer_people_are(of_many):
    section = estimates.section(of_many)
    weights, errors = (table.frame.set_index("condition") for table in section.listings)
    assert weights.loc["gradcam", "n_trials"] == 20 * 36
    assert weights.loc["gradcam", "bounded"] == pytest.approx(0.5, abs=0.02)
    assert errors.loc["gradcam", "gain"] > 5
    html = " ".join(page(of_many, [section], {}).split())
    assert re.search("“gradcam”: people go (49|50|51) % of the way to the AI’s number", html)
    assert "too few" in html
    assert section.warnings == ()


def test_numbers_of_which_nothing_is_right_have_a_weight_and_no_error(of_many):
    steps = of_many.test_steps
    nothing = steps.assign(truth=steps["truth"].mask(steps["kind"] == "number"))
    numbers = weight_of_advice.revised(nothing)
    assert len(numbers) == 23 * 36
    assert weight_of_advice.errors(numbers, of_many.conditions).empty


def test_many_weights_outside_nought_to_one_are_warned_of():
    counts = {"condition": ["a", "b"], "n_trials": [100, 100], "n_away": [4, 2]}
    told = outside_in_words(pd.DataFrame({**counts, "n_beyond": [2, 3]}))
    assert "of the weights of advice, 6 of 100 with “a” lie outside 0 to 1" in told
    assert outside_in_words(pd.DataFrame({**counts, "n_beyond": [1, 0]})) == ""
