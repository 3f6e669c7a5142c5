"""Simulated people with a real browser."""

import sys

import pytest


@pytest.mark.slow
def test_some_people_come_with_a_real_browser(short_app, study, tools):
    pytest.importorskip("playwright")
    mix = "--mix=double-clicking=0.5,dropping=0.5"
    output = study("simulate", "-n", 2, "--seed", 1, "--browser", 2, mix)
    assert "2 people answered everything" in output
    assert {participant.outcome for participant in tools.participants(short_app)} == {"completed"}
    times = [trial.decision_rt_ms for trial in tools.trials(short_app)]
    assert all(time is not None and time < 20_000 for time in times)


def test_a_real_browser_that_is_missing_is_named_with_the_remedy(short_app, monkeypatch):
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    arguments = ["study", "simulate", "-n", "1", "--browser", "1"]
    result = short_app.test_cli_runner().invoke(args=arguments)
    assert result.exit_code == 1
    assert "pip install playwright && playwright install chromium" in result.output
