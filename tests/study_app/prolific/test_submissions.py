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
        (lambda path: path.write_bytes(b"\xff\xfe\x00"), "is not text in UTF-8"),
        (lambda path: path.write_bytes("Müller".encode("latin-1")), "save it again as CSV UTF-8"),
        (lambda path: path.write_text('Submission id,"Status\n'), "is no CSV"),
        (lambda path: path.write_text(""), "is no CSV file"),
        (lambda path: None, "cannot be read"),
    ],
    ids=["other columns", "no text", "Latin-1", "quotes", "empty", "missing"],
)
def test_a_file_that_is_no_such_list_is_refused(tmp_path, write, said) -> None:
    write(tmp_path / "list.csv")
    with pytest.raises(RefusalError, match=said):
        read_submissions(tmp_path / "list.csv", {})


LIST = (
    "Submission id,Participant id,Status,Fluent languages\r\n"
    '5f9b,6a1c,AWAITING REVIEW,"Czech, English"\r\n'
)
SEMICOLONS = LIST.replace('"Czech, English"', "Czech+ English").replace(",", ";").replace("+", ",")


@pytest.mark.parametrize(
    "content",
    [
        SEMICOLONS.encode(),
        SEMICOLONS.replace(";", "\t").encode("utf-16"),
        LIST.encode("utf-16"),
        f"sep=,\r\n{LIST}".encode("utf-8-sig"),
        f"sep=;\r\n{SEMICOLONS}".encode("utf-16"),
        f'"sep=;"\n{SEMICOLONS}'.encode(),
        f"SEP=\t\n{SEMICOLONS}".replace(";", "\t").encode(),
        LIST.replace("\r\n", "\r").encode(),
        f"\r\n{LIST},,,\r\n ;;\r\n".replace(" ;;", "").encode(),
        SEMICOLONS.lower().replace(" id", "_id").encode(),
    ],
    ids=(
        *("semicolons", "tabs in utf-16", "utf-16", "sep", "sep in utf-16", "quoted sep"),
        *("sep of tabs", "old Mac", "empty lines", "older names"),
    ),
)
def test_a_list_that_a_spreadsheet_saved_is_read(tmp_path, content) -> None:
    (tmp_path / "list.csv").write_bytes(content)
    [one] = read_submissions(tmp_path / "list.csv", {})
    assert (one.submission_id, one.prolific_pid, one.status) == ("5f9b", "6a1c", "AWAITING REVIEW")
    assert [value.lower() for value in one.demographics.values()] == ["czech, english"]


@pytest.mark.parametrize("spoilt", ["3.14E+02", "6E+23", "5,9e+22"])
def test_an_id_that_a_spreadsheet_made_a_number_is_refused_with_the_reason_and_its_line(
    tmp_path, spoilt
) -> None:
    text = SEMICOLONS.replace("6a1c", spoilt)
    (tmp_path / "list.csv").write_text(f"sep=;\n{text}")
    with pytest.raises(RefusalError) as refused:
        read_submissions(tmp_path / "list.csv", {})
    [problem] = refused.value.problems
    assert problem.startswith(f"line 3, participant id: {spoilt!r} is what a spreadsheet makes of")


def test_an_id_of_digits_and_an_e_is_none_of_these(tmp_path) -> None:
    (tmp_path / "list.csv").write_text(SEMICOLONS.replace("6a1c", "600000000000e00000000012"))
    assert read_submissions(tmp_path / "list.csv", {})[0].prolific_pid[-4:] == "0012"
