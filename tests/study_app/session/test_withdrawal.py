"""Stopping for good, with or without having the answers deleted."""

import csv
import re

import pytest

from study_app.answer_models import AttentionAnswer, Comment, QuestionnaireAnswer
from tests.study_app.asking import RIGHT, finish

CODE_URL = "https://app.prolific.com/submissions/complete?cc="
IDS = "?PROLIFIC_PID=5f9b2c1e0a7d4e3b8c6f1a20&STUDY_ID=study&SESSION_ID=one"


def withdraw(visitor, choice):
    """Follow the link at the bottom of the page and press a button there."""
    [address] = re.findall(r'href="([^"]+/withdraw)"', visitor.response.text)
    return visitor.open(address).press(choice)


@pytest.mark.parametrize("screen", ["consent", "instructions", "seen", "card", "judge", "feedback"])
def test_every_page_of_a_session_leads_to_withdrawing_and_back(visitor, tools, app, screen) -> None:
    visitor.start().walk(until=screen)
    [address] = re.findall(r'href="([^"]+/withdraw)"', visitor.response.text)
    visitor.open(address)
    assert "Go on with the study" in visitor.response.text
    assert tools.participants(app)[0].outcome is None
    visitor.open(address.removesuffix("/withdraw"))
    assert visitor.screen == screen


def test_who_stops_and_keeps_the_answers_has_them_exported_as_withdrawn(
    visitor, tools, app, tmp_path
) -> None:
    visitor.start().walk(until="seen")
    withdraw(visitor, "keep")
    assert "What you answered until then is stored." in visitor.response.text
    assert tools.participants(app)[0].outcome == "withdrawn"
    export = app.test_cli_runner().invoke(args=["study", "export", str(tmp_path / "out")])
    assert export.exit_code == 0, export.output
    with (tmp_path / "out/responses.csv").open() as file:
        decisions = [row["decision"] for row in csv.DictReader(file)]
    assert decisions == ["accept"] * 5 + [""]


@pytest.mark.parametrize("until", ["judge", "debrief"])
def test_who_deletes_the_answers_leaves_none_and_sees_so(visitor, tools, app, until) -> None:
    visitor.start().walk(until=until)
    withdraw(visitor, "erase")
    assert "Your answers are deleted." in visitor.response.text
    assert tools.trials(app) == []
    assert tools.participants(app)[0].outcome == "withdrawn"
    assert "/withdraw" not in visitor.response.text


def test_who_came_to_an_end_has_nothing_left_to_stop(visitor, tools, app) -> None:
    visitor.start().walk()
    visitor.open(f"{visitor.url}/withdraw")
    assert "Stop" not in visitor.page.form.choices
    assert visitor.page.form.choices == ["erase"]
    visitor.press("keep")
    assert tools.participants(app)[0].outcome == "completed"


STOPPING, DELETION = "You can stop at any time.", "you can have them deleted"
ALONE = '[texts]\nwithdrawal = "You can stop at any time. Until May you can have all deleted."\n'


def test_stopping_is_offered_to_those_who_can_still_stop_and_deletion_to_all(visitor) -> None:
    consent = visitor.start().response.text
    withdraw_page = visitor.open(f"{visitor.url}/withdraw").response.text
    visitor.open(visitor.url.removesuffix("/withdraw")).walk()
    end = visitor.response.text
    withdraw_page_of_the_end = visitor.open(f"{visitor.url}/withdraw").response.text
    for page in (consent, withdraw_page):
        assert STOPPING in page
    assert ">Stop and withdraw</a>" in consent
    for page in (end, withdraw_page_of_the_end):
        assert "top at any time" not in page
    for page in (consent, withdraw_page, end, withdraw_page_of_the_end):
        assert DELETION in page
    assert ">Delete my answers</a>" in end
    assert "Stop and withdraw" not in end


def test_the_end_of_a_study_whose_withdrawal_says_both_says_only_what_holds(
    empty_app, tools, tmp_path
) -> None:
    bundle = tools.build_bundle(tmp_path / "old", f"{tools.study_text()}\n{ALONE}")
    tools.load(empty_app, bundle.path)
    visitor = tools.visitor(empty_app.test_client()).start()
    assert "Until May you can have all deleted." in visitor.response.text
    assert DELETION not in visitor.response.text
    end = visitor.walk().response.text
    assert "top at any time" not in end
    assert "You can have your answers deleted, by the link at the bottom of this page" in end


def test_who_declined_has_nothing_to_withdraw(visitor, tools, app) -> None:
    visitor.start().press("decline")
    assert "/withdraw" not in visitor.response.text
    here = visitor.url
    visitor.open(f"{here}/withdraw")
    assert visitor.url == here


def test_withdrawing_needs_a_link_that_is_known_and_a_choice_that_is_offered(
    app, visitor, tools
) -> None:
    client = app.test_client()
    assert client.get("/p/unknown/withdraw").status_code == 404
    visitor.start().walk(until="judge")
    page = visitor.open(f"{visitor.url}/withdraw").page
    token = page.form.fields["csrf_token"]
    for data, status in (
        ({"answer": "erase"}, 400),
        ({"answer": "all", "csrf_token": token}, 400),
    ):
        assert visitor.client.post(page.form.action, data=data).status_code == status
    assert tools.participants(app)[0].outcome is None


def test_who_withdraws_after_the_last_answer_is_paid_all_the_same(app, visitor, tmp_path) -> None:
    visitor.start(IDS).walk()
    withdraw(visitor, "erase")
    assert CODE_URL in visitor.response.text
    (tmp_path / "list.csv").write_text(
        "Submission id,Participant id,Status,Completion code\n"
        "one,5f9b2c1e0a7d4e3b8c6f1a20,AWAITING REVIEW,CDONE123\n"
    )
    for command in (["reconcile", "list.csv"], ["payments", "payments.csv"]):
        args = ["study", command[0], str(tmp_path / command[1])]
        assert app.test_cli_runner().invoke(args=args).exit_code == 0
    assert ",withdrawn,approve,1.80," in (tmp_path / "payments.csv").read_text()


def test_a_place_of_a_person_who_withdrew_is_free(app, visitor, another_visitor, tools) -> None:
    visitor.start()
    first = tools.participants(app)[0]
    withdraw(visitor, "keep")
    for _ in range(3):
        another_visitor().start()
    assert first.condition in [participant.condition for participant in tools.participants(app)[1:]]


def test_withdrawing_deletes_all_of_it(respondent, asking_app, tools):
    finish(respondent, RIGHT)
    respondent.open(f"{respondent.url}/withdraw").press("erase")
    for table in (QuestionnaireAnswer, AttentionAnswer, Comment):
        assert tools.rows(asking_app, table) == []
