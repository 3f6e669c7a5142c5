"""Small and strange studies give a page that says what cannot be computed; never a traceback."""

import html
import re
from dataclasses import replace

import pytest

from analysis.export.read import read_export
from analysis.report.page import page, sections_and_pictures, sections_of
from analysis.statistics.analysed import analysed
from tests.analysis.exports import write_export
from tests.analysis.participants import NATURAL, Participant, Stimulus, someone

CONDITIONS = ("confidence", "gradcam")
STRANGE = [
    Stimulus(bin=s.bin, ai_right=s.ai_right, label=label)
    for s, label in zip(NATURAL, ["NA", "null", "Ä ñ 蝶 🦋", "nan", "None", "<b>"], strict=True)
]
# The people and the facts of each study.
STUDIES = {
    "nobody": ([], {}),
    "one person": ([someone("confidence", 4)], {}),
    "one person in each of two conditions": ([someone("confidence", 4), someone("gradcam", 5)], {}),
    "one condition": (
        [someone("confidence", k) for k in (3, 4, 5)],
        {"conditions": ["confidence"]},
    ),
    "one person in the only condition": (
        [someone("confidence", 3)],
        {"conditions": ["confidence"]},
    ),
    "everybody right": ([someone(c, 6) for c in CONDITIONS] * 3, {}),
    "everybody wrong": ([someone(c, 0) for c in CONDITIONS] * 3, {}),
    "everybody accepts everything": (
        [Participant(condition=c, right=(True,) * 3 + (False,) * 3) for c in CONDITIONS] * 2,
        {},
    ),
    "a bin without trials": (
        [Participant(condition=c, shown=(0, 1, 3), right=(True,) * 3) for c in CONDITIONS] * 2,
        {},
    ),
    "one trial each": (
        [Participant(condition=c, shown=(0,), right=(True,)) for c in CONDITIONS],
        {},
    ),
    "only adversarial trials": (
        [Participant(condition="gradcam", shown=(6, 7, 8), right=(True, False, True))] * 3,
        {},
    ),
    "only under way": ([Participant(outcome="", right=(True, None))] * 2, {}),
    "nobody passes": ([someone("confidence", 4, validation_right=1)] * 3, {}),
    "no validation": ([someone("confidence", 4)] * 2, {"validation": False}),
    "no pool": ([someone("confidence", 4), someone("gradcam", 2)] * 2, {"pool": []}),
    "strange labels": ([someone("confidence", 4), someone("gradcam", 2)] * 2, {"stimuli": STRANGE}),
    "one-sided, chosen pairs": (
        [someone("confidence", 4), someone("gradcam", 2)] * 2,
        {"pairs": [("gradcam", "confidence")], "alternative": "greater"},
    ),
}

FAST = ("nobody", "one person in each of two conditions", "a bin without trials", "strange labels")


@pytest.mark.parametrize(
    "case", [c if c in FAST else pytest.param(c, marks=pytest.mark.slow) for c in STUDIES]
)
def test_a_strange_study_gives_a_page_without_a_nan(tmp_path, case):
    participants, facts = STUDIES[case]
    read = analysed(
        read_export(write_export(tmp_path / "e", participants, **facts)), reproduce_paper=True
    )
    sections = sections_of(read)
    text = html.unescape(
        re.sub(r"<(style|svg).*?</\1>|<[^>]+>", " ", page(read, sections, {}), flags=re.S)
    )
    assert re.findall(r".{40}\b(?:nan|NaN|inf|None|NaT)\b|<NA>", text) == []
    for section in sections:
        for table in section.listings:
            numbers = table.frame.drop(columns="label", errors="ignore")  # one may be called so
            text = replace(table, frame=numbers).csv
            assert not re.search(r"\b(nan|inf|NaT)\b", text), table.name


@pytest.mark.slow
@pytest.mark.parametrize("case", ["one trial each", "everybody right", "only adversarial trials"])
def test_figures_of_a_strange_study_can_be_drawn(tmp_path, case):
    participants, facts = STUDIES[case]
    read = analysed(read_export(write_export(tmp_path / "e", participants, **facts)))
    sections, pictures = sections_and_pictures(read)
    drawn = dict(pictures)  # waits for all
    assert set(drawn) == {name for section in sections for name in section.figures}
