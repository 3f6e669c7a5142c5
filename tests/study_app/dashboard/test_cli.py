"""Pausing and resuming by commands, which do what the experimenter's page does."""

from tests.study_app.dashboard.console import acts, send, text_of

GO_ON = "1 under way, who go on by the page or the link where they are"


def test_a_pause_is_the_same_by_command_and_by_button(app, visitor, console, study):
    visitor.start()
    printed = study("pause")
    assert printed.startswith(f"Recruiting is paused\n{GO_ON}")
    assert GO_ON in text_of(console.open("/experimenter"))
    assert study("status").startswith("The main wave, paused; places")
    send(console, "recruiting", answer="pause")  # a page that was open before
    assert study("pause").startswith("Recruiting was paused already\n")
    assert "Warning: recruiting is paused, nobody new gets in" in study("recruit", "pilot")
    assert study("resume") == "Recruiting again: pilot; places in each condition: no end\n"
    assert study("resume").startswith("Recruiting was not paused: pilot;")
    assert "Warning" not in study("recruit", "main")
    assert acts(app)[-4:-1] == [
        "paused recruiting",
        "opened the pilot wave; places in each condition: no end",
        "resumed recruiting",
    ]
