"""What to paste into Prolific, what its list of submissions tells, and whom to pay."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from stimuli.study import Outcome, Pay
from study_app.database import db
from study_app.enums import SubmissionStatus
from study_app.errors import RefusalError
from study_app.identity_models import Demographic, Submission
from study_app.models import AuditEntry
from study_app.prolific.payments import Action, Case, payment
from study_app.prolific.submissions import read_submissions
from study_app.tokens import sign_in_token

HEADER = (
    *("Submission id", "Participant id", "Status", "Started at", "Completed at", "Time taken"),
    *("Completion code", "Total approvals", "Fluent languages", "Age", "Sex"),
)
PAY = Pay(reward=1.8, partial={Outcome.FAILED_VALIDATION: 0.5, Outcome.ERROR: 1.0})


def listed(folder: Path, *rows: dict[str, str], header: tuple[str, ...] = HEADER) -> Path:
    """A list of submissions as Prolific writes it, with what a row does not say left empty."""
    path = folder / "prolific_export.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, header, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def row(number: int, status: str, **more: str) -> dict[str, str]:
    """The submission of a person with this number."""
    return {
        "Submission id": f"session{number}",
        "Participant id": f"{number:024x}",
        "Status": status,
        "Started at": "2026-03-14T09:26:53.589000Z",
        "Completion code": "CDONE123" if status == "AWAITING REVIEW" else "NOCODE",
    } | more


@pytest.fixture
def arrive(app: Flask, tools) -> Callable[[int], object]:
    """People come from Prolific; each is known by a number."""

    def come(number: int):
        ids = f"PROLIFIC_PID={number:024x}&STUDY_ID=study&SESSION_ID=session{number}"
        return tools.visitor(app.test_client()).start(f"?{ids}")

    return come


@pytest.fixture
def study(app: Flask) -> Callable[..., str]:
    """Runs a command of `study`, which must succeed; what it printed."""

    def run(*arguments: object) -> str:
        result = app.test_cli_runner().invoke(args=["study", *map(str, arguments)])
        assert result.exit_code == 0, result.output
        return result.output

    return run


def outcomes(app: Flask, tools) -> list[Outcome | None]:
    """How everybody ended, in the order in which they came."""
    return [participant.outcome for participant in tools.participants(app)]


def test_the_setup_tells_the_address_and_a_code_for_each_outcome_that_has_a_page(study) -> None:
    text = study("prolific-setup", "--url", "https://study.example.org")
    address = "https://study.example.org/?PROLIFIC_PID={{%PROLIFIC_PID%}}&STUDY_ID="
    assert address in text
    lines = {line.split()[0]: line.split() for line in text.splitlines() if line.strip()}
    assert lines["completed"][1:] == ["CDONE123", "COMPLETED", "AUTOMATICALLY_APPROVE"]
    assert lines["declined"][2:] == ["NO_CONSENT", "REQUEST_RETURN"]
    assert lines["failed_validation"][2:] == ["OTHER", "REQUEST_RETURN"]
    assert lines["failed_attention"][2:] == ["FAILED_ATTENTION_CHECK", "MANUALLY_REVIEW"]
    with_a_page = set(Outcome) - {Outcome.RETURNED, Outcome.TIMED_OUT}
    assert with_a_page == lines.keys() & set(Outcome)
    assert len({line[1] for name, line in lines.items() if name in with_a_page}) == 9


def test_failing_validation_is_a_paid_screen_out_where_the_study_says_so(
    empty_app, tools, tmp_path
) -> None:
    paid = "reward = 1.8\npartial = { failed_validation = 0.5 }\n"
    text = tools.study_text(live=True).replace("reward = 1.8\n", paid)
    tools.load(empty_app, tools.build_bundle(tmp_path / "paid", text).path)
    output = empty_app.test_cli_runner().invoke(args=["study", "prolific-setup"]).output
    [line] = [line for line in output.splitlines() if line.startswith("failed_validation")]
    assert line.endswith("FIXED_SCREENOUT         FIXED_SCREEN_OUT_PAYMENT of £0.50")
    visitor = tools.visitor(empty_app.test_client()).start()
    assert "show that the task is not for you, you receive £0.50." in visitor.response.text


def test_who_left_gives_the_place_back_and_who_finished_keeps_the_answers(
    app, arrive, study, tools, tmp_path
) -> None:
    arrive(1).press("agree")
    arrive(2).press("agree")
    arrive(3).walk()
    arrive(4).walk()
    arrive(5)
    path = listed(
        tmp_path,
        row(1, "RETURNED"),
        row(2, "TIMED-OUT"),
        row(3, "TIMED-OUT"),
        row(4, "AWAITING REVIEW"),
        row(5, "AWAITING REVIEW"),
        row(6, "RETURNED"),
    )
    names = [participant.participant_id for participant in tools.participants(app)]
    text = study("reconcile", path)
    assert outcomes(app, tools) == ["returned", "timed_out", "completed", "completed", None]
    assert f"places are free again: {names[0]}, {names[1]}" in text
    assert f"Prolific calls it invalid: {names[2]}" in text
    assert f"but did not finish: {names[4]}" in text
    assert "nobody who pressed Start here: session6" in text
    assert "2 AWAITING REVIEW, 2 RETURNED, 2 TIMED-OUT" in text


def test_a_place_that_was_given_back_goes_to_the_next_person(
    app, arrive, study, tools, tmp_path
) -> None:
    conditions = len(tools.participants(app)) or 3
    for number in range(conditions):
        arrive(number)
    left = tools.participants(app)[1]
    study("reconcile", listed(tmp_path, row(1, "RETURNED")))
    arrive(9)
    latest = tools.participants(app)[-1]
    assert latest.condition == left.condition


def test_a_second_list_replaces_the_first_and_people_missing_from_it_are_named(
    app, arrive, study, tools, tmp_path
) -> None:
    arrive(1).walk()
    arrive(2)
    study("reconcile", listed(tmp_path, row(1, "ACTIVE", Age="31", Sex="Male")))
    revoked = row(1, "AWAITING REVIEW", Age="CONSENT_REVOKED", Sex="DATA_EXPIRED")
    text = study("reconcile", listed(tmp_path, revoked))
    assert f"the list does not have them: {tools.participants(app)[1].participant_id}" in text
    with app.app_context():
        [kept] = db.session.scalars(select(Submission)).all()
        assert kept.status is SubmissionStatus.AWAITING_REVIEW
        assert db.session.scalars(select(Demographic)).all() == []
        acts = [entry.act for entry in db.session.scalars(select(AuditEntry))]
    assert acts[1:] == ["reconciled 1 submissions of Prolific; 0 places released"] * 2


def test_what_people_told_prolific_is_kept_by_the_name_of_its_column(
    app, arrive, study, tmp_path
) -> None:
    arrive(1).press("agree")
    told = {"Age": "31", "Sex": "Not Applicable", "Fluent languages": "Czech, English"}
    study("reconcile", listed(tmp_path, row(1, "ACTIVE", **told)))
    with app.app_context():
        found = {(d.name, d.value) for d in db.session.scalars(select(Demographic))}
    assert found == {("Age", "31"), ("Fluent languages", "Czech, English")}


def test_another_code_than_that_of_the_outcome_and_another_person_are_named(
    app, arrive, study, tools, tmp_path
) -> None:
    arrive(1).walk()
    arrive(2).walk()
    wrong = row(1, "AWAITING REVIEW", **{"Completion code": "NOCODE"})
    stranger = row(2, "AWAITING REVIEW", **{"Participant id": "somebody"})
    text = study("reconcile", listed(tmp_path, wrong, stranger))
    names = [participant.participant_id for participant in tools.participants(app)]
    assert f"no code, or that of another outcome: {names[0]}\n" in text
    assert f"another Prolific id than the list has: {names[1]}" in text


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


@pytest.mark.parametrize(
    ("status", "outcome", "action", "amount"),
    [
        (SubmissionStatus.AWAITING_REVIEW, Outcome.COMPLETED, Action.APPROVE, 1.8),
        (SubmissionStatus.TIMED_OUT, Outcome.COMPLETED, Action.APPROVE, 1.8),
        (SubmissionStatus.RETURNED, Outcome.COMPLETED, Action.REVIEW, None),
        (SubmissionStatus.APPROVED, Outcome.COMPLETED, Action.NOTHING, None),
        (SubmissionStatus.AWAITING_REVIEW, Outcome.FAILED_VALIDATION, Action.PAY_IN_PART, 0.5),
        (SubmissionStatus.AWAITING_REVIEW, Outcome.ERROR, Action.PAY_IN_PART, 1.0),
        (SubmissionStatus.SCREENED_OUT, Outcome.FAILED_VALIDATION, Action.NOTHING, None),
        (SubmissionStatus.AWAITING_REVIEW, Outcome.DECLINED, Action.ASK_TO_RETURN, None),
        (SubmissionStatus.AWAITING_REVIEW, Outcome.FAILED_ATTENTION, Action.REVIEW, None),
        (SubmissionStatus.AWAITING_REVIEW, None, Action.REVIEW, None),
        (SubmissionStatus.TIMED_OUT, Outcome.TIMED_OUT, Action.NOTHING, None),
        (SubmissionStatus.RETURNED, Outcome.RETURNED, Action.NOTHING, None),
        (SubmissionStatus.ACTIVE, None, Action.NOTHING, None),
    ],
)
def test_each_submission_has_one_thing_to_do(status, outcome, action, amount) -> None:
    due = payment(Case(status=status, arrived=True, outcome=outcome, n_answered=3), PAY)
    assert (due.action, due.amount) == (action, amount)
    assert due.reason


@pytest.mark.parametrize("status", SubmissionStatus)
@pytest.mark.parametrize("outcome", [None, *Outcome])
def test_failing_the_task_is_asked_to_return_or_paid_and_nobody_is_rejected(
    status, outcome
) -> None:
    for arrived in (True, False):
        case = Case(status=status, arrived=arrived, outcome=outcome, n_answered=0)
        assert "reject" not in payment(case, PAY).action
    assert not [action for action in Action if "reject" in action]


def test_the_payments_name_every_submission_once_and_are_noted(
    app, arrive, study, tmp_path
) -> None:
    arrive(1).walk()
    arrive(2).press("decline")
    rows = (row(1, "AWAITING REVIEW"), row(2, "AWAITING REVIEW"), row(7, "AWAITING REVIEW"))
    study("reconcile", listed(tmp_path, *rows))
    path = tmp_path / "payments.csv"
    assert "1 approve, 1 ask to return, 1 review" in study("payments", path)
    with path.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert [(r["submission_id"], r["action"], r["amount"]) for r in found] == [
        ("session1", "approve", "1.80"),
        ("session2", "ask to return", ""),
        ("session7", "review", ""),
    ]
    assert found[0]["prolific_pid"] == f"{1:024x}"
    with app.app_context():
        acts = [entry.act for entry in db.session.scalars(select(AuditEntry))]
    assert acts[-1] == f"wrote 3 payments, with ids of Prolific, to {path}"


def test_payments_need_a_list_and_a_new_file(app, tmp_path) -> None:
    run = app.test_cli_runner().invoke
    assert "study reconcile" in run(args=["study", "payments", str(tmp_path / "p.csv")]).output
    (tmp_path / "p.csv").touch()
    assert "is there already" in run(args=["study", "payments", str(tmp_path / "p.csv")]).output


def test_the_experimenter_is_warned_where_the_median_earns_less_than_the_floor(
    empty_app, tools, tmp_path
) -> None:
    text = tools.study_text().replace("reward = 1.8\n", "reward = 1.8\nfloor_per_hour = 1e9\n")
    tools.load(empty_app, tools.build_bundle(tmp_path / "paid", text).path)
    run = empty_app.test_cli_runner().invoke
    assert "an hour" not in run(args=["study", "status"]).output
    tools.visitor(empty_app.test_client()).start().walk()
    assert "pay more" in run(args=["study", "status"]).output
    with empty_app.app_context():
        link = f"/experimenter/enter/{sign_in_token()}"
    page = tools.visitor(empty_app.test_client()).open(link).response.text
    assert '<p class="warning">Of those who completed' in page
