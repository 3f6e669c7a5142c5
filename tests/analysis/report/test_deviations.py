"""Every sort of deviation from a preregistration is listed, and none where there is none."""

from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.export.read import read_export
from analysis.export.registered import read_registration, registered_tables
from analysis.problems import ExportError
from analysis.report.deviations import changed_keys, deviations
from analysis.report.page import page
from analysis.report.sections import answer, preregistered
from analysis.statistics.analysed import analysed
from tests.analysis.participants import someone
from tests.analysis.preregister.planned import STUDY, WITH_LOOKS, crowd, export_of, register
from tests.analysis.rows import TIME

toml = st.recursive(
    st.integers() | st.booleans() | st.text(max_size=4),
    lambda inner: (
        st.dictionaries(st.text("abc", min_size=1), inner, max_size=3)
        | st.lists(st.dictionaries(st.just("name"), st.text("xyz", min_size=1)), max_size=3)
    ),
    max_leaves=8,
)


def after(minutes: float) -> str:
    return (datetime.fromisoformat(TIME) + timedelta(minutes=minutes)).isoformat()


def found(folder: Path, *, registered: str = STUDY, done: str = STUDY, **facts) -> pd.DataFrame:
    """What differs between a registration and an export."""
    registration = read_registration(register(folder / "r", registered))
    threshold = facts.pop("threshold", None)
    export = read_export(export_of(folder / "e", done, **{"created_at": after(60)} | facts))
    return deviations(analysed(export, threshold=threshold), registration)


def rows(table: pd.DataFrame) -> list[tuple[str, str, str]]:
    return [tuple(row) for row in table.itertuples(index=False)]


@pytest.mark.parametrize("study", [STUDY, WITH_LOOKS])
def test_a_study_that_equals_its_registration_has_none(tmp_path, study):
    before = [after(1.5)] if study == WITH_LOOKS else []
    assert rows(found(tmp_path, registered=study, done=study, exported_before=before)) == []


@given(tables=toml)
def test_tables_that_are_the_same_differ_in_no_key(tables):
    assert list(changed_keys({"t": tables}, {"t": tables})) == []


@given(tables=toml, key=st.text("abc", min_size=1))
def test_a_key_that_is_added_anywhere_is_listed(tables, key):
    (deviation,) = changed_keys({"t": tables}, {"t": tables, "added": {key: 7}})
    assert deviation == (f"added.{key}", "–", "7")


@pytest.mark.parametrize(
    ("said", "instead", "expected"),
    [
        ('measure = "accuracy"', 'measure = "time"', ("analysis.measure", "accuracy", "time")),
        ("min_correct = 8", "min_correct = 7", ("gate.min_correct", "8", "7")),
        ("quota = 4", "quota = 40", ("assignment.quota", "4", "40")),
        ("trials = 6", "trials = 7", ("phases.test.trials", "6", "7")),
        ("per_bin = 2", "per_bin = 3", ("adversarial.per_bin", "2", "3")),
        (
            'panels = ["gradcam"]',
            "panels = []",
            ("conditions.gradcam.panels", "['gradcam']", "[]"),
        ),
        ("after_trial = 3", "after_trial = 4", ("attention.pink.after_trial", "3", "4")),
        ("reward = 2.0", "reward = 2.5", ("pay.reward", "2.0", "2.5")),
        ("[gate]", "[gate]\nlive = true", ("gate.live", "–", "True")),
        (
            'alternative = "two-sided"',
            'alternative = "less"',
            ("analysis.alternative", "two-sided", "less"),
        ),
    ],
)
def test_each_key_that_was_changed_is_listed_with_both_values(said, instead, expected):
    before, after_all = (registered_tables(text) for text in (STUDY, STUDY.replace(said, instead)))
    assert list(changed_keys(before, after_all)) == [expected]


def test_a_changed_key_of_the_export_is_found(tmp_path):
    done = STUDY.replace("per_bin = 2", "per_bin = 3")
    assert rows(found(tmp_path, done=done)) == [("adversarial.per_bin", "2", "3")]


def test_a_file_that_differs_in_its_words_only_is_listed_as_that(tmp_path):
    ((what, before, now),) = rows(found(tmp_path, done=STUDY.replace("a lab", "our lab")))
    assert what == "wording of the study file"
    assert before != now


def test_another_bundle_is_listed_where_one_was_registered(tmp_path):
    path = register(tmp_path)
    path.write_text(path.read_text().replace('bundle_digest = ""', f'bundle_digest = "{"a" * 64}"'))
    export = read_export(export_of(tmp_path / "e"))
    table = deviations(analysed(export), read_registration(path))
    assert rows(table) == [("bundle of the stimuli", "a" * 12, "b" * 12)]


def test_people_who_came_before_it_was_written_are_listed(tmp_path):
    path = register(tmp_path)
    path.write_text(path.read_text().replace("2026-03-01T12:30:00Z", "2026-03-20T12:30:00Z"))
    table = deviations(analysed(read_export(export_of(tmp_path / "e"))), read_registration(path))
    assert rows(table) == [
        ("first participant", "after 20 March 2026, 12:30 UTC", "14 March 2026, 09:26 UTC")
    ]


def test_fewer_and_more_people_than_planned_are_listed(tmp_path):
    people = [*crowd(4), someone("gradcam", 3), someone("confidence", 3, validation_right=2)][1:]
    assert rows(found(tmp_path, people=people)) == [
        ("people analysed, confidence", "4", "3"),
        ("people analysed, gradcam", "4", "5"),
    ]


def test_a_gate_that_was_moved_and_a_wave_that_is_not_the_main_one_are_listed(tmp_path):
    assert ("right validation answers asked for", "8", "6") in rows(found(tmp_path, threshold=6))
    assert ("wave", "main", "pilot") in rows(found(tmp_path / "pilot", wave="pilot"))
    rehearsal = [someone(name, 3, simulated=True) for name in ("confidence", "gradcam")] * 4
    assert rows(found(tmp_path / "r", people=rehearsal)) == [("people", "real", "simulated")]


def test_more_exports_while_people_came_and_looks_at_other_times_are_listed(tmp_path):
    # At 0.5 minutes one of each condition had finished, at 1.5 two.
    assert rows(found(tmp_path / "none", exported_before=[after(1.5)])) == [
        ("looks until now", "once, at the end", "2 exports with ever more people")
    ]
    looks = {"registered": WITH_LOOKS, "done": WITH_LOOKS}
    what = "looks until now, of the people"
    planned = "50\N{NO-BREAK SPACE}% and 100\N{NO-BREAK SPACE}%"
    early = found(tmp_path / "early", **looks, exported_before=[after(0.5)])
    assert rows(early) == [(what, planned, planned.replace("50", "25"))]
    more = found(tmp_path / "more", **looks, exported_before=[after(0.5), after(1.5)])
    assert rows(more) == [(what, planned, planned.replace("50", "25\N{NO-BREAK SPACE}%, 50"))]


def test_at_a_planned_look_half_of_the_people_are_no_deviation(tmp_path):
    half = found(tmp_path, registered=WITH_LOOKS, done=WITH_LOOKS, people=crowd(2))
    assert rows(half) == []


@pytest.mark.parametrize("moved", [None, 6])
def test_the_page_says_every_deviation_or_that_there_is_none(tmp_path, moved):
    registration = read_registration(register(tmp_path))
    export = read_export(export_of(tmp_path / "e"))
    study = analysed(export, threshold=moved, registration=registration)
    sections = [module.section(study) for module in (answer, preregistered)]
    html = page(study, [one for one in sections if one], {})
    none = "done as it was preregistered on 1 March 2026: no deviation was found"
    some = "1 deviation from the preregistration of 1 March 2026: right validation answers asked"
    assert (none in html, some in html) == (moved is None, moved is not None)
    assert ("deviations.csv" in html) == (moved is not None)
    assert registration.sha256 in html


def test_what_the_registration_left_open_is_said_until_answers_stand_over_it(tmp_path):
    path, export = register(tmp_path), read_export(export_of(tmp_path / "e"))
    section = preregistered.section(analysed(export, registration=read_registration(path)))
    (still,) = section.warnings
    assert still.startswith("The preregistration left open: “What you expect, and why”, “")
    path.write_text(path.read_text().replace("## What is still open?", "## What we add"))
    section = preregistered.section(analysed(export, registration=read_registration(path)))
    assert section.warnings == ()


def test_without_a_registration_there_is_no_such_section(tmp_path):
    assert preregistered.section(analysed(read_export(export_of(tmp_path / "e")))) is None


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "cannot be read"),
        ("# A plan\n", "has no facts at its end"),
        ("```toml\nschema_version = \n```", "are not TOML"),
        ("```toml\nschema_version = 1\n```", "study_digest: is missing"),
        ("```toml\nschema_version = 2\n```", "schema_version"),
    ],
)
def test_a_file_that_is_no_preregistration_is_refused(tmp_path, content, problem):
    path = tmp_path / "plan.md"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ExportError, match=problem):
        read_registration(path)
