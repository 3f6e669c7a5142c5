"""Free texts without identities, and a look at what they may tell."""

import stat

import pytest

from study_app.export.comments_look import telling
from tests.study_app.visiting import read_csv


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Write to ada@example.org!", ["an e-mail address"]),
        ("I blog at www.ada.example", ["a web address"]),
        ("call +44 20 7946 0000", ["a telephone number"]),
        ("my id is 5f9b2c1e0a7d4e3b8c6f1a20", ["an id"]),
        ("Hi, my name is ada", ["a name"]),
        ("I’m Ada.", ["a name"]),
        ("Ich heiße Ada", ["a name"]),
        ("I live at 12 Old Mill Road", ["an address"]),
        ("Schlossstraße 4 in Bonn", ["an address"]),
        ("thanks, lovelace", ["a name or an id that is known here"]),
        ("greetings of panel-77", ["a name or an id that is known here"]),
        ("I am sure that 35 of 40 pictures were right, at 12:30 or so", []),
        ("It took 1200 seconds. e.g. the wings (7 of 10)", []),
    ],
)
def test_what_may_tell_who_wrote_a_text_is_named(app, another_visitor, run, text, found):
    another_visitor().start("?PROLIFIC_PID=panel-77")
    assert app.test_cli_runner().invoke(args=["study", "invite", "Lovelace 7"]).exit_code == 0
    row = {"participant_id": "3f9a", "name": "comments", "value": text}
    with app.app_context():
        lines = list(telling([row]))
    assert lines == ([f"3f9a, comments: {', '.join(found)}"] if found else [])


def test_comments_leave_without_identities_and_with_a_warning(respondent, asking_app, tmp_path):
    written = {"question-age": "34", "question-ai_use": "Daily", "question-pink": "Pink"}
    written |= {"question-walls": "Disagree", "question-comments": "Mail me: ada@example.org"}
    respondent.walk(filled=written)
    folder = tmp_path / "out"
    run = asking_app.test_cli_runner().invoke
    output = run(args=["study", "export", str(folder), "--with-comments"]).output
    [row] = read_csv(folder / "comments.csv")
    assert row["value"] == "Mail me: ada@example.org"
    assert f"Warning: {row['participant_id']}, comments: an e-mail address" in output
    assert "read comments.csv before you share it" in output
    assert not (folder / "identities.csv").exists()
    assert stat.S_IMODE((folder / "comments.csv").stat().st_mode) == 0o600
    assert run(args=["study", "audit"]).output.rstrip().endswith(f"{folder}, with comments")
