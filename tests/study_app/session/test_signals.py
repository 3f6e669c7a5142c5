"""Signals of programs on the server: kept once, bounded, exported, and without consequence."""

import csv

import pytest

from stimuli.study import Outcome
from study_app.answer_models import Signals
from study_app.session.signals import evidence, read_signals

COLUMNS = (
    *("webdriver", "scripted_answers", "still_clicks"),
    *("pasted_chars", "unkeyed_chars", "trap", "translated_answers"),
)


VIEW = "7" * 32
ALL = {
    "webdriver": "1",
    "scripted": "1",
    "still": "1",
    "unkeyed_chars": "3",
    "more": "x",
    "translated": "1",
}


@pytest.fixture
def exported(app, tmp_path):
    """The signals of each person in an export, which is made when called."""

    def export():
        out = tmp_path / "out"
        result = app.test_cli_runner().invoke(args=["study", "export", str(out)])
        assert result.exit_code == 0, result.output
        with (out / "participants.csv").open(encoding="utf-8", newline="") as file:
            return [tuple(row[name] for name in COLUMNS) for row in csv.DictReader(file)]

    return export


def test_signals_are_exported_and_empty_without_a_script(visitor, another_visitor, exported):
    visitor.start().walk(until="instructions").press("continue", **ALL)
    another_visitor().start().press("agree", view=VIEW, **ALL).press("continue", view=VIEW).press(
        "continue", view=VIEW, pasted_chars="12", **ALL
    ).press("yes", view=VIEW, **ALL)
    assert exported() == [("",) * 7, ("1", "2", "2", "12", "6", "1", "2")]


def test_an_answer_that_comes_twice_counts_once(app, visitor, tools):
    visitor.start().press("agree").press("continue", view=VIEW)
    form = visitor.page.form
    for _ in range(2):
        data = {**form.fields, "answer": "continue", "view": VIEW, **ALL}
        visitor.client.post(form.action, data=data)
    [signals] = tools.rows(app, Signals)
    assert (signals.scripted_answers, signals.still_clicks, signals.unkeyed_chars) == (1, 1, 3)


def test_signals_are_erased_with_the_answers(app, visitor, tools):
    visitor.start().press("agree").press("continue", view=VIEW, **ALL)
    assert len(tools.rows(app, Signals)) == 1
    name = tools.participants(app)[0].participant_id
    app.test_cli_runner().invoke(args=["study", "erase", "--participant", name, "--yes"])
    assert tools.rows(app, Signals) == []


def test_signals_change_no_outcome(app, visitor, tools):
    visitor.start().press("agree")
    while visitor.screen != "debrief":
        visitor.press(visitor.page.form.choices[0], view=VIEW, **ALL)
    [participant] = tools.participants(app)
    [signals] = tools.rows(app, Signals)
    assert (participant.outcome, signals.trap) == (Outcome.COMPLETED, True)
    assert signals.scripted_answers == signals.still_clicks > 30


def test_the_experimenter_sees_how_many_people_set_off_a_strong_signal(
    app, visitor, another_visitor
):
    def status():
        return app.test_cli_runner().invoke(args=["study", "status"]).output

    visitor.start().press("agree").press("continue", view=VIEW, still="1", pasted_chars="9")
    assert "Signals of programs" not in status()
    another_visitor().start().press("agree").press("continue", view=VIEW, more="x")
    assert "\nSignals of programs: 1 of 2\n" in status()


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("x", 0), ("-1", 0), ("1.5", 0), ("٣", 0), ("²", 0), ("7", 7), ("9" * 400, 100_000)],
)
def test_a_count_that_no_page_sends_is_none_or_bounded(text, count):
    signals = read_signals({"view": VIEW, "screen": "judge", "pasted_chars": text})
    assert signals["pasted_chars"] == count


def test_still_clicks_and_pasted_text_alone_are_not_named_to_who_pays():
    signals = Signals(
        webdriver=False,
        scripted_answers=0,
        still_clicks=9,
        pasted_chars=99,
        unkeyed_chars=99,
        trap=False,
    )
    assert evidence(signals) == evidence(None) == ""
