"""Runs as commands: files that a killed run leaves and a second one finishes, and bad input."""

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner

from explainers.classifier import load_checkpoint
from stimuli.sal.cli import main
from stimuli.sal.data.images import Data
from stimuli.sal.experiment import Experiment, ExperimentError
from stimuli.sal.runs.dataset_names import dataset_name, named
from stimuli.sal.runs.run_folder import (
    data_digest,
    finished,
    finished_experiment,
    read_curve,
    run,
)
from tests.lab import kill_once, start_python
from tests.stimuli.sal.conftest import NewContext

CONFIG = """
[dataset]
adaptor = "folder"
min_side = 40
resize_px = 40
crop_px = 32
[model]
backbone = "tiny"
weights = "none"
[training]
epochs = 2
learning_rate = 0.01
[rounds]
points = [0.2, 0.4, 0.6, 0.8, 1.0]
change_point = 0.4
[run]
scenario = "sal"
"""


def command(photos: Path) -> list[str]:
    """The arguments of a run in the current folder."""
    return ["run", "config.toml", "--out", "out", "--data", str(photos)]


def two_rounds_done() -> bool:
    curve = Path("out/curve.csv")
    return curve.exists() and len(curve.read_text().splitlines()) > 2


@pytest.mark.slow
def test_a_run_that_was_killed_ends_with_the_same_files_as_one_that_was_not(
    colour_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    for folder in (whole, killed):
        folder.mkdir()
        monkeypatch.chdir(folder)
        Path("config.toml").write_text(CONFIG)
        if folder == killed:
            running = start_python("-m", "stimuli.sal", *command(colour_folder))
            kill_once(two_rounds_done, running)
            assert not Path("out/run.json").exists()
        assert CliRunner().invoke(main, command(colour_folder)).exit_code == 0
    for name in ("curve.csv", "run.json"):
        assert (killed / "out" / name).read_bytes() == (whole / "out" / name).read_bytes()
    models = [load_checkpoint(f / "out/checkpoint.pt").classifier for f in (killed, whole)]
    for value, other in zip(*(m.state_dict().values() for m in models), strict=True):
        assert torch.equal(value, other)
    curve = read_curve(whole / "out")
    assert curve["labelled_share"].round(2).tolist() == [0.2, 0.4, 0.6, 0.8, 1.0]
    assert curve["n_human_masks"].nunique() == 2


def test_a_run_of_before_an_option_existed_is_finished_too(
    new_context: NewContext, tmp_path: Path
) -> None:
    experiment = new_context("b1").experiment
    facts = {"experiment": experiment.model_dump(mode="json", exclude={"masks"})}
    (tmp_path / "run.json").write_text(json.dumps(facts))
    assert finished(tmp_path, experiment)
    facts["experiment"]["masks"] = {"threshold": 0.6}
    (tmp_path / "run.json").write_text(json.dumps(facts))
    with pytest.raises(ExperimentError, match="holds another experiment"):
        finished(tmp_path, experiment)


@pytest.mark.slow
def test_a_finished_run_is_not_done_again_and_another_is_refused_once_one_is_begun(
    colour_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = CONFIG.replace("[0.2, 0.4, 0.6, 0.8, 1.0]", "[0.4]").replace('"sal"', '"b1"')
    Path("config.toml").write_text(config)
    first = CliRunner().invoke(main, command(colour_folder))
    assert (first.exit_code, first.stdout) == (0, "out: finished\n")
    modified_ns = Path("out/run.json").stat().st_mtime_ns
    assert CliRunner().invoke(main, command(colour_folder)).exit_code == 0
    assert Path("out/run.json").stat().st_mtime_ns == modified_ns
    Path("config.toml").write_text(config.replace("epochs = 2", "epochs = 3"))
    for begun_only in (False, True):
        if begun_only:
            Path("out/run.json").unlink()
        other = CliRunner().invoke(main, command(colour_folder))
        assert other.exit_code == 1
        assert "holds another experiment; remove it or choose another --out" in other.stderr


def test_a_finished_run_is_tied_to_its_pictures_labels_and_masks_33(
    new_context: NewContext, data: Data, tmp_path: Path
) -> None:
    context, out = new_context("b1"), tmp_path / "out"
    run(context, out)
    assert finished(out, context.experiment, data=data_digest(context))
    pixels, labels, masks = data.test.pixels.clone(), data.val.labels.copy(), ~data.train.masks
    pixels[0, 0, 0] ^= 1
    labels[0] = 1 - labels[0]
    for part, changed in (
        ("test", replace(data.test, pixels=pixels)),
        ("val", replace(data.val, labels=labels)),
        ("train", replace(data.train, masks=masks)),
    ):
        other = new_context("b1", data=replace(data, **{part: changed}))
        with pytest.raises(ExperimentError, match="ended on other pictures, labels or masks"):
            run(other, out)
    facts = json.loads((out / "run.json").read_text())
    del facts["data_sha256"]
    (out / "run.json").write_text(json.dumps(facts))
    assert finished(out, context.experiment, data="of today")


def test_a_figure_on_a_data_set_is_the_run_of_one_file_that_says_both(
    colour_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = CONFIG.replace("[0.2, 0.4, 0.6, 0.8, 1.0]", "[0.4]").replace('"sal"', '"b1"')
    head, model = config.split("[model]")
    middle, run = config.split("[run]")
    rounds = middle.split("[rounds]")[1]
    Path("config.toml").write_text(config)
    Path("data.toml").write_text(f"{head}[rounds]{rounds}")
    Path("figure.toml").write_text(f"[model]{model.split('[rounds]')[0]}[run]{run}")
    assert CliRunner().invoke(main, command(colour_folder)).exit_code == 0
    together = ["run", "figure.toml", "--dataset", "data.toml", "--data", str(colour_folder)]
    result = CliRunner().invoke(main, [*together, "--out", "both"])
    assert result.exit_code == 0, result.output
    for name in ("experiment.json", "curve.csv", "run.json"):
        assert Path("both", name).read_bytes() == Path("out", name).read_bytes()


def test_a_run_that_ended_before_there_was_a_setting_had_its_default(tmp_path: Path) -> None:
    experiment = Experiment.model_validate(tomllib.loads(CONFIG))
    tables = experiment.model_dump(mode="json")
    del tables["model"]["frozen"]
    (tmp_path / "run.json").write_text(json.dumps({"experiment": tables}))
    assert finished(tmp_path, experiment)


def test_runs_of_another_folder_of_photos_are_no_runs_of_this_one(tmp_path: Path) -> None:
    """Unless both have one name; runs of before there were names are taken for runs of this."""
    experiment = Experiment.model_validate(tomllib.loads(CONFIG))
    facts = tmp_path / "run.json"
    of_cats = named(experiment, dataset_name(experiment.dataset, tmp_path / "cats"))
    facts.write_text(json.dumps({"experiment": of_cats.model_dump(mode="json")}))
    assert finished(tmp_path, named(experiment, "cats"))
    with pytest.raises(
        ExperimentError, match="holds runs on the data set 'cats', and this is 'dogs'; choo"
    ):
        finished(tmp_path, named(experiment, "dogs"))
    before = experiment.model_dump(mode="json")
    del before["dataset"]["name"]
    facts.write_text(json.dumps({"experiment": before}))
    assert finished(tmp_path, named(experiment, "dogs"))
    assert finished_experiment(tmp_path).dataset.name == "folder"


def test_a_data_set_is_called_by_its_name_its_folder_or_its_adaptor() -> None:
    photos, drawn, birds = (
        Experiment.model_validate({"dataset": table}).dataset
        for table in (
            {"adaptor": "folder"},
            {"adaptor": "species"},
            {"adaptor": "cub", "name": "birds"},
        )
    )
    assert dataset_name(photos, Path("some/cats")) == "cats"
    assert dataset_name(photos, None) == "folder"
    assert dataset_name(drawn, None) == "species"
    assert dataset_name(birds, Path("some/CUB")) == "birds"
