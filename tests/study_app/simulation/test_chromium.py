"""Simulated people with a real browser."""

import sys

import pytest

from stimuli.study.responses.text import REMARK
from study_app.answer_models import Signals


@pytest.mark.slow
def test_some_people_come_with_a_real_browser(short_app, study, tools):
    pytest.importorskip("playwright")
    mix = "--mix=double-clicking=0.5,dropping=0.5"
    output = study("simulate", "-n", 2, "--seed", 1, "--browser", 2, mix)
    assert "2 people answered everything" in output
    assert {participant.outcome for participant in tools.participants(short_app)} == {"completed"}
    times = [trial.decision_rt_ms for trial in tools.trials(short_app)]
    assert all(time is not None and time < 20_000 for time in times)


@pytest.mark.slow
def test_in_a_real_browser_too_an_agent_gives_no_signal_and_who_pastes_does(asking_app, tools):
    pytest.importorskip("playwright")
    arguments = ["study", "simulate", "-n", "2", "--browser", "2", "--mix=agent=0.5,pasting=0.5"]
    result = asking_app.test_cli_runner().invoke(args=arguments)
    assert result.exit_code == 0, result.output
    sorts = {p.id: p.simulated_sort for p in tools.participants(asking_app)}
    signals = {sorts[row.participant]: row for row in tools.rows(asking_app, Signals)}
    assert signals.keys() == {"agent", "pasting"}
    for row in signals.values():
        assert (row.webdriver, row.trap) == (False, False)
        assert (row.scripted_answers, row.still_clicks, row.unkeyed_chars) == (0, 0, 0)
    assert signals["agent"].pasted_chars == 0
    assert signals["pasting"].pasted_chars >= 2 * len(REMARK)  # the job, and at the end
    for trial in tools.trials(asking_app):
        if trial.phase != "practice":
            assert trial.away_count == (sorts[trial.participant] == "pasting")


@pytest.mark.slow
def test_a_real_browser_that_is_missing_is_named_with_the_remedy(short_app, monkeypatch):
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    arguments = ["study", "simulate", "-n", "1", "--browser", "1"]
    result = short_app.test_cli_runner().invoke(args=arguments)
    assert result.exit_code == 1
    assert "pip install playwright && playwright install chromium" in result.output
