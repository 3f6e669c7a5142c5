"""The live gate, completion codes, and what the last page says."""

import pytest

from study_app import create_app

PROLIFIC = "?PROLIFIC_PID=5f9b2c1e0a7d4e3b8c6f1a20&STUDY_ID=sss222&SESSION_ID=eee333"
CODE_URL = "https://app.prolific.com/submissions/complete?cc="


@pytest.fixture
def gated_app(empty_app, tools, tmp_path):
    """A server whose gate ends sessions at once."""
    bundle = tools.build_bundle(tmp_path / "gated", tools.study_text(live=True))
    tools.load(empty_app, bundle.path)
    return empty_app


def judge_validation(app, tools, bundle, *, rightly):
    """How to answer validation items rightly or wrongly."""

    def choose(page):
        if page.form.fields["screen"] != "judge":
            return page.form.choices[0]
        key = page.form.fields["trial"]
        [stimulus_id] = [t.stimulus_id for t in tools.trials(app) if t.key == key]
        [prediction] = [p for p in bundle.predictions if p.stimulus_id == stimulus_id]
        return "yes" if prediction.right == rightly else "no"

    return choose


def test_failing_a_live_gate_ends_the_session_kindly(gated_app, tools, bundle):
    visitor = tools.visitor(gated_app.test_client()).start()
    visitor.walk(choose=judge_validation(gated_app, tools, bundle, rightly=False))
    assert tools.participants(gated_app)[0].outcome == "failed_validation"
    assert "That is not your fault" in visitor.response.text
    phases = [trial.phase for trial in tools.trials(gated_app) if trial.shown_at]
    assert phases.count("validation") == 10
    assert "test" not in phases


def test_passing_a_live_gate_leads_to_the_test(gated_app, tools, bundle):
    visitor = tools.visitor(gated_app.test_client()).start()
    visitor.walk(choose=judge_validation(gated_app, tools, bundle, rightly=True))
    assert tools.participants(gated_app)[0].outcome == "completed"


def test_without_a_live_gate_everybody_goes_on(app, visitor, tools, bundle):
    visitor.start().walk(choose=judge_validation(app, tools, bundle, rightly=False))
    assert tools.participants(app)[0].outcome == "completed"


def test_the_completion_code_comes_with_the_last_answer_and_never_before(visitor):
    visitor.start(PROLIFIC).walk()
    *earlier, last = visitor.texts
    assert f"{CODE_URL}CDONE123" in last
    assert not [text for text in earlier if "CDONE123" in text]


def test_people_from_elsewhere_get_a_code_but_no_way_to_prolific(visitor):
    visitor.start().walk()
    assert "CDONE123" in visitor.response.text
    assert CODE_URL not in visitor.response.text


def test_an_outcome_without_a_code_gets_one_of_the_server(visitor, another_visitor):
    codes = []
    for participant in (visitor, another_visitor()):
        participant.start().press("decline")
        codes.append(participant.response.text.split('code-letters">')[1][:8])
    assert codes[0] == codes[1]
    assert codes[0].isalpha()
    assert codes[0].isupper()


def test_another_servers_code_cannot_be_guessed(app, visitor, tmp_path, bundle_path, tools):
    visitor.start().press("decline")
    other = create_app(instance_path=str(tmp_path / "other"))
    tools.load(other, bundle_path)
    stranger = tools.visitor(other.test_client()).start()
    stranger.press("decline")
    assert stranger.response.text != visitor.response.text
    tools.close(other)


@pytest.mark.parametrize("altered", [False, True])
def test_the_debrief_tells_what_was_withheld(empty_app, tools, tmp_path, altered):
    """Pictures were altered only where the study attacks the AI."""
    tables = "[adversarial]\n[practice]" if altered else "[practice]"
    text = tools.study_text().replace("[practice]", tables)
    tools.load(empty_app, tools.build_bundle(tmp_path / "made", text).path)
    visitor = tools.visitor(empty_app.test_client()).start().walk()
    assert "Sam is a real AI. It errs less often than it did here" in visitor.response.text
    assert ("Some pictures were altered" in visitor.response.text) == altered
    assert not [page for page in visitor.texts[:-1] if "errs less often" in page]


def test_somebody_who_declines_ends_there(app, visitor, tools):
    visitor.start().press("decline")
    [participant] = tools.participants(app)
    assert (participant.outcome, participant.consented_at) == ("declined", None)
    assert "decided not to take part" in visitor.response.text
    assert "CDONE123" not in visitor.response.text
    assert all(trial.shown_at is None for trial in tools.trials(app))
