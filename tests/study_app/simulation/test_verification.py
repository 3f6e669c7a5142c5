"""A rehearsal compares what the server acknowledged with what the database holds.

Triggers spoil the database while the real server writes to it.
"""

import re
import shutil

import pytest
from sqlalchemy import func, select, text

from study_app import create_app
from study_app.answer_models import Comment, QuestionnaireAnswer, Trial
from study_app.database import db, writing
from study_app.simulation.server import serving

ASKED = """
[[questions]]
name = "age"
text = "How old are you?"
kind = "number"
low = 18
required = true

[[questions]]
name = "job"
text = "What is your work?"
kind = "text"

[[questions]]
name = "trust"
text = "Did you trust Sam?"
kind = "choice"
options = ["\\"Yes\\" & always", "Größtenteils", "No"]
when = "after"

[[comprehension]]
name = "who"
text = "Who is often wrong?"
options = ["Sam", "Nobody"]
expected = "Sam"

[[attention]]
name = "pink"
kind = "instructed"
text = "Please choose Pink."
options = ["Blue", "Pink"]
expected = "Pink"
after_trial = 1

[[attention]]
name = "walls"
kind = "nonsensical"
text = "I can walk through walls."
options = ["Agree", "Disagree"]
expected = ["Disagree"]
after_trial = 3
"""
DEBRIEF = '[[phases]]\nname = "debrief"'
MIX = "--mix=calibrated=0.25,double-clicking=0.25,dropping=0.25,quitting=0.25"
FIRST_TEST_TRIAL = "NEW.phase = 'test' AND NEW.trial_index = 0"
ANOTHER = "CASE NEW.decision WHEN 'accept' THEN 'reject' ELSE 'accept' END"
# What happens to an answer behind the server's back, and what is told of it.
SPOILT = {
    "tampered": (
        f"AFTER UPDATE OF decision ON trial WHEN {FIRST_TEST_TRIAL}",
        f"UPDATE trial SET decision = {ANOTHER} WHERE id = NEW.id",
        r"participant [0-9a-f]{12}, judge [0-9a-f]{16}: acknowledged '(yes|no)', stored '(yes|no)'",
    ),
    "deleted": (
        "AFTER UPDATE OF outcome ON participant WHEN NEW.outcome = 'completed'",
        "DELETE FROM trial WHERE participant = NEW.id AND phase = 'test' AND trial_index = 0",
        r"participant [0-9a-f]{12}, judge [0-9a-f]{16}: acknowledged '(yes|no)', stored nothing",
    ),
    "another number": (
        "AFTER INSERT ON questionnaire_answer WHEN NEW.name = 'age'",
        "UPDATE questionnaire_answer SET value = '7' WHERE participant = NEW.participant",
        r"participant [0-9a-f]{12}, questions age: acknowledged '\d+', stored '7'",
    ),
    "a lost remark": (
        "AFTER INSERT ON comment",
        "UPDATE comment SET text = NULL WHERE participant = NEW.participant",
        r"comments comments: acknowledged 'A simulated remark\.', stored nothing",
    ),
    "invented": (
        "AFTER UPDATE OF outcome ON participant WHEN NEW.outcome = 'completed'",
        "INSERT INTO attention_answer VALUES (NEW.id, 'blue', 'Blue', NEW.finished_at)",
        r"participant [0-9a-f]{12}, attention blue: acknowledged nothing, stored 'Blue'",
    ),
}


@pytest.fixture
def asking(empty_app, tools, tmp_path):
    """A short study that asks everything."""
    study = tools.study_text(practice=1, validation=1, test=3) + ASKED
    study = study.replace(DEBRIEF, f'[[phases]]\nname = "comments"\n{DEBRIEF}')
    tools.load(empty_app, tools.build_bundle(tmp_path / "asking", study).path)
    return empty_app


def simulate(app, *options):
    """Run `study simulate`: its exit status and what it printed."""
    result = app.test_cli_runner().invoke(args=["study", "simulate", *map(str, options)])
    return result.exit_code, result.output


@pytest.mark.slow
def test_every_acknowledged_answer_is_found_once_as_it_was_sent(asking, monkeypatch):
    monkeypatch.setattr("study_app.simulation.verification.PART", 3)
    status, output = simulate(asking, "-n", 8, "--seed", 3, MIX)
    assert status == 0, output
    compared = re.search(
        r"Compared (\d+) acknowledged answers with the database: each is there exactly once, "
        r"as it was sent\n",
        output,
    )
    with asking.app_context():
        tables = (Comment, QuestionnaireAnswer)
        asked = [db.session.scalar(select(func.count()).select_from(table)) for table in tables]
        judged = db.session.scalar(select(func.count(Trial.decision)))
    assert min(*asked, judged) > 0
    assert int(compared[1]) > sum(asked) + judged


@pytest.mark.slow
def test_answers_from_a_real_browser_are_compared_too(asking):
    pytest.importorskip("playwright")
    status, output = simulate(asking, "-n", 2, "--browser", 1)
    assert status == 0, output
    assert "each is there exactly once" in output


@pytest.mark.slow
@pytest.mark.parametrize("what", SPOILT)
def test_an_answer_that_is_not_there_as_it_was_sent_fails_the_rehearsal(asking, what):
    when, act, told = SPOILT[what]
    with asking.app_context(), writing():
        db.session.execute(text(f"CREATE TRIGGER spoil {when} BEGIN {act}; END"))
    status, output = simulate(asking, "-n", 2, "--seed", 1, "--mix=calibrated=1")
    assert status == 1
    assert re.search(r"Compared \d+ acknowledged answers with the database: \d+ do not", output)
    assert re.search(told, output), output


@pytest.mark.slow
def test_the_first_mismatches_are_named_and_the_others_counted(asking):
    with asking.app_context(), writing():
        act = "DELETE FROM trial WHERE participant = NEW.id"
        when = SPOILT["deleted"][0]
        db.session.execute(text(f"CREATE TRIGGER spoil {when} BEGIN {act}; END"))
    status, output = simulate(asking, "-n", 2, "--mix=calibrated=1")
    assert status == 1
    n = int(re.search(r"database: (\d+) do not agree", output)[1])
    assert n == 2 * (2 + 3 * 4)  # the practice trial has two screens, the others three
    assert output.count("stored nothing") == 10
    assert f"and {n - 10} more" in output


@pytest.mark.parametrize("same_key", [True, pytest.param(False, marks=pytest.mark.slow)])
@pytest.mark.slow
def test_a_server_on_another_database_cannot_be_compared(asking, tools, tmp_path, same_key):
    other = create_app({"TESTING": True}, instance_path=str(tmp_path / "other"))
    if same_key:
        shutil.copy(f"{asking.instance_path}/secret_key", other.instance_path)
        other.config["SECRET_KEY"] = asking.config["SECRET_KEY"]
    tools.load(other, tmp_path / "asking")
    with serving(other) as url:
        status, output = simulate(asking, "-n", 5, "--url", url)
    assert status == 1
    assert url in output
    assert "cannot be compared" in output
    assert tools.participants(asking) == []
    assert [participant.simulated for participant in tools.participants(other)] == [same_key]
    tools.close(other)
