"""What is recorded of how people answer: said in the consent, stored, exported in sums, erased."""

import re

import pytest

from stimuli.study import StudyError, parse_study
from stimuli.study.recording import AWAY, HOW, INPUT, VIEWED
from study_app.answer_models import Signals, Trial
from study_app.export.columns import SIGNALS
from study_app.session.answer_form import VIEWING
from tests.study_app.visiting import read_csv

OFF = "[behaviour]\nrecord = false\n"
TOLD = {"webdriver": "1", "scripted": "1", "still": "1", "translated": "1", "pasted_chars": "3"}
SENT = {"view": "7" * 32, "more": "x"} | TOLD | dict.fromkeys(VIEWING, "1")
SUM = re.compile(r"[\d.]+( [\d.]+)*")  # a number, or one for each panel


@pytest.mark.parametrize("records", [True, False])
def test_behaviour_is_said_stored_exported_in_sums_and_erased_or_nowhere_at_all(
    empty_app, tools, bundle_path, study, study_file, tmp_path, records
) -> None:
    file = study_file(tools.study_text() + ("" if records else OFF))
    tools.load(empty_app, bundle_path, "--study", file)
    visitor = tools.visitor(empty_app.test_client()).start()
    said = [thing for thing in (HOW, AWAY, VIEWED, INPUT) if thing in visitor.response.text]
    assert said == ([HOW, AWAY, VIEWED] if records else [INPUT])
    visitor.walk(until="judge", filled=SENT)
    assert VIEWING.keys() & visitor.page.form.fields.keys() == (
        VIEWING.keys() if records else set()
    )
    assert ("data-records" in visitor.response.text) == records
    visitor.walk(filled=SENT)  # what nobody asked for too, as a page of before may

    name = tools.participants(empty_app)[0].participant_id
    trials = tools.rows(empty_app, Trial)
    stored = {column for column in VIEWING for t in trials if getattr(t, column) is not None}
    assert stored == (VIEWING.keys() if records else set())
    assert len(tools.rows(empty_app, Signals)) == records
    assert all(trial.decision_rt_ms and trial.input for trial in trials)

    study("export", tmp_path / "before")
    assert f'"record": {str(records).lower()}' in (tmp_path / "before/export.json").read_text()
    [person] = read_csv(tmp_path / "before/participants.csv")
    cells = [person[column] for column in SIGNALS]
    cells += [r[c] for r in read_csv(tmp_path / "before/responses.csv") for c in VIEWING]
    assert all(SUM.fullmatch(cell) for cell in cells) if records else not any(cells)
    assert (tmp_path / "before/consent.txt").read_text().count(AWAY) == records

    study("erase", "--participant", name, "--yes")
    assert tools.rows(empty_app, Trial) == tools.rows(empty_app, Signals) == []
    study("export", tmp_path / "after")
    [person] = read_csv(tmp_path / "after/participants.csv")
    assert not any(person[column] for column in SIGNALS)
    assert read_csv(tmp_path / "after/responses.csv") == []


def test_the_view_is_left_out_of_the_consent_where_only_the_view_is_not_recorded(tools) -> None:
    text = tools.study_text().replace("[trial]\n", "[trial]\nrecord_view = false\n")
    consent = " ".join(parse_study(text, subject="study.toml").shown_texts.consent)
    assert (HOW in consent, AWAY in consent, VIEWED in consent) == (True, True, False)


def test_a_view_that_is_to_be_recorded_where_nothing_is_is_refused(tools) -> None:
    text = tools.study_text().replace("[trial]\n", "[trial]\nrecord_view = true\n") + OFF
    with pytest.raises(StudyError, match=r"trial\.record_view: is part of what \[behaviour\]"):
        parse_study(text, subject="study.toml")
