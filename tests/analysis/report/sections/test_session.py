from analysis.export.read import read_export
from analysis.report.page import page
from analysis.report.sections import session
from analysis.statistics.analysed import Analysed, analysed
from tests.analysis.exports import write_export
from tests.analysis.participants import Participant

SLOW_LEARNERS = [
    Participant(right=(False,) * 3 + (True,) * 3),
    Participant(right=(True,) + (False,) * 2 + (True,) * 3),
    Participant(right=(False,) * 3 + (True,) * 2 + (False,)),
]
CHECKS = [
    {
        "participant_id": f"p00{i}",
        "name": "pink",
        "kind": "instructed",
        "value": "Pink",
        "passed": 1,
    }
    for i in range(3)
]


def read_of(folder, crowd, **told) -> Analysed:
    return analysed(read_export(write_export(folder / "e", crowd, told=told)))


def test_a_change_over_the_trials_is_told_with_its_interval(tmp_path) -> None:
    section = session.section(read_of(tmp_path, SLOW_LEARNERS, attention=CHECKS))
    assert section is not None
    # Changes of 100, 66.7 and 66.7: mean 77.8, s = 19.2, t(.975, 2) · s / √3 = 47.8
    assert "77.8 points with “confidence” (95\xa0% CI [30.0, 125.6])" in section.prose["learning"]
    names = [table.name for table in section.listings]
    assert names == ["learning", "speed", "devices", "attention_checks"]  # no signals are known


def test_the_page_has_every_table_in_its_fold(tmp_path) -> None:
    read = read_of(tmp_path, SLOW_LEARNERS, attention=CHECKS)
    section = session.section(read)
    assert section is not None
    html = page(read, [section], {})
    assert html.count("<details>") == len(section.listings)
    assert "Accuracy by device" in html


def test_times_that_nobody_measured_leave_out_their_table(tmp_path) -> None:
    section = session.section(read_of(tmp_path, [Participant(decision_rt_ms=None)] * 2))
    assert section is not None
    assert "speed" not in [table.name for table in section.listings]


def test_before_anybody_is_in_there_is_no_such_section(tmp_path) -> None:
    assert session.section(read_of(tmp_path, [])) is None
