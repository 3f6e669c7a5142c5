"""What to paste into Prolific."""

from stimuli.study import Outcome, read_study
from study_app.enrolment.recruiting import Recruiting
from study_app.enums import Wave
from study_app.prolific.setup import details
from tests.lab import ROOT


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
    with_a_page -= {Outcome.FAILED_COMPREHENSION}  # nothing is asked about the instructions
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


def test_the_setup_names_the_papers_places_pay_and_filter_29_10() -> None:
    """30 people in each of 5 conditions, at $10.20 an hour, whose first language is English."""
    for name in ("imagenet", "dogs"):
        study = read_study(ROOT / f"stimuli/studies/{name}.toml")
        state = Recruiting(paused=False, quota=study.assignment.quota, wave=Wave.MAIN)
        places, reward, screening = details(study, state)
        assert places.startswith("places     150: 30 people in each of 5 conditions; who fails")
        assert reward == "reward     $2.04 for about 12 minutes, $10.20 an hour"
        assert screening == "screening  First language: English"


def test_a_setup_without_quota_and_filter_says_so(study) -> None:
    text = study("prolific-setup", "--url", "https://study.example.org")
    assert "places     as you like\n" in text
    assert "reward     £1.80 for about 12 minutes, £9.00 an hour\n" in text
    assert "screening  none in [prolific]\n" in text
    study("recruit", "pilot")
    assert "places     as you like, for the pilot\n" in study("prolific-setup")
