"""What `study status` prints."""

from study_app.tokens import trial_run_token

WITHOUT = "came without an id, so nobody knows whom to pay"


def test_the_status_of_any_wave_is_printed(app, another_visitor, study):
    another_visitor().start()
    head, version, people, *_ = study("status").splitlines()
    assert head == "The main wave; places in each condition: no end"
    assert version.startswith("Version 1 of the study file, in force since 2")
    assert people.startswith("Part")
    study("recruit", "pilot")
    assert study("status").startswith(
        "The pilot wave; places in each condition: no end\nOther waves (--wave): main 1 started\n"
    )
    printed = study("status", "--wave", "main")
    assert printed.startswith(
        "The main wave; recruiting is for the pilot wave\nOther waves (--wave): pilot 0 started\n"
    )
    assert "Participants: 0 of 1 completed" in printed


def test_people_who_come_without_ids_are_warned_of_where_others_have_them(
    app, another_visitor, study, console
):
    another_visitor().start("?PROLIFIC_PID=5f9b2c1e0a7d4e3b8c6f1a20")
    with app.app_context():
        another_visitor().start(f"?test={trial_run_token()}")
    assert WITHOUT not in study("status")
    gone = another_visitor().start()
    another_visitor().start()
    assert f"Warning: 2 of 3 {WITHOUT}; see that the address" in study("status")
    assert f"2 of 3 {WITHOUT}" in console.open("/experimenter").response.text
    gone.open(f"{gone.url}/withdraw").press("erase")
    assert f"1 of 3 {WITHOUT}" in study("status")


def test_a_study_without_a_provider_lacks_no_ids(empty_app, study_file, tools, bundle_path):
    provider, codes = '[provider]\nids = "optional"\nopen = true\n', "[prolific.codes]"
    before, _, after = tools.study_text().partition(codes)
    text = before.replace(provider, "") + after.partition("\n\n")[2]
    tools.load(empty_app, bundle_path, "--study", study_file(text))
    tools.visitor(empty_app.test_client()).start()
    output = empty_app.test_cli_runner().invoke(args=["study", "status"]).output
    assert "0 of 1 completed" in output
    assert WITHOUT not in output
