"""The experimenter's page, and what can be decided on it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from study_app.active_study import active_study
from study_app.audit import audit_text, latest_acts
from study_app.dashboard.coverage import coverage
from study_app.dashboard.inactive import inactive_participants
from study_app.database import db, now, writing
from study_app.enums import Wave
from study_app.models import AuditEntry, LoadedStudy, Participant, Trial
from study_app.simulation.html import read_page
from study_app.tokens import SIMULATED_HEADER, sign_in_token, simulated_token


@pytest.fixture
def console(app, tools):
    """Somebody who signed in as the experimenter."""
    with app.app_context():
        address = f"/experimenter/enter/{sign_in_token()}"
    return tools.visitor(app.test_client()).open(address)


@pytest.fixture
def study(app):
    """Runs a command of `study`, which must succeed; what it printed."""

    def run(*arguments):
        result = app.test_cli_runner().invoke(args=["study", *arguments])
        assert result.exit_code == 0, result.output
        return result.output

    return run


def send(console, action, **fields):
    """Send one of the page's forms."""
    form = next(form for form in console.page.forms if form.action == f"/experimenter/{action}")
    reply = console.client.post(form.action, data=form.fields | fields)
    console.open("/experimenter")
    return reply


def text_of(visitor):
    """What the page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", visitor.response.text).split())


def acts(app):
    """The log, the oldest first."""
    with app.app_context():
        return [entry.act for entry in db.session.scalars(select(AuditEntry))]


def set_quota(app, quota):
    """As `study load` will."""
    with app.app_context(), writing():
        db.session.execute(update(LoadedStudy).values(quota=quota))


def expert(bundle):
    """Chooses the right answer to every question, by the picture."""
    right = {
        f"/media/{bundle.stimulus_by_id[p.stimulus_id].image.split('/')[1]}": p.right
        for p in bundle.predictions
    }

    def choose(page):
        if page.form.fields["screen"] != "judge":
            return page.form.choices[0]
        return "yes" if any(right.get(picture) for picture in page.pictures) else "no"

    return choose


def test_the_funnel_counts_every_step_and_every_other_end(app, console, another_visitor):
    another_visitor().start().walk()
    another_visitor().start().press("decline")
    another_visitor().start().walk(until="judge")
    console.open("/experimenter")
    text = text_of(console)
    for words in ("3 pressed Start", "1 completed", "1 under way", "1 declined"):
        assert words in text
    sums = {
        step: sum(map(int, re.findall(rf"{step} (\d+)", text)))
        for step in ("Pressed Start", "Agreed", "Read the instructions", "Completed")
    }
    expected = {"Pressed Start": 3, "Agreed": 2, "Read the instructions": 2, "Completed": 1}
    assert sums == expected
    assert "5 with 5 right" not in text


def test_scores_of_the_first_questions_are_shown_by_condition(app, console, bundle, visitor):
    visitor.start().walk(choose=expert(bundle))
    console.open("/experimenter")
    assert "1 of 1 passed (100&nbsp;%)" in text_of(console)
    assert "1 with 10 right" in text_of(console)


def test_paused_recruiting_takes_nobody_new_in_while_people_under_way_go_on(
    app, console, visitor, another_visitor, tools
):
    ids = "?PROLIFIC_PID=ann&STUDY_ID=s&SESSION_ID=one"
    visitor.start(ids).walk(until="judge")
    stranger = another_visitor().open("/")
    send(console, "recruiting", answer="pause")
    assert "Recruiting is paused" in text_of(console)
    stranger.press()
    assert stranger.response.status_code == 503
    assert "come back later" in stranger.response.text
    assert len(tools.participants(app)) == 1
    assert another_visitor().start(ids).url == visitor.url
    assert visitor.walk().screen == "debrief"
    send(console, "recruiting", answer="resume")
    assert another_visitor().start().screen == "consent"
    assert acts(app)[-2:] == ["paused recruiting", "resumed recruiting"]


def test_a_rehearsal_goes_on_while_recruiting_is_paused(app, console, tools):
    send(console, "recruiting", answer="pause")
    with app.app_context():
        headers = {SIMULATED_HEADER: simulated_token()}
    client = app.test_client()
    [form] = read_page(client.get("/", headers=headers).text).forms
    assert client.post(form.action, data=form.fields, headers=headers).status_code == 303
    assert [participant.simulated for participant in tools.participants(app)] == [True]


def test_a_quota_can_be_raised_and_never_lowered(app, console):
    assert "quota" not in {form.action.split("/")[-1] for form in console.page.forms}
    set_quota(app, 20)
    console.open("/experimenter")
    assert "20 qualified people in each condition" in text_of(console)
    send(console, "quota", quota="30")
    assert "30 qualified people in each condition" in text_of(console)
    for refused in ("30", "5", "-1", "99999999999999999999"):
        send(console, "quota", quota=refused)
        assert "must be above 30" in console.response.text
    assert send(console, "quota", quota="many").status_code == 400
    with app.app_context():
        assert db.session.scalars(select(LoadedStudy)).one().quota == 30
    assert acts(app)[-1] == "raised the quota per condition from 20 to 30"


def test_accuracy_is_hidden_until_somebody_asks_for_it_which_is_noted(
    app, console, bundle, visitor
):
    visitor.start().walk(choose=expert(bundle))
    console.open("/experimenter")
    assert "100.0&nbsp;%" not in console.response.text
    assert acts(app)[-1] == "signed in by the link of `study links`"
    send(console, "accuracy", answer="show")
    assert "100.0&nbsp;% over 1 person" in text_of(console)
    assert acts(app)[-1] == "looked at the accuracy in the test phase, and is not blind any more"
    send(console, "accuracy", answer="hide")
    assert "100.0&nbsp;%" not in console.response.text


def test_coverage_counts_the_views_of_qualified_people_only(app, bundle, another_visitor, tools):
    """Six test trials out of twelve pictures: who is at the gate counts, who is below does not."""
    for _ in range(3):
        another_visitor().start().walk(choose=expert(bundle))
    another_visitor().start().walk()  # accepts everything: half of the first questions right
    another_visitor().start().walk(until="debrief", choose=lambda page: page.form.choices[-1])
    with app.app_context():
        active = active_study()
        found = {one.condition: one for one in coverage(active, Wave.MAIN, simulated=False)}
        assert coverage(active, Wave.MAIN, simulated=True)[0].stimuli == (12, 0, 0, 0)
    assert [one.qualified for one in found.values()] == [1, 1, 1]
    assert {one.stimuli for one in found.values()} == {(6, 6, 0, 0)}


def test_more_than_two_views_are_told_together(empty_app, tools, tmp_path):
    text = tools.study_text(practice=1, validation=1, test=6).replace(
        "min_correct = 1", "min_correct = 0"
    )
    tools.load(empty_app, tools.build_bundle(tmp_path / "small", text, per_cell=1).path)
    for _ in range(9):
        tools.visitor(empty_app.test_client()).start()
    with empty_app.app_context(), writing():
        db.session.execute(update(Trial).values(decision="accept"))
        db.session.execute(update(Participant).values(outcome="completed", qualified=True))
    with empty_app.app_context():
        found = coverage(active_study(), Wave.MAIN, simulated=False)
    assert [one.stimuli for one in found] == [(0, 0, 0, 6)] * 3


def test_the_page_says_what_the_validation_takes_or_that_there_is_none(
    console, empty_app, tools, tmp_path
):
    said = "To pass the validation, 8 of 10 trials must be right"
    assert said in text_of(console)
    text = tools.study_text().replace('[[phases]]\nname = "validation"\n', "")
    tools.load(empty_app, tools.build_bundle(tmp_path / "without", text).path)
    with empty_app.app_context():
        address = f"/experimenter/enter/{sign_in_token()}"
    other = tools.visitor(empty_app.test_client()).open(address)
    assert "There is no validation to pass." in text_of(other)
    assert "To pass" not in text_of(other)


def test_people_of_whom_nothing_was_heard_are_listed(app, console, visitor, another_visitor, tools):
    visitor.start().walk(until="judge").answer("yes")
    another_visitor().start()
    with app.app_context():
        assert inactive_participants(Wave.MAIN) == []
        with writing():
            silent, lively = db.session.scalars(select(Participant).order_by(Participant.id))
            silent.started_at = lively.started_at = now() - timedelta(hours=1)
            silent.seen_at = now() - timedelta(minutes=42)
        [one] = inactive_participants(Wave.MAIN)
        assert (one.participant_id, one.n_decisions, one.silent_minutes) == (
            silent.participant_id,
            1,
            42,
        )
    console.open("/experimenter")
    assert f"{silent.participant_id} {silent.condition} 1 42 min" in text_of(console)
    assert lively.participant_id not in console.response.text


def test_every_wave_that_somebody_came_in_can_be_looked_at(app, console, another_visitor, study):
    """One completed in the pilot, two started in the main wave."""
    assert "Waves" not in console.response.text  # there is nothing to choose
    study("recruit", "pilot")
    another_visitor().start().walk()
    study("recruit", "main")
    another_visitor().start()
    another_visitor().start()
    console.open("/experimenter")
    assert "pilot 1 main 2" in text_of(console)
    assert "2 pressed Start" in text_of(console)
    [pilot] = [link for link in console.page.links if link.endswith("wave=pilot")]
    console.open(pilot)
    assert "Wave: pilot" in text_of(console)
    assert "1 pressed Start" in text_of(console)
    assert "1 completed" in text_of(console)


def test_a_wave_that_does_not_recruit_is_read_and_not_steered(app, console, another_visitor, study):
    another_visitor().start()
    set_quota(app, 20)
    console.open("/experimenter?wave=main")
    assert "of 20 qualified" in text_of(console)
    console.open("/experimenter?wave=pilot")
    assert "Recruiting is for the main wave" in text_of(console)
    assert "of 20 qualified" not in text_of(console)
    actions = {form.action.partition("?")[0] for form in console.page.forms}
    assert actions == {"/experimenter/accuracy", "/experimenter/logout"}
    assert console.open("/experimenter?wave=nonsense").response.status_code == 404


def test_the_accuracy_of_another_wave_is_as_hidden(app, console, bundle, visitor, study):
    study("recruit", "pilot")
    visitor.start().walk(choose=expert(bundle))
    study("recruit", "main")
    console.open("/experimenter?wave=pilot")
    assert "100.0&nbsp;%" not in console.response.text
    [form] = [form for form in console.page.forms if "accuracy" in form.action]
    reply = console.client.post(form.action, data=form.fields | {"answer": "show"})
    assert reply.headers["Location"] == "/experimenter?wave=pilot"
    assert acts(app)[-1] == "looked at the accuracy in the test phase, and is not blind any more"
    console.open("/experimenter?wave=pilot")
    assert "100.0&nbsp;% over 1 person" in text_of(console)


def test_a_wave_of_simulated_people_alone_can_be_looked_at(app, console, tools, study):
    study("recruit", "pilot")
    with app.app_context():
        headers = {SIMULATED_HEADER: simulated_token()}
    rehearser = tools.visitor(app.test_client()).open("/")
    form = rehearser.page.form
    rehearser.client.post(form.action, data=form.fields, headers=headers)
    study("recruit", "main")
    console.open("/experimenter?wave=pilot")
    assert "pilot 0 main 0 simulated 1" in text_of(console)
    assert "#simulated" in console.page.links


def test_silent_people_of_another_wave_are_listed_with_that_wave(app, console, visitor, study):
    visitor.start()
    with app.app_context(), writing():
        db.session.execute(update(Participant).values(seen_at=now() - timedelta(hours=1)))
    study("recruit", "pilot")
    assert "Everybody who is under way" in text_of(console.open("/experimenter"))
    assert "60 min" in text_of(console.open("/experimenter?wave=main"))


def test_the_status_of_any_wave_is_printed(app, another_visitor, study):
    another_visitor().start()
    assert study("status").startswith("The main wave; places in each condition: no end\nPart")
    study("recruit", "pilot")
    assert study("status").startswith(
        "The pilot wave; places in each condition: no end\nOther waves (--wave): main 1 started\n"
    )
    printed = study("status", "--wave", "main")
    assert printed.startswith(
        "The main wave; recruiting is for the pilot wave\nOther waves (--wave): pilot 0 started\n"
    )
    assert "Participants: 0 of 1 completed" in printed


def test_a_wrong_password_again_and_again_fills_one_line_of_the_log(app):
    with app.app_context():
        with writing():
            db.session.add_all(
                AuditEntry(at=now(), act=act)
                for act in ("paused recruiting", *["refused a wrong password"] * 9, "exported")
            )
        newest = latest_acts(2)
        assert [(one.act, one.times) for one in newest] == [
            ("exported", 1),
            ("refused a wrong password", 9),
        ]
        _, first, second, third = audit_text().splitlines()  # after "loaded the study"
    assert first.endswith("UTC  paused recruiting")
    assert second.endswith("refused a wrong password (× 9)")
    assert third.endswith("exported")


def test_everything_that_an_experimenter_does_is_in_the_log(app, console, visitor, tmp_path):
    visitor.start("?PROLIFIC_PID=ann&STUDY_ID=s&SESSION_ID=one").walk()
    (tmp_path / "list.csv").write_text("Submission id,Participant id,Status\none,ann,APPROVED\n")
    password = "a long enough password\n"
    for arguments in (
        ("export", tmp_path / "export"),
        ("export", tmp_path / "with ids", "--with-ids"),
        ("prolific-setup",),
        ("reconcile", tmp_path / "list.csv"),
        ("payments", tmp_path / "payments.csv"),
        ("backup", tmp_path / "backup.sqlite"),
        ("erase", "--prolific", "ann", "--yes"),
        ("password",),
    ):
        args = ["study", *map(str, arguments)]
        result = app.test_cli_runner().invoke(args=args, input=password * 2)
        assert result.exit_code == 0, result.output
    printed = app.test_cli_runner().invoke(args=["study", "audit"]).output.splitlines()
    for line, words in zip(
        printed,
        (
            "loaded the study invented",
            "signed in by the link",
            f"exported the main wave to {tmp_path / 'export'}",
            f"exported the main wave to {tmp_path / 'with ids'}, with ids of Prolific",
            "printed the completion codes",
            "reconciled 1 submissions",
            "payments",
            "backed up the database, ids included",
            "erased what",
            "set the experimenter's password",
        ),
        strict=True,
    ):
        assert words in line


@pytest.mark.parametrize("action", ["recruiting", "quota", "accuracy"])
def test_who_is_not_signed_in_decides_nothing(app, visitor, action):
    token = visitor.open("/").page.form.fields["csrf_token"]
    before = acts(app)
    reply = visitor.client.post(
        f"/experimenter/{action}",
        data={"csrf_token": token, "answer": "pause", "quota": "50"},
    )
    assert reply.headers["Location"] == "/experimenter/login"
    assert acts(app) == before
