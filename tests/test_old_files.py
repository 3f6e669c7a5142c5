"""Files that released versions wrote are read and served; files of later versions are refused."""

import json
import lzma
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import torch
from flask import Flask

from analysis.problems import ExportError
from analysis.report.command import write_report
from explainers.classifier import CheckpointError, load_checkpoint
from stimuli.bundle import BundleError, read_bundle
from stimuli.bundle.check import check_bundle
from stimuli.bundle.files import write_sums
from stimuli.sal.experiment import ExperimentError
from stimuli.sal.experiment_file import read_experiment
from stimuli.sal.results.curves import read_runs
from stimuli.sal.runs.run_folder import finished, read_curve
from stimuli.study import Outcome
from study_app import create_app
from study_app.answer_models import Trial
from study_app.database import db
from study_app.enums import Wave
from study_app.models import Participant
from study_app.session.screens import BUTTONS
from tests.every_page import FROM_PROLIFIC
from tests.fixtures.make import SECRET_KEY, shown_confidences
from tests.study_app.visiting import Visitor

RELEASES = sorted((Path(__file__).parent / "fixtures").glob("[0-9]*/"))
WAVES = tuple(wave.value for wave in Wave)


@pytest.fixture(params=RELEASES, ids=lambda release: release.name)
def release(request: pytest.FixtureRequest) -> Path:
    """The folder of a release's files."""
    folder: Path = request.param
    return folder


@pytest.fixture
def unloaded_app(release: Path, tmp_path: Path) -> Iterator[Flask]:
    """A server on an old database whose bundle moved."""
    instance = tmp_path / "instance"
    instance.mkdir()
    shutil.copy(release / "study.sqlite", instance)
    app = create_app({"TESTING": True, "SECRET_KEY": SECRET_KEY}, instance_path=str(instance))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(unloaded_app: Flask, release: Path) -> Flask:
    """A server on an old database that was brought up to date."""
    loaded = study(unloaded_app, "load", release / "bundle")
    assert loaded.startswith("Already in force: fixture")
    return unloaded_app


def study(app: Flask, *arguments: object) -> str:
    """Run a command of `study`, which must succeed."""
    result = app.test_cli_runner().invoke(args=["study", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    return result.output


def unpacked(checkpoint: Path, folder: Path) -> Path:
    """A checkpoint as it was before it was compressed."""
    path = folder / "checkpoint.pt"
    path.write_bytes(lzma.decompress(checkpoint.read_bytes()))
    return path


def test_everybody_in_an_old_database_is_shown_where_they_were(app: Flask) -> None:
    with app.app_context():
        participants = db.session.query(Participant).all()
    screens = set()
    for participant in participants:
        visitor = Visitor(app.test_client()).open(f"/p/{participant.token}")
        assert visitor.response.status_code == 200
        assert (visitor.screen == "debrief") == (participant.outcome is not None)
        screens.add(visitor.screen)
    assert screens == {*BUTTONS, "debrief"} - {"pause", "step", "comprehension"}  # not met then
    assert {participant.outcome for participant in participants} == {None, *Outcome} - {
        Outcome.FAILED_COMPREHENSION
    }


def test_people_of_an_old_database_go_on_to_the_end(app: Flask) -> None:
    with app.app_context():
        waiting = db.session.query(Participant).filter_by(outcome=None, wave=Wave.MAIN).all()
    for participant in waiting:
        visitor = Visitor(app.test_client()).open(f"/p/{participant.token}")
        while visitor.screen != "debrief":
            visitor.press(visitor.page.form.choices[0], **{"question-age": "34"})


@pytest.mark.parametrize("wave", WAVES)
def test_an_old_database_is_exported_as_it_was(
    app: Flask, release: Path, wave: str, tmp_path: Path
) -> None:
    study(app, "export", tmp_path / "now", "--wave", wave, "--simulated")
    then = release / "exports" / wave
    for old in then.glob("*.csv"):
        before, now = (pd.read_csv(f / old.name, dtype=str) for f in (then, tmp_path / "now"))
        if old.name == "participants.csv":  # who was turned away has no condition since
            away = before["outcome"].isin(["quota_full", "duplicate"])
            before.loc[away & before["consented_at"].isna(), ["condition", "classifier"]] = None
        pd.testing.assert_frame_equal(now[list(before.columns)], before)
    for name in ("study.toml", "consent.txt"):
        assert (tmp_path / "now" / name).read_bytes() == (then / name).read_bytes()
    before, now = (json.loads((f / "export.json").read_text()) for f in (then, tmp_path / "now"))
    for changed in ("created_at", "schema_version"):
        del before[changed]
    before["analysis"]["measure"] = before["analysis"].pop("outcome")  # as it is called since
    now["analysis"] = {key: now["analysis"][key] for key in before["analysis"]}
    before["conditions"] = [{**c, "shows_ai": True} for c in before["conditions"]]
    now["rows"] = {name: now["rows"][name] for name in before["rows"]}
    assert {key: now[key] for key in before} == before


def test_people_of_an_old_study_meet_the_screens_of_then_28(app: Flask) -> None:
    visitor = Visitor(app.test_client()).start(FROM_PROLIFIC)
    screens = [visitor.screen]
    while visitor.screen != "debrief":
        screens.append(visitor.press(visitor.page.form.choices[0], **{"question-age": "34"}).screen)
    first = screens.index("instructions") + 1
    assert screens[first : first + 4] == ["judge", "feedback", "judge", "feedback"]
    assert "pause" not in screens
    assert "Step 1 of 3" in " ".join(visitor.texts)


def test_every_assignment_of_an_old_database_is_drawn_again(app: Flask) -> None:
    with app.app_context():
        drawn = db.session.query(Trial.participant).distinct().count()
    assert study(app, "replay") == f"{drawn} assignments drawn again: all the same\n"


def test_an_old_export_is_analysed(release: Path, tmp_path: Path) -> None:
    page = write_report(release / "exports" / "main", tmp_path / "report")
    flow = pd.read_csv(tmp_path / "report" / "tables" / "flow.csv")
    assert page.is_file()
    assert len(flow)


def test_an_old_bundle_is_whole(release: Path) -> None:
    assert len(check_bundle(release / "bundle").stimuli) > 0


def test_an_old_checkpoint_gives_the_same_confidences(release: Path, tmp_path: Path) -> None:
    classifier = load_checkpoint(unpacked(release / "checkpoint.pt.xz", tmp_path)).classifier
    expected = json.loads((release / "confidences.json").read_text())
    found = shown_confidences(read_bundle(release / "bundle"), classifier)
    assert found == pytest.approx(expected, abs=1e-4)


def test_an_old_run_is_finished_and_drawn(release: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(release / "sal_run", run)
    load_checkpoint(unpacked(run / "checkpoint.pt.xz", run))
    assert finished(run, read_experiment(release / "sal.toml"))
    assert list(read_curve(run)["labelled_share"]) == [0.5, 1.0]
    assert len(read_runs(tmp_path)) == 2


def changed_json(path: Path, **facts: object) -> None:
    """Change some facts of a JSON file."""
    path.write_text(json.dumps(json.loads(path.read_text()) | facts))


def test_a_bundle_of_a_later_version_is_refused(release: Path, tmp_path: Path) -> None:
    shutil.copytree(release / "bundle", tmp_path / "bundle")
    changed_json(tmp_path / "bundle" / "bundle.json", schema_version=99)
    write_sums(tmp_path / "bundle")
    sentence = (
        r"bundle\.json: was written by a later version of Lorikeet \(schema_version 99\); "
        "use that version to read it"
    )
    with pytest.raises(BundleError, match=sentence) as error:
        read_bundle(tmp_path / "bundle")
    assert len(error.value.problems) == 1


def test_an_export_of_a_later_version_is_refused(release: Path, tmp_path: Path) -> None:
    shutil.copytree(release / "exports" / "main", tmp_path / "export")
    changed_json(tmp_path / "export" / "export.json", schema_version=99)
    with pytest.raises(ExportError, match="schema_version"):
        write_report(tmp_path / "export", tmp_path / "report")


def test_a_checkpoint_of_a_later_version_is_refused(release: Path, tmp_path: Path) -> None:
    path = unpacked(release / "checkpoint.pt.xz", tmp_path)
    torch.save(torch.load(path, weights_only=True) | {"version": 99}, path)
    with pytest.raises(CheckpointError, match="version 99"):
        load_checkpoint(path)


def test_a_run_of_a_later_version_is_refused(release: Path, tmp_path: Path) -> None:
    shutil.copytree(release / "sal_run", tmp_path / "run")
    later = json.loads((tmp_path / "run/experiment.json").read_text())
    later["experiment"]["loss"]["temperature"] = 2
    (tmp_path / "run/experiment.json").write_text(json.dumps(later))
    with pytest.raises(ExperimentError, match=r"loss\.temperature: is not known here"):
        finished(tmp_path / "run", read_experiment(release / "sal.toml"))


def test_a_database_of_a_later_version_is_refused(app: Flask, release: Path) -> None:
    with sqlite3.connect(Path(app.instance_path) / "study.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    result = app.test_cli_runner().invoke(args=["study", "load", str(release / "bundle")])
    assert result.exit_code == 1
    assert "was made by a later version of Lorikeet" in result.output


def test_a_server_of_another_version_takes_no_answers_until_load_as_it_says(
    unloaded_app: Flask, release: Path, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = Visitor(unloaded_app.test_client()).open("/")
    assert (visitor.response.status_code, visitor.response.headers["Retry-After"]) == (503, "10")
    assert "stop every server, run `flask --app study_app study load`" in caplog.text
    study(unloaded_app, "load", release / "bundle")
    assert visitor.open("/").response.status_code == 200
