"""Prolific's list of submissions is read, or refused."""

import pytest

from study_app.errors import RefusalError
from study_app.prolific.submissions import read_submissions
from tests.study_app.prolific.listing import listed, row


def test_older_names_of_columns_are_known_and_others_can_be_given(tmp_path) -> None:
    header = ("session_id", "participant_id", "status", "entered_code", "age")
    [one] = read_submissions(listed(tmp_path, dict.fromkeys(header, "active"), header=header), {})
    assert (one.submission_id, one.status, one.completion_code) == ("active", "ACTIVE", "active")
    assert one.demographics == {"age": "active"}
    named = ("Einreichung", "Participant id", "Status")
    [one] = read_submissions(
        listed(tmp_path, dict.fromkeys(named, "active"), header=named),
        {"submission id": "Einreichung"},
    )
    assert one.submission_id == "active"


def test_everything_that_is_wrong_with_a_list_is_said_at_once(tmp_path) -> None:
    rows = (
        row(1, "LOST"),
        row(1, "ACTIVE", **{"Started at": "yesterday", "Participant id": ""}),
    )
    with pytest.raises(RefusalError) as refused:
        read_submissions(listed(tmp_path, *rows), {})
    assert [problem.partition(" is")[0] for problem in refused.value.problems] == [
        "line 2, status: 'LOST'",
        "line 3, participant id:",
        "line 3, started at: 'yesterday'",
        "submission session1:",
    ]


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (lambda path: path.write_text("Name,Age\nA,31\n"), "has no column 'submission id'"),
        (lambda path: path.write_bytes(b"\xff\xfe\x00"), "is no CSV file"),
        (lambda path: path.write_text(""), "is no CSV file"),
        (lambda path: None, "cannot be read"),
    ],
    ids=["other columns", "no text", "empty", "missing"],
)
def test_a_file_that_is_no_such_list_is_refused(tmp_path, write, said) -> None:
    write(tmp_path / "list.csv")
    with pytest.raises(RefusalError, match=said):
        read_submissions(tmp_path / "list.csv", {})
