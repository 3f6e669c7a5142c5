"""What the page says of looks: those that were planned, and those that exports made possible."""

import html
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from analysis.export.read import read_export
from analysis.problems import ExportError
from analysis.report.methods import paragraph
from analysis.report.page import page
from analysis.report.sections import answer, differences, looks
from analysis.statistics.analysed import Analysed, analysed
from tests.analysis.exports import write_export
from tests.analysis.participants import NATURAL, someone
from tests.analysis.rows import TIME

MANY = tuple(stimulus for stimulus in NATURAL for _ in range(5))
# Twenty-two of each condition, of whom one finishes each minute.
PEOPLE = [
    someone(name, least + i % 5, n=30, minutes=i)
    for name, least in (("confidence", 10), ("gradcam", 17))
    for i in range(22)
]


def after(minutes: float) -> str:
    """A time, so long after everybody started."""
    return (datetime.fromisoformat(TIME) + timedelta(minutes=minutes)).isoformat()


def read(folder: Path, **facts) -> Analysed:
    known = {"stimuli": MANY, "created_at": after(60)} | facts
    return analysed(read_export(write_export(folder / "e", PEOPLE, **known)))


def text_of(study: Analysed) -> str:
    sections = [module.section(study) for module in (answer, looks, differences)]
    plain = re.sub(r"<[^>]+>", "", page(study, [one for one in sections if one], {}))
    return re.sub(r"\s+", " ", html.unescape(plain))


def test_the_page_begins_with_which_look_this_is_and_how_small_p_has_to_be(tmp_path):
    study = read(tmp_path, looks=[0.5, 1], quota=44, exported_before=[])
    text = text_of(study)
    # 44 of 88 people, so 4 (1 - Φ(2.2414 / √.5)) = .0031
    told = (
        "This is look 1 of 2 planned looks: 44 of 88 planned people (50 %) are analysed. Here "
        "one two-sided p by itself would have to be below .0031 to find a difference"
    )
    assert text.count(told) == 2  # the answer, and the section
    assert told in paragraph(study).replace("\N{NO-BREAK SPACE}", " ")
    assert "] over looks, t(" in text
    assert "p over looks = " in text or "p over looks < " in text
    assert "95 %, over looks" in text
    assert "p over looks" in text
    assert "were planned until now" not in text


def test_the_last_look_and_one_that_comes_early_are_told(tmp_path):
    last = looks.section(read(tmp_path / "last", looks=[0.5, 1], quota=22))
    early = looks.section(read(tmp_path / "early", looks=[0.8, 1], quota=44))
    assert last is not None
    assert early is not None
    assert last.answers[0][1].startswith("This is the last of 2 planned looks: 44 of 44")
    told = early.answers[0][1].replace("\N{NO-BREAK SPACE}", " ")
    assert told.startswith("This is look 1 of 2 planned looks, meant for 80 %: 44 of 88")
    assert not early.prose["is_known"]


def test_more_exports_while_people_came_than_looks_are_warned_of(tmp_path):
    # At 4.5 minutes five of each condition had finished; the second shows nothing new, nor does
    # one before the first, or after the last.
    before = [after(-1), after(4.5), after(4.7), after(9.5), after(50)]
    study = read(tmp_path, looks=[0.5, 1], quota=44, exported_before=before)
    section = looks.section(study)
    assert section is not None
    (warning,) = section.warnings
    assert warning == (
        "The wave was exported 3 times with ever more people, this time included, where 1 look was "
        "planned until now: p-values are too small if a decision to stop or to go on was taken at "
        "each."
    )
    (table,) = section.listings
    assert table.frame["n_analysed"].tolist() == [10, 20, 44]
    assert table.frame["share_percent"].round(1).tolist() == [11.4, 22.7, 50.0]


def test_a_study_without_looks_is_told_once_of_exports_while_people_came(tmp_path):
    study = read(tmp_path, exported_before=[after(4.5)])
    section = looks.section(study)
    assert section is not None
    assert not section.warnings
    text = text_of(study)
    assert text.count("The study plans no looks, and the wave was exported 2 times") == 1
    assert "p over looks" not in text


@pytest.mark.parametrize("before", [None, [after(-1), after(30)]])
def test_a_study_without_looks_that_was_exported_at_its_end_says_nothing(tmp_path, before):
    assert looks.section(read(tmp_path, exported_before=before)) is None


def test_a_pilot_has_no_looks(tmp_path):
    assert read(tmp_path, looks=[0.5, 1], quota=44, wave="pilot").look is None


def test_looks_without_a_quota_are_refused(tmp_path):
    with pytest.raises(ExportError, match=r"assignment\.quota: is missing"):
        read(tmp_path, looks=[0.5, 1])
