import pytest
from click.testing import CliRunner

from analysis.export.read import read_export
from analysis.problems import ExportError
from analysis.report.command import main
from analysis.statistics.analysed import analysed
from analysis.statistics.measures.accuracy_by_threshold import accuracy_by_threshold
from tests.analysis.exports import write_export
from tests.analysis.participants import Participant, someone


@pytest.fixture
def participants():
    """Three people with 9, 8 and 6 of 10 right in validation, and 6, 3 and 0 of 6 in the test."""
    return [
        someone("confidence", right, validation_right=passed)
        for right, passed in [(6, 9), (3, 8), (0, 6)]
    ]


def test_accuracy_is_that_of_the_people_who_pass_each_threshold(participants, tmp_path):
    export = read_export(write_export(tmp_path / "e", participants))
    table = accuracy_by_threshold(export, ["confidence"])
    assert list(table["threshold"]) == [6, 7, 8, 9, 10]
    assert list(table["n_participants"]) == [3, 2, 2, 1, 0]
    assert table["mean_percent"].tolist()[:4] == [50, 75, 75, 100]
    assert table["mean_percent"].isna().tolist() == [False] * 4 + [True]


def test_below_a_gate_that_ended_sessions_nothing_is_claimed(participants, tmp_path):
    gone = Participant(outcome="failed_validation", validation_right=6, right=())
    export = read_export(write_export(tmp_path / "e", [*participants[:2], gone], live=True))
    assert accuracy_by_threshold(export, ["confidence"])["threshold"].min() == 8
    with pytest.raises(ExportError, match="nobody below is there to analyse; ask for 8 or more"):
        analysed(export, threshold=7)
    assert len(analysed(export, threshold=9).users) == 1


@pytest.mark.slow
def test_another_threshold_changes_who_is_in_and_says_so_on_the_page(participants, tmp_path):
    folder = write_export(tmp_path / "e", participants)
    arguments = [str(folder), "--out", str(tmp_path / "r"), "--threshold", "6"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    html = (tmp_path / "r" / "report.html").read_text("utf-8")
    assert "3 analysed of 3 who started" in html
    assert "this page was made with <code>--threshold 6</code>" in html


@pytest.mark.parametrize(("threshold", "said"), [(11, "ask for 0 to 10"), (-1, "ask for 0 to 10")])
def test_a_threshold_that_nobody_could_reach_is_refused(participants, tmp_path, threshold, said):
    export = read_export(write_export(tmp_path / "e", participants))
    with pytest.raises(ExportError, match=said):
        analysed(export, threshold=threshold)


def test_a_study_without_validation_has_no_threshold(tmp_path):
    folder = write_export(tmp_path / "e", [someone("confidence", 4)], validation=False)
    with pytest.raises(ExportError, match="no validation"):
        analysed(read_export(folder), threshold=5)
