"""The last screen: what is said there is stored, and leaves only when asked for."""

from study_app.answer_models import Comment
from tests.study_app.asking import GOOD, RIGHT, finish
from tests.study_app.visiting import read_csv


def test_comments_are_kept_and_leave_only_when_asked_for(respondent, asking_app, tmp_path, tools):
    respondent.press("agree").press("continue").press(
        "continue", **GOOD | {"question-job": "I am Ada, a gardener."}
    )
    while respondent.screen != "comments":
        respondent.press(respondent.page.form.choices[0], **RIGHT)
    page = respondent.response.text
    assert "altered_noticed" in page
    assert "some pictures" not in page.lower()
    answers = {
        "question-comments": "Well done!\r\nAda",
        "question-altered_noticed": "I am not sure",
    }
    assert respondent.press("continue", **answers).screen == "debrief"
    [comment] = tools.rows(asking_app, Comment)
    assert (comment.altered_noticed, comment.text) == ("not_sure", "Well done!\nAda")
    run = asking_app.test_cli_runner().invoke
    run(args=["study", "export", str(tmp_path / "out")])
    text = "".join(path.read_text("utf-8") for path in (tmp_path / "out").glob("*.csv"))
    assert "not_sure" in text
    assert "Ada" not in text
    run(args=["study", "export", "--with-ids", str(tmp_path / "ids")])
    free = [(row["name"], row["value"]) for row in read_csv(tmp_path / "ids/comments.csv")]
    assert free == [("job", "I am Ada, a gardener."), ("comments", "Well done!\nAda")]


def test_nobody_has_to_write_a_comment(respondent, asking_app, tools):
    finish(respondent, RIGHT)
    [comment] = tools.rows(asking_app, Comment)
    assert (comment.altered_noticed, comment.text) == ("yes", None)
