"""What `study status` prints."""


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
