"""A bundle with heat maps, photos and texts of other tools, from the crops to the review."""

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from stimuli.build.imported.crop_files import write_crops
from stimuli.build.pipeline import all_crops, build
from stimuli.bundle import Bundle, BundleError, Explanation
from stimuli.bundle.check import check_bundle
from stimuli.bundle.classifier_input import seen_pixels
from stimuli.bundle.files import write_sums
from stimuli.bundle.summary import summary
from stimuli.ceiling.ceiling_page import CeilingError, write_ceiling
from stimuli.ceiling.ceilings import with_a_ceiling
from stimuli.ceiling.shown import shown_by
from stimuli.cli import main
from stimuli.datasets.adaptors import open_dataset
from stimuli.datasets.base import Split
from stimuli.models.classifiers import Machine
from stimuli.review.contact_sheet import write_review
from stimuli.study import parse_study
from tests.stimuli.conftest import STUDY

TABLES = """[explainers.gradcam]
[explainers.mine]
kind = "imported"
[explainers.pairs]
kind = "imported"
shows = "photos"
caption = "Two more"
[explainers.why]
kind = "imported"
shows = "text"
caption = "Why"
"""
TEXT = STUDY.replace("[explainers.gradcam]\n", TABLES).replace(
    'panels = ["gradcam"]\n',
    'panels = ["mine", "pairs"]\n[[conditions]]\nname = "told"\npanels = ["why"]\n',
)


def table_of(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


@pytest.fixture(scope="module")
def given(
    colour_folder: Path, colour_machine: Machine, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """What a lab makes of the crops: of every sixth image nothing."""
    folder, rng = tmp_path_factory.mktemp("given"), np.random.default_rng(4)
    study = parse_study(TEXT, subject="study.toml")
    dataset = open_dataset(study.dataset, colour_folder)
    crops, _ = all_crops(dataset, study, colour_machine)
    n = write_crops(crops, dataset, folder / "crops")
    rows = table_of(folder / "crops/crops.csv")
    assert n == len(rows) == len(crops[Split.VAL]) + len(crops[Split.TEST])
    (folder / "mine").mkdir()
    lines = ["image;text"]
    for place, row in enumerate(rows):
        if place % 6 == 0:
            continue
        pixels = np.asarray(Image.open(folder / "crops" / row["file"]))
        assert pixels.shape == (32, 32, 3)
        np.save(folder / "mine" / Path(row["file"]).with_suffix(".npy"), pixels.mean(2) / 255)
        (folder / "pairs" / row["image"]).mkdir(parents=True)
        for number in (1, 2):
            noise = rng.integers(0, 256, (40, 40, 3), dtype=np.uint8)
            Image.fromarray(noise).save(folder / "pairs" / row["image"] / f"{number}.png")
        lines.append(f'{row["image"]};"Because of {place};\nthat is all."')
    (folder / "why.csv").write_text("\n".join(lines), "utf-8-sig")
    return {"mine": folder / "mine", "pairs": folder / "pairs", "why": folder / "why.csv"}


@pytest.fixture(scope="module")
def bundle(
    given: dict[str, Path],
    colour_folder: Path,
    colour_machine: Machine,
    tmp_path_factory: pytest.TempPathFactory,
) -> Bundle:
    study = parse_study(TEXT, subject="study.toml")
    machine = Machine(store=colour_machine.store, cache=colour_machine.cache, explanations=given)
    dataset = open_dataset(study.dataset, colour_folder)
    return build(study, TEXT, dataset, machine, tmp_path_factory.mktemp("built") / "bundle")


def rows_of(bundle: Bundle, explainer: str) -> dict[str, Explanation]:
    return {e.stimulus_id: e for e in bundle.explanations if e.explainer == explainer}


def test_every_stimulus_has_its_own_explanations(bundle: Bundle, given: dict[str, Path]) -> None:
    texts = rows_of(bundle, "why")
    by_image = {row["image"]: row["text"] for row in table_of(given["why"], delimiter=";")}
    for stimulus in bundle.stimuli:
        assert texts[stimulus.stimulus_id].text == by_image[stimulus.source]
        pixels = seen_pixels((bundle.path / stimulus.image).read_bytes(), 32)
        heat = np.load(given["mine"] / f"{stimulus.source}.npy")
        assert np.allclose(heat, pixels.mean(2) / 255)


def test_the_manifest_says_which_explanations_and_how_many_images_lack_one(
    bundle: Bundle, given: dict[str, Path]
) -> None:
    facts = bundle.manifest.explanations
    assert {*facts} == {"mine", "pairs", "why"}
    assert facts["mine"].n_images == len(list(given["mine"].iterdir()))
    left_out = {why: n for why, n in bundle.manifest.excluded.items() if "no explanation" in why}
    assert {*left_out} == {f"no explanation of {name} (tiny)" for name in facts}
    assert sum(left_out.values()) > 0
    said = f"mine: made elsewhere, of 166 images, digest {facts['mine'].digest[:12]}"
    assert said in summary(bundle)


def test_only_arrays_have_scores_and_all_pictures_of_a_name_have_one_length(
    bundle: Bundle,
) -> None:
    scored = {e.explainer for e in bundle.explanations if e.scores}
    assert scored == {"mine", "neighbours"}
    for name in ("mine", "pairs"):
        images = {i for e in bundle.explanations if e.explainer == name for i in e.images}
        assert len({(bundle.path / image).stat().st_size for image in images}) == 1


def exchanged(bundle: Bundle, folder: Path) -> Path:
    """The bundle, in which every heat map stands beside another photo; the sums are right."""
    shutil.copytree(bundle.path, folder)
    path = folder / "explanations.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    mine = [row for row in rows if row["explainer"] == "mine"]
    images = [row["images"] for row in mine]
    for row, others in zip(mine, images[1:] + images[:1], strict=True):
        row["images"] = others
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    write_sums(folder)
    return folder


def test_heat_maps_that_are_exchanged_by_hand_no_longer_have_the_scores_of_others(
    bundle: Bundle, tmp_path: Path
) -> None:
    n_scored = sum(bool(e.scores) for e in bundle.explanations if e.explainer == "mine")
    with pytest.raises(BundleError) as error:
        check_bundle(exchanged(bundle, tmp_path / "other"))
    found = [p for p in error.value.problems if "scores are not those of its pictures" in p]
    assert len(found) == len(error.value.problems) == n_scored > 0


def test_the_review_shows_photos_and_texts(bundle: Bundle) -> None:
    page = write_review(bundle.path).read_text("utf-8")
    for explanation in bundle.explanations:
        if explanation.explainer == "why":
            assert explanation.text in page
        elif explanation.explainer == "pairs":
            assert all(image in page for image in explanation.images)


def test_a_ceiling_reads_maps_and_photos_and_no_condition_with_texts(
    bundle: Bundle, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    names = [condition.name for condition in with_a_ceiling(bundle)]
    assert names == ["confidence", "gradcam", "neighbours"]
    assert "told: has no ceiling" in caplog.text
    condition = next(c for c in bundle.study.conditions if c.name == "gradcam")
    features = {*shown_by(bundle, condition).panels}
    assert {"mine: mass", "pairs: like_colours", "pairs: like_each_other"} <= features
    only_told = bundle.study.model_copy(
        update={"conditions": tuple(c for c in bundle.study.conditions if c.name == "told")}
    )
    with pytest.raises(CeilingError, match="no condition shows all of the AI without texts"):
        write_ceiling(
            replace(bundle, study=only_told), tmp_path / "ceiling", permutations=0, seed=1
        )


@pytest.mark.slow
def test_a_command_writes_what_the_ai_sees_once(
    colour_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # what is kept goes there
    Path("study.toml").write_text(TEXT)
    command = ["crops", "study.toml", "--data", str(colour_folder), "--out", "crops"]
    first, second = (CliRunner().invoke(main, command) for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 1)
    assert "crops: 200 pictures, and crops.csv" in first.output
    assert len(list(Path("crops").glob("*.png"))) == 200
    assert "is there already" in second.output


def test_a_build_without_the_explanations_asks_for_them_before_any_work(
    colour_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("study.toml").write_text(TEXT)
    command = ["build", "study.toml", "--data", str(colour_folder), "--out", "bundle"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 1
    for missing in ("mine=DIR", "pairs=DIR", "why=FILE.csv"):
        assert f"nothing is given; add --explanations {missing}" in result.output
    assert not (tmp_path / "instance").exists()
    (tmp_path / "empty").mkdir()
    twice = ["--explanations", "mine=empty", "--explanations", "mine=empty"]
    result = CliRunner().invoke(main, [*command, *twice, "--explanations", "pairs"])
    assert "--explanations mine: is given more than once; keep one" in result.output
    assert "--explanations pairs: is not NAME=PATH" in result.output
