"""What is asked besides the trials: the consent, questions, attention checks, comments."""

import csv
import hashlib
import html
import re

import pytest

from analysis.export.read import read_export
from stimuli.study import Instructed, Nonsensical, Outcome, Pay, parse_study
from study_app.answer_models import AttentionAnswer, Comment, QuestionnaireAnswer
from study_app.enums import SubmissionStatus
from study_app.prolific.payments import Case, payment
from study_app.session.attention import FailedCheck, Grounds
from study_app.session.consent import consent_digest

QUESTIONS = """
[[questions]]
name = "age"
text = "How old are you?"
kind = "number"
low = 18
high = 99
required = true

[[questions]]
name = "ai_use"
text = "How often do you use AI?"
kind = "scale"
options = ["Never", "Sometimes", "Daily"]
required = true

[[questions]]
name = "job"
text = "What is your work?"
kind = "text"

[[questions]]
name = "trust"
text = "Did you trust Sam?"
kind = "choice"
options = ["Yes", "No"]
when = "after"
"""
CHECKS = """
[[attention]]
name = "walls"
kind = "nonsensical"
text = "I can walk through walls."
options = ["Strongly agree", "Agree", "Disagree", "Strongly disagree"]
expected = ["Disagree", "Strongly disagree"]
after_trial = 6

[[attention]]
name = "pink"
kind = "instructed"
text = "This shows whether you read on. Please choose Pink."
options = ["Blue", "Pink", "Green"]
expected = "Pink"
after_trial = 2
"""
PHASES = '[[phases]]\nname = "debrief"'
WITH_COMMENTS = f'[[phases]]\nname = "comments"\n{PHASES}'
RIGHT = {"question-pink": "Pink", "question-walls": "Disagree"}
WRONG = {"question-pink": "Blue", "question-walls": "Agree"}
GOOD = {"question-age": "34", "question-ai_use": "Daily"}


@pytest.fixture
def asking(empty_app, tools, tmp_path):
    """A server whose study asks everything."""
    text = tools.study_text(practice=1, validation=1) + QUESTIONS + CHECKS
    bundle = tools.build_bundle(tmp_path / "asking", text.replace(PHASES, WITH_COMMENTS))
    tools.load(empty_app, bundle.path)
    return empty_app


@pytest.fixture
def asked(asking, tools):
    """Somebody who takes part in that study."""
    return tools.visitor(asking.test_client()).start()


def exported(path):
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def finish(visitor, answers):
    """Answer everything; `answers` are those to the attention checks."""
    screens = [visitor.screen]
    while visitor.screen != "debrief":
        fields = {"questions": GOOD, "attention": answers}.get(visitor.screen, {})
        visitor.press(visitor.page.form.choices[0], **fields)
        screens.append(visitor.screen)
    return screens


def test_the_screens_come_in_their_order(asked):
    screens = finish(asked, RIGHT)
    trial = ["seen", "card", "judge"]
    expected = ["consent", "check", "questions", "instructions", "judge", "feedback", *trial * 3]
    expected += ["attention", *trial * 4, "attention", "questions", "comments", "debrief"]
    assert screens == expected


def test_a_study_that_asks_nothing_has_none_of_these_screens(visitor):
    screens = {visitor.start().screen}
    while visitor.screen != "debrief":
        screens.add(visitor.answer(visitor.page.form.choices[0]).screen)
    assert screens.isdisjoint({"questions", "attention", "comments"})


# The consent


def words(text):
    """The visible words of a piece of a page."""
    return html.unescape(re.sub(r"<[^>]+>", "", text)).split()


def test_the_digest_stands_for_exactly_what_the_consent_page_shows(
    visitor, app, tools, tmp_path
) -> None:
    page = visitor.start().response.text
    shown = re.search(r"(<h1.*?)<form", page, re.DOTALL)
    visitor.press("agree").press("continue")
    app.test_cli_runner().invoke(args=["study", "export", str(tmp_path / "out")])
    consent = (tmp_path / "out/consent.txt").read_bytes()
    assert consent.decode().split() == words(shown[1])
    [kept] = exported(tmp_path / "out/participants.csv")
    assert kept["consent_digest"] == hashlib.sha256(consent).hexdigest()
    study = parse_study((tmp_path / "out/study.toml").read_text("utf-8"), subject="export")
    assert kept["consent_digest"] == consent_digest(study)


def test_every_replaced_word_changes_the_digest_and_pay_is_part_of_it(tools):
    texts = {
        "as it is": "",
        "pay": "partial = { failed_validation = 0.5 }\n",
        "sharing": '[texts]\nsharing = "Nobody else gets them."\n',
        "law": '[texts]\nlegal_basis = "The law of our country."\n',
        "lab": '[texts]\nlab = "the perception lab"\n',
    }
    base = tools.study_text(live=True)
    digests = {
        consent_digest(
            parse_study(base.replace("[prolific.codes]", f"{more}[prolific.codes]"), subject=name)
        )
        for name, more in texts.items()
    }
    assert len(digests) == len(texts)


def test_who_declines_has_agreed_to_nothing(visitor, app, tools):
    visitor.start().press("decline")
    assert tools.participants(app)[0].consent_digest is None


# Questions


def test_every_faulty_answer_comes_back_at_once_with_what_was_typed(asked, asking, tools):
    asked.press("agree").press("continue")
    asked.press("continue", **{"question-age": "17", "question-ai_use": "", "question-job": "Art"})
    assert asked.response.status_code == 422
    assert "another look at what is marked below" in asked.response.text
    assert "Please enter a number from 18 up to 99." in asked.response.text
    assert "Please choose an answer." in asked.response.text
    assert 'value="17"' in asked.response.text
    assert ">\nArt</textarea>" in asked.response.text
    assert tools.rows(asking, QuestionnaireAnswer) == []
    assert asked.press("continue", **GOOD).screen == "instructions"


@pytest.mark.parametrize(
    ("field", "sent", "problem"),
    [
        ("age", "", "Please enter a number."),
        ("age", "old", "a number in digits"),
        ("age", "1e9", "a number in digits"),
        ("age", "100", "from 18 up to 99"),
        ("ai_use", "Hourly", "choose one of the answers"),
        ("job", "x" * 2001, "shorten this to 2000 characters; it has 2001"),
    ],
)
def test_an_answer_that_cannot_be_one_is_explained(asked, field, sent, problem):
    asked.press("agree").press("continue").press("continue", **GOOD | {f"question-{field}": sent})
    assert "another look at what is marked below" in asked.response.text
    assert problem in asked.response.text
    assert f'aria-describedby="question-{field}-problem"' in asked.response.text


@pytest.mark.parametrize(("sent", "kept"), [("34", "34"), (" 34,50 ", "34.50"), ("٣٤", "34")])
def test_numbers_are_kept_in_one_form(asked, asking, sent, kept, tools):
    asked.press("agree").press("continue").press("continue", **GOOD | {"question-age": sent})
    assert {a.name: a.value for a in tools.rows(asking, QuestionnaireAnswer)}["age"] == kept


def test_an_answer_is_written_once(asked, asking, tools):
    asked.press("agree").press("continue")
    form = asked.page.form
    for age in ("34", "35"):
        data = form.fields | GOOD | {"answer": "continue", "question-age": age}
        assert asked.client.post(form.action, data=data).status_code == 303
    kept = {a.name: a.value for a in tools.rows(asking, QuestionnaireAnswer)}
    assert kept == {"age": "34", "ai_use": "Daily"}


def test_what_people_type_is_shown_as_text(asked):
    asked.press("agree").press("continue").press(
        "continue", **{"question-job": "<script>alert(1)</script>\0"}
    )
    assert "&lt;script&gt;alert(1)&lt;/script&gt;</textarea>" in asked.response.text


# Attention checks


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        (RIGHT, "completed"),
        (RIGHT | {"question-walls": "Agree"}, "completed"),
        (WRONG, "failed_attention"),
    ],
)
def test_two_failed_checks_are_needed_in_a_study_of_twelve_minutes(
    asked, asking, tools, answers, outcome
):
    finish(asked, answers)
    assert tools.participants(asking)[0].outcome == outcome
    assert ("CDONE123" in asked.response.text) == (outcome == "completed")


def test_the_check_looks_like_any_question_and_must_be_answered(asked, asking, tools):
    while asked.screen != "attention":
        asked.press(asked.page.form.choices[0], **GOOD if asked.screen == "questions" else {})
    assert not re.search("attention|check|expected", " ".join(words(asked.response.text)), re.I)
    assert asked.press("continue", **{"question-pink": ""}).response.status_code == 422
    assert asked.screen == "attention"
    assert tools.rows(asking, AttentionAnswer) == []


def test_an_answer_to_another_check_is_not_taken(asked, asking, tools):
    while asked.screen != "attention":
        asked.press(asked.page.form.choices[0], **GOOD if asked.screen == "questions" else {})
    asked.press("continue", trial="walls", **RIGHT)
    assert tools.rows(asking, AttentionAnswer) == []


def test_only_attention_checks_are_grounds_for_a_rejection(asking, tools):
    tools.visitor(asking.test_client()).start()
    [trial, *_] = tools.trials(asking)
    with pytest.raises(TypeError, match="only an attention check can be failed"):
        FailedCheck(check=trial, answer="reject")
    walls = Nonsensical(
        name="walls",
        kind="nonsensical",
        text="I can walk through walls.",
        options=("Agree", "Disagree"),
        expected=("Disagree",),
        after_trial=1,
    )
    with pytest.raises(ValueError, match="'Disagree' passes"):
        FailedCheck(check=walls, answer="Disagree")
    failed = FailedCheck(check=walls, answer="Agree")
    with pytest.raises(ValueError, match="1 failed checks are no grounds; 2 are"):
        Grounds(checks=(failed,), n_needed=2)
    assert (
        str(Grounds(checks=(failed,), n_needed=1)) == "FAILED_CHECK, 1 of 1 needed: walls ('Agree')"
    )


def test_the_payments_tell_the_grounds_of_failed_checks_and_of_nothing_else(
    asking, tools, tmp_path
):
    come = "?PROLIFIC_PID=p{0}&STUDY_ID=s&SESSION_ID=e{0}"
    for number, answers in enumerate((RIGHT, WRONG)):
        finish(tools.visitor(asking.test_client()).start(come.format(number)), answers)
    lines = ["e0,p0,AWAITING REVIEW", "e1,p1,AWAITING REVIEW"]
    header = "Submission id,Participant id,Status"
    (tmp_path / "list.csv").write_text("\n".join([header, *lines]) + "\n")
    for command in (("reconcile", "list.csv"), ("payments", "payments.csv")):
        result = asking.test_cli_runner().invoke(
            args=["study", command[0], str(tmp_path / command[1])]
        )
        assert result.exit_code == 0, result.output
    good, bad = exported(tmp_path / "payments.csv")
    assert (good["action"], good["grounds_to_reject"]) == ("approve", "")
    assert bad["action"] == "review"
    words = "FAILED_CHECK, 2 of 2 needed: pink ('Blue'), walls ('Agree')"
    assert bad["grounds_to_reject"] == words


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("status", SubmissionStatus)
def test_no_other_outcome_ever_carries_grounds(outcome, status):
    """Not even where somebody failed checks too: what ended the session decides."""
    check = Instructed(
        name="pink",
        kind="instructed",
        text="Choose Pink.",
        options=("Pink", "Blue"),
        expected="Pink",
        after_trial=1,
    )
    grounds = Grounds(checks=(FailedCheck(check=check, answer="Blue"),), n_needed=1)
    case = Case(status=status, arrived=True, outcome=outcome, n_answered=9, grounds=grounds)
    due = payment(case, Pay(reward=1.8))
    assert "reject" not in due.action
    assert due.grounds is None or outcome is Outcome.FAILED_ATTENTION


# Comments


def test_comments_are_kept_and_leave_only_when_asked_for(asked, asking, tmp_path, tools):
    asked.press("agree").press("continue").press(
        "continue", **GOOD | {"question-job": "I am Ada, a gardener."}
    )
    while asked.screen != "comments":
        asked.press(asked.page.form.choices[0], **RIGHT)
    page = asked.response.text
    assert "altered_noticed" in page
    assert "some pictures" not in page.lower()
    said = {"question-comments": "Well done!\r\nAda", "question-altered_noticed": "I am not sure"}
    assert asked.press("continue", **said).screen == "debrief"
    [comment] = tools.rows(asking, Comment)
    assert (comment.altered_noticed, comment.text) == ("not_sure", "Well done!\nAda")
    run = asking.test_cli_runner().invoke
    run(args=["study", "export", str(tmp_path / "out")])
    text = "".join(path.read_text("utf-8") for path in (tmp_path / "out").glob("*.csv"))
    assert "not_sure" in text
    assert "Ada" not in text
    run(args=["study", "export", "--with-ids", str(tmp_path / "ids")])
    free = [(row["name"], row["value"]) for row in exported(tmp_path / "ids/comments.csv")]
    assert free == [("job", "I am Ada, a gardener."), ("comments", "Well done!\nAda")]


def test_nobody_has_to_write_a_comment(asked, asking, tools):
    finish(asked, RIGHT)
    [comment] = tools.rows(asking, Comment)
    assert (comment.altered_noticed, comment.text) == ("yes", None)


def test_withdrawing_deletes_all_of_it(asked, asking, tools):
    finish(asked, RIGHT)
    asked.open(f"{asked.url}/withdraw").press("erase")
    for table in (QuestionnaireAnswer, AttentionAnswer, Comment):
        assert tools.rows(asking, table) == []


# Export and simulation


def test_answers_are_exported_with_the_words_of_the_study_file(asked, asking, tmp_path):
    finish(asked, WRONG)
    export = asking.test_cli_runner().invoke(args=["study", "export", str(tmp_path / "out")])
    assert export.exit_code == 0, export.output
    read = {
        name: exported(tmp_path / f"out/{name}.csv")
        for name in ("questionnaire", "attention", "participants")
    }
    answers = {row["name"]: row["value"] for row in read["questionnaire"]}
    assert answers == {"age": "34", "ai_use": "Daily", "trust": "Yes"}
    checks = [(row["name"], row["kind"], row["passed"]) for row in read["attention"]]
    assert checks == [("pink", "instructed", "0"), ("walls", "nonsensical", "0")]
    assert read["participants"][0]["altered_noticed"] == "yes"
    described = (tmp_path / "out/columns.json").read_text("utf-8")
    assert "How often do you use AI? (Never | Sometimes | Daily)" in described


def test_simulated_people_answer_everything_and_the_report_reads_it(asking, tools, tmp_path):
    run = asking.test_cli_runner().invoke
    result = run(args=["study", "simulate", "-n", "4"])
    assert result.exit_code == 0, result.output
    assert {participant.outcome for participant in tools.participants(asking)} == {"completed"}
    assert len(tools.rows(asking, AttentionAnswer)) == 8
    assert len(tools.rows(asking, Comment)) == 4
    names = {"age", "ai_use", "job", "trust"}
    assert {answer.name for answer in tools.rows(asking, QuestionnaireAnswer)} == names
    run(args=["study", "export", "--simulated", str(tmp_path / "out")])
    assert len(read_export(tmp_path / "out").attention) == 8
