"""Questions on the instructions: two chances, an end of its own, and no ground for a rejection."""

import re

import pytest

from stimuli.study import ComprehensionCheck, Outcome
from study_app.active_study import active_study
from study_app.answer_models import ComprehensionAnswer
from study_app.enrolment.leases import has_lapsed
from study_app.enums import SubmissionStatus
from study_app.models import ConditionTally
from study_app.prolific.payments import Action, Case, payment
from study_app.session.attention import FailedCheck
from tests.study_app.asking import COMPREHENSION, MISUNDERSTOOD, UNDERSTOOD
from tests.study_app.dashboard.console import text_of
from tests.study_app.enrolment.changes import from_prolific
from tests.study_app.visiting import read_csv, verdict

AT_ONCE = {"Prefer": "return=representation"}
AGAIN = "Not all of your answers were right"


@pytest.fixture
def explained_app(empty_app, tools, tmp_path):
    """A server whose study asks about the instructions."""
    text = tools.study_text(practice=1, validation=1) + COMPREHENSION + "[assignment]\nquota = 10\n"
    tools.load(empty_app, tools.build_bundle(tmp_path / "explained", text).path)
    return empty_app


@pytest.fixture
def reader(explained_app, tools):
    """Somebody who comes from Prolific and has read the instructions."""
    visitor = tools.visitor(explained_app.test_client()).start(from_prolific("one"))
    visitor.walk(until="instructions")
    assert "Begin the practice" not in visitor.response.text
    return visitor.press("continue")


def stored(tools, app):
    """What was answered at which chance."""
    return [(a.chance, a.name, a.value) for a in tools.rows(app, ComprehensionAnswer)]


def test_who_understands_at_once_goes_on_to_the_practice(reader, explained_app, tools):
    assert reader.screen == "comprehension"
    assert AGAIN not in reader.response.text
    assert reader.press("continue", **{"question-who": ""}).response.status_code == 422
    assert stored(tools, explained_app) == []  # a missing answer uses up no chance
    assert reader.press("continue", **UNDERSTOOD).screen == "judge"
    assert stored(tools, explained_app) == [(1, "who", "Sam"), (1, "what", "Photos")]
    assert reader.walk().screen == "debrief"
    [participant] = tools.participants(explained_app)
    assert (participant.outcome, participant.understood_at is None) == ("completed", False)


def test_no_option_looks_like_the_expected_one(reader):
    options = re.findall(r"<label.*?</label>", reader.response.text, re.DOTALL)
    names = re.compile("Nobody|Sam|Photos|Poems|who|what|[0-9]")
    assert len(options) == 4
    assert len({names.sub("…", option) for option in options}) == 1


def test_who_had_something_wrong_reads_again_and_has_a_second_chance(reader, explained_app, tools):
    first = reader.page.form.fields | MISUNDERSTOOD | {"answer": "continue"}
    reader.press("continue", **MISUNDERSTOOD)
    for page in (reader.response.text, reader.open(reader.url).response.text):
        assert AGAIN in page
        assert "Sam is often wrong" in page
        assert page.count("This was not right. Please choose again.") == 1
        assert 'value="Photos" checked' in page
        assert 'value="Nobody" checked' not in page
    reply = reader.client.post(
        reader.page.form.action, data=first, headers=AT_ONCE
    )  # its reply was lost
    assert verdict(reply) == "already"
    assert reader.press("continue", **UNDERSTOOD).screen == "judge"
    assert [chance for chance, *_ in stored(tools, explained_app)] == [1, 1, 2, 2]


def test_who_fails_twice_ends_with_a_code_of_its_own_and_gives_the_place_back(
    reader, explained_app, tools, tmp_path
):
    second = reader.press("continue", **MISUNDERSTOOD).page.form.fields
    last = second | MISUNDERSTOOD | {"answer": "continue"}
    assert reader.press("continue", **MISUNDERSTOOD).screen == "debrief"
    assert "we explained the task clearly enough" in text_of(reader)
    reply = reader.client.post(f"{reader.url}/answer", data=last, headers=AT_ONCE)
    assert verdict(reply) == "already"
    [participant] = tools.participants(explained_app)
    assert participant.outcome is Outcome.FAILED_COMPREHENSION
    assert has_lapsed(participant)
    tools.visitor(explained_app.test_client()).start(from_prolific("two", "0" * 24))
    assert sum(tally.places for tally in tools.rows(explained_app, ConditionTally)) == 1
    again = tools.visitor(explained_app.test_client()).start(from_prolific("three"))
    assert "You took part already" in again.response.text
    run = explained_app.test_cli_runner().invoke
    lines = [line.split() for line in run(args=["study", "prolific-setup"]).output.splitlines()]
    [line] = [line for line in lines if line[:1] == ["failed_comprehension"]]
    assert line[2:] == ["OTHER", "REQUEST_RETURN"]
    assert line[1] in reader.response.text
    assert "1 failed_comprehension" in run(args=["study", "status"]).output
    run(args=["study", "export", str(tmp_path / "out")])
    rows = read_csv(tmp_path / "out" / "comprehension.csv")
    assert [(r["chance"], r["name"], r["right"]) for r in rows] == [
        *(("1", "what", "1"), ("1", "who", "0")),
        *(("2", "what", "1"), ("2", "who", "0")),
    ]
    described = (tmp_path / "out/columns.json").read_text("utf-8")
    assert "Who is often wrong? (Nobody | Sam)" in described
    run(args=["study", "erase", "--participant", participant.participant_id, "--yes"])
    assert stored(tools, explained_app) == []


def test_a_sum_makes_it_a_screen_out_that_prolific_pays_on_one_code_only(
    empty_app, tools, tmp_path, study_file
):
    def codes(partial, name):
        text = tools.study_text(live=True) + COMPREHENSION
        text = text.replace("reward = 1.8\n", f"reward = 1.8\npartial = {{ {partial} }}\n")
        tools.load(empty_app, bundle.path, "--study", study_file(text))
        output = empty_app.test_cli_runner().invoke(args=["study", "prolific-setup"]).output
        [line] = [line for line in output.splitlines() if line.startswith(name)]
        return line.split(maxsplit=2)[2]

    bundle = tools.build_bundle(tmp_path / "paid", tools.study_text(live=True))
    one, both = "failed_comprehension = 0.2", "failed_comprehension = 0.2, failed_validation = 0.5"
    fixed = ["FIXED_SCREENOUT", "FIXED_SCREEN_OUT_PAYMENT", "of"]
    assert codes(one, "failed_comprehension").split() == [*fixed, "£0.20"]
    assert codes(both, "failed_validation").split() == [*fixed, "£0.50"]
    assert codes(both, "failed_comprehension").split() == ["OTHER", "MANUALLY_REVIEW"]
    case = Case(
        status=SubmissionStatus.AWAITING_REVIEW,
        arrived=True,
        outcome=Outcome.FAILED_COMPREHENSION,
        n_answered=0,
    )
    with empty_app.app_context():
        due = payment(case, active_study(fresh=True).study.pay)
    assert (due.action, due.amount) == (Action.PAY_IN_PART, 0.2)
    page = tools.visitor(empty_app.test_client()).start().response.text
    assert "show that they are not clear to you, you receive £0.20." in page


def test_no_comprehension_check_is_a_ground_for_a_rejection():
    check = ComprehensionCheck(name="who", text="Who?", options=("Sam", "I"), expected="Sam")
    with pytest.raises(TypeError, match="only an attention check can be failed"):
        FailedCheck(check=check, answer="I")  # mypy refuses it as well
