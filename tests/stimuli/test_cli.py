"""The offline commands: bad input gives one message and status 1, never a traceback."""

import errno
import json
import shutil
import tomllib
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner, Result

from stimuli.bundle import Bundle, read_bundle
from stimuli.bundle.files import write_sums
from stimuli.bundle.mask_facts import mask_line
from stimuli.cli import _text as text_of
from stimuli.cli import main
from stimuli.models.classifiers import Machine
from stimuli.review.contact_sheet import render
from stimuli.study import parse_study
from stimuli.study.dataset_settings import DatasetSettings
from tests.lab import ROOT

DEMO = ROOT / "stimuli/studies/demo.toml"


def call(*arguments: object) -> Result:
    """Run a command; only an exit may end it early, not an error."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def test_a_whole_bundle_is_summed_up(colour_bundle: Bundle) -> None:
    result = call("check", colour_bundle.path)
    assert result.exit_code == 0
    assert "a whole bundle" in result.output
    assert "top-1 on the test split" in result.output
    (facts,) = colour_bundle.manifest.classifiers
    assert f"AI-only: T* = {facts.ai_only.threshold:.2f}" in result.output
    tally = facts.ai_only.tallies["six bins"]
    assert f"six bins: {tally.accuracy:.1%} of {tally.n_images}" in result.output


def test_a_whole_bundle_says_what_its_masks_come_to_33(
    colour_bundle: Bundle, tmp_path: Path
) -> None:
    """One file for a third of the photos but the one that is too small; others are warned of."""
    result = call("check", colour_bundle.path)
    masks = colour_bundle.manifest.masks
    assert masks is not None
    assert (masks.pictures, masks.found, masks.empty, masks.meaning) == (269, 90, 0, "2 values")
    assert masks.median == masks.least == masks.most
    assert f"  masks: {mask_line(masks)}\n" in result.stdout
    assert "Warning: only 90 of 269 pictures have a mask" in result.stderr
    page = render(colour_bundle)
    assert f"<dt>Masks</dt><dd>{mask_line(masks)}</dd>" in page
    assert "only 90 of 269 pictures have a mask" in page
    before = json.loads((colour_bundle.path / "bundle.json").read_text())
    del before["masks"]
    folder = shutil.copytree(colour_bundle.path, tmp_path / "before")
    (folder / "bundle.json").write_text(json.dumps(before))
    write_sums(folder)
    old = call("check", folder)
    assert (old.exit_code, "masks: " in old.stdout) == (0, False)
    assert "<dt>Masks</dt>" not in render(read_bundle(folder))


def test_a_bundle_whose_texts_are_the_defaults_is_whole_and_warned_of(
    colour_bundle: Bundle,
) -> None:
    result = call("check", colour_bundle.path)
    assert result.exit_code == 0
    assert "Warning: texts.lab: participants read 'our research group'" in result.stderr
    assert "Warning: texts.contact: " in result.stderr


def test_a_broken_bundle_ends_with_its_problems(colour_bundle: Bundle, tmp_path: Path) -> None:
    folder = shutil.copytree(colour_bundle.path, tmp_path / "bundle")
    (folder / "pool.csv").unlink()
    (folder / "extra.txt").write_text("x")
    result = call("check", folder)
    assert result.exit_code == 1
    assert "2 problems" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("command", ["train", "build"])
def test_a_wrong_study_file_ends_with_its_problems(command: str, tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    path.write_text("[study]\nname = 'x'\n")
    out = ["--out", tmp_path / "out"] if command == "build" else []
    result = call(command, path, *out)
    assert result.exit_code == 1
    assert "dataset: is missing" in result.output
    assert "phases: is missing" in result.output


def test_photos_without_a_folder_are_asked_for(colour_bundle: Bundle, tmp_path: Path) -> None:
    result = call("build", colour_bundle.path / "study.toml", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "add --data DIR" in result.output


def test_a_seed_from_the_command_line_is_written_into_the_study(colour_bundle: Bundle) -> None:
    path = colour_bundle.path / "study.toml"
    study = parse_study(text_of(path, seed=99, per_bin=4), subject="study.toml")
    assert (study.study.seed, study.bins.per_bin) == (99, 4)
    assert text_of(path) == colour_bundle.study_text


@pytest.mark.parametrize(
    ("name", "said", "sizes"),
    [
        ("timm/test_vit", "", (168, 160)),
        ("torchvision/inception_v3", "", (342, 299)),
        ("timm/test_vit", "crop_px = 32", (256, 32)),
        ("resnet18", "", (256, 224)),
    ],
)
def test_pictures_are_cut_as_the_networks_library_does_if_nobody_says_how_34(
    colour_bundle: Bundle, tmp_path: Path, name: str, said: str, sizes: tuple[int, int]
) -> None:
    lines = [
        line
        for line in colour_bundle.study_text.replace(
            'backbone = "tiny"', f'backbone = "{name}"'
        ).splitlines()
        if not line.startswith(("crop_px", "resize_px"))
    ]
    lines.insert(lines.index("[dataset]") + 1, said)
    path = tmp_path / "study.toml"
    path.write_text("\n".join(lines))
    dataset = tomllib.loads(text_of(path))["dataset"]
    assert (dataset.get("resize_px", 256), dataset.get("crop_px", 224)) == sizes


def test_so_few_per_bin_holds_for_adversarial_stimuli_too_where_there_are_any(
    colour_bundle: Bundle, tmp_path: Path
) -> None:
    attacked = tmp_path / "study.toml"
    attacked.write_text(colour_bundle.study_text + "\n[adversarial]\nper_bin = 50\n")
    study = parse_study(text_of(attacked, per_bin=4), subject="study.toml")
    assert study.adversarial is not None
    assert study.adversarial.per_bin == study.bins.per_bin == 4
    plain = text_of(colour_bundle.path / "study.toml", per_bin=4)
    assert parse_study(plain, subject="study.toml").adversarial is None


def test_all_adds_a_condition_for_every_explainer_that_has_none(
    colour_bundle: Bundle, tmp_path: Path
) -> None:
    path = tmp_path / "study.toml"
    path.write_text(colour_bundle.study_text + "\n[explainers.extremal]\n[explainers.salient]\n")
    before = parse_study(text_of(path), subject="study.toml").conditions
    after = parse_study(text_of(path, all_explainers=True), subject="study.toml").conditions
    assert after[: len(before)] == before
    assert [(c.name, c.panels) for c in after[len(before) :]] == [
        ("extremal", ("extremal",)),
        ("salient", ("salient",)),
    ]


def test_all_serves_every_classifier(tmp_path: Path) -> None:
    """Of two, GradCAM and neighbours are shown with one or both, extremal with none."""
    before = parse_study(text_of(DEMO), subject="study.toml").conditions
    after = parse_study(text_of(DEMO, all_explainers=True), subject="study.toml").conditions
    assert after[: len(before)] == before
    assert {(c.name, c.classifier, c.panels) for c in after[len(before) :]} == {
        ("extremal-b1", "b1", ("extremal",)),
        ("salient-b1", "b1", ("salient",)),
        ("neighbours-sal", "sal", ("neighbours",)),
        ("extremal-sal", "sal", ("extremal",)),
        ("salient-sal", "sal", ("salient",)),
    }


def test_all_gives_an_ai_of_answers_alone_what_needs_no_network(tmp_path: Path) -> None:
    own = 'name = "sal"\nbackbone = "tiny"\nweights = "checkpoint"'
    path = tmp_path / "study.toml"
    text = DEMO.read_text("utf-8").replace(own, 'name = "sal"\nweights = "predictions"')
    path.write_text(text, "utf-8")
    conditions = tomllib.loads(text_of(path, all_explainers=True))["conditions"]
    added = [c["name"] for c in conditions if c["name"].partition("-")[0] != "gradcam"]
    assert added == ["confidence", "neighbours", "extremal-b1", "salient-b1", "salient-sal"]


def test_answers_are_given_as_name_and_file(tmp_path: Path) -> None:
    wrong = ("--predictions", "b1", "--predictions", "b1=a.csv", "--predictions", "b1=b.csv")
    message = call("build", DEMO, "--out", tmp_path / "new", *wrong).stderr
    assert "--predictions b1: is not NAME=PATH" in message
    assert "--predictions b1: is given more than once" in message
    assert "--predictions b1: the study has weights = 'checkpoint'" in message


def test_the_adaptors_are_listed_with_what_they_need() -> None:
    output = call("datasets").output
    models = get_args(get_args(DatasetSettings)[0])
    for model in models:
        (adaptor,) = get_args(model.model_fields["adaptor"].annotation)
        assert f"\n{adaptor} " in f"\n{output}"
    assert output.count("--data DIR") >= len(models) - 2


def test_the_review_page_shows_every_stimulus_with_its_truth(
    colour_bundle: Bundle, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(colour_bundle.path, tmp_path / "bundle"))
    result = call("review", folder)
    assert result.exit_code == 0, result.output
    written = tmp_path / "bundle-review.html"
    assert result.output == f"open {written}\n"
    page = written.read_text("utf-8")
    for stimulus in colour_bundle.stimuli:
        assert f"bundle/{stimulus.image}" in page
        assert stimulus.stimulus_id in page
    wrong = sum(not p.right for p in colour_bundle.predictions)
    assert page.count("wrong: it is") == wrong
    assert call("check", folder).exit_code == 0


def test_all_that_is_wrong_with_a_command_is_told_before_the_data_set_is_read_33(
    colour_bundle: Bundle, tmp_path: Path
) -> None:
    """The folder of the data set is not there, and nobody gets as far as to notice."""
    study = tmp_path / "study.toml"
    study.write_text(colour_bundle.study_text.replace("trials = 6", "trials = 30"))
    options = ("--data", tmp_path / "nowhere", "--out", colour_bundle.path, "--per-bin", 1)
    more = ("--checkpoint", "tiny", "--salient", "x.onnx", "--device", "abacus")
    result = call("build", study, *options, *more, "--checkpoint", "b1=x.pt")
    assert result.exit_code == 1
    for expected in (
        "6 problems",
        f"--out {colour_bundle.path}: is there already",
        "phases.test.trials: 30, but 1 in each of 6 bins are 6",
        "--checkpoint tiny: is not NAME=PATH",
        "--checkpoint b1: is none of the classifiers",
        "--salient: the study has no use for it",
        "--device abacus: is none",
    ):
        assert expected in result.output


@pytest.mark.parametrize("command", ["train", "plan", "build"])
def test_a_plugin_that_cannot_be_run_is_told_with_all_else_that_is_wrong(
    command: str, colour_bundle: Bundle, tmp_path: Path
) -> None:
    plugin = tmp_path / "lime.py"
    plugin.write_text("import nosuch")
    out = ("--out", tmp_path / "out") if command == "build" else ()
    study = colour_bundle.path / "study.toml"
    result = call(command, study, "--plugin", plugin, "--device", "abacus", *out)
    assert result.exit_code == 1
    assert "2 problems" in result.output
    assert "--device abacus: is none" in result.output
    assert f"--plugin {plugin}: cannot be run: ModuleNotFoundError" in result.output


def test_plugins_come_to_the_build_with_the_machine(
    colour_bundle: Bundle, colour_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin, study = tmp_path / "lime.py", tmp_path / "study.toml"
    plugin.write_text("EXPLAINERS = {'lime': lambda classifier, images, labels: images[:, 0]}")
    study.write_text(colour_bundle.study_text + "\n[explainers.lime]\nkind = 'plugin'\n")
    machines = []

    def made(
        study: object, text: str, dataset: object, machine: Machine, *_: object, **__: object
    ) -> Bundle:
        machines.append(machine)
        return colour_bundle

    monkeypatch.setattr("stimuli.build.pipeline.build", made)
    out = ("--out", tmp_path / "out")
    result = call("build", study, "--data", colour_folder, "--plugin", plugin, *out)
    assert result.exit_code == 0, result.output
    assert [*machines[0].plugins] == ["lime"]


@pytest.mark.parametrize("place", ["study", "labels"])
def test_text_in_another_encoding_is_one_message_33(
    place: str, colour_bundle: Bundle, tmp_path: Path
) -> None:
    study, labels = tmp_path / "study.toml", tmp_path / "labels.csv"
    study.write_text(colour_bundle.study_text, "utf-8")
    labels.write_text("image,label\na.png,größe\n", "latin-1" if place == "labels" else "utf-8")
    if place == "study":
        study.write_bytes(colour_bundle.study_text.encode("utf-16"))
    result = call("build", study, "--data", tmp_path, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "UTF-8" in result.output
    assert "1 problem\n" in result.output
    assert not (tmp_path / "out").exists()


def test_what_the_system_refuses_is_one_message_33(
    colour_folder: Path, colour_bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "pool.csv")

    monkeypatch.setattr("stimuli.build.pipeline.build", full)
    study = colour_bundle.path / "study.toml"
    result = call("build", study, "--data", colour_folder, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert result.output.endswith(
        "pool.csv: 1 problem\n  - No space left on device; free some space and give the same "
        "command again: what was made so far is kept\n"
    )
    assert list(tmp_path.iterdir()) == []
