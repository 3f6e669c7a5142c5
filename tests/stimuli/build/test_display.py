"""A study whose pictures are larger than the classifier's input: there is still one picture."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from explainers.classifier import Classifier, load_checkpoint
from explainers.gradcam import gradcam
from stimuli.build.pipeline import build
from stimuli.bundle import Bundle, BundleError, Kind, read_bundle
from stimuli.bundle.check import check_bundle
from stimuli.bundle.classifier_input import input_sha256, seen_pixels
from stimuli.bundle.files import write_sums
from stimuli.datasets.adaptors import open_dataset
from stimuli.datasets.base import Split
from stimuli.models.predictions import as_images
from stimuli.pictures.crops import pixels_before_encoding
from stimuli.pictures.jpeg import decode
from stimuli.pictures.render import heatmap_jpeg
from stimuli.study import parse_study
from tests.stimuli.build.test_adversarial import EPSILON, TABLE
from tests.stimuli.conftest import BOX, STUDY, new_machine

DISPLAY_PX, INPUT_PX = 64, 32
TEXT = f"{STUDY}{TABLE}\n[rendering]\ndisplay_px = {DISPLAY_PX}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the bundle and its classifier are."""
    return tmp_path_factory.mktemp("display")


@pytest.fixture(scope="module")
def bundle(folder: Path, colour_folder: Path) -> Bundle:
    """The coloured pictures, twice as large as what the classifier sees; some are attacked."""
    study = parse_study(TEXT, subject="study.toml")
    dataset = open_dataset(study.dataset, colour_folder)
    return build(study, TEXT, dataset, new_machine(folder), folder / "bundle")


@pytest.fixture(scope="module")
def classifier(bundle: Bundle, folder: Path) -> Classifier:
    """The one that judged."""
    (path,) = (folder / "checkpoints").iterdir()
    return load_checkpoint(path).classifier


def seen(bundle: Bundle, image: str) -> np.ndarray:
    """What the classifier sees of a displayed file."""
    return seen_pixels((bundle.path / image).read_bytes(), INPUT_PX)


def test_every_picture_people_see_has_the_displayed_size(bundle: Bundle) -> None:
    sizes = set()
    for path in (bundle.path / "images").iterdir():
        with Image.open(path) as image:
            sizes.add(image.size)
    assert sizes == {(DISPLAY_PX, DISPLAY_PX)}
    assert check_bundle(bundle.path).digest == bundle.digest


def test_what_is_judged_is_the_displayed_file_after_the_resize(
    bundle: Bundle, classifier: Classifier
) -> None:
    kinds = set()
    for prediction in bundle.predictions:
        stimulus = bundle.stimulus_by_id[prediction.stimulus_id]
        pixels = seen(bundle, stimulus.image)
        assert input_sha256(pixels) == stimulus.input_sha256
        assert pixels.shape == (INPUT_PX, INPUT_PX, 3)
        image = as_images(torch.from_numpy(pixels.copy())[None])
        probabilities = classifier(image).detach().softmax(1)[0]
        assert int(probabilities.argmax()) == prediction.label_index
        assert float(probabilities.max()) == pytest.approx(prediction.confidence, abs=1e-5)
        kinds.add(stimulus.kind)
    assert kinds == {Kind.NATURAL, Kind.ADVERSARIAL}


def test_an_attack_changes_displayed_pixels_by_epsilon_at_most(
    bundle: Bundle, colour_folder: Path
) -> None:
    """JPEG adds a little."""
    dataset, deceived = open_dataset(bundle.study.dataset, colour_folder), 0
    examples = {example.source: example for example in dataset.split(Split.TEST)}
    for stimulus in bundle.stimuli:
        if stimulus.kind is Kind.ADVERSARIAL:
            example = examples[stimulus.source]
            before = pixels_before_encoding(example, dataset, bundle.study.dataset, DISPLAY_PX)
            after = decode((bundle.path / stimulus.image).read_bytes())
            change = np.abs(after.astype(float) - before)
            assert 1 < change.mean() < 255 * EPSILON + 2
            deceived += 1
    assert deceived


def test_boxes_are_those_of_the_picture_as_shown(bundle: Bundle) -> None:
    """The photos of 56 x 48 px are enlarged to 93 x 80, of which the middle 64 x 64 is shown."""
    scale, left, top = 80 / 48, (93 - 64) // 2, 8
    edges = (left, top, left, top)
    expected = [min(max(x * scale - edge, 0), 64) for x, edge in zip(BOX, edges, strict=True)]
    boxes = {box for stimulus in bundle.stimuli for box in stimulus.boxes}
    assert len(boxes) == 1
    assert boxes.pop() == pytest.approx(expected)


def test_heat_maps_explain_the_input_and_are_drawn_as_large_as_the_photo(
    bundle: Bundle, classifier: Classifier
) -> None:
    explained = [e for e in bundle.explanations if e.explainer == "gradcam"]
    labels = {p.stimulus_id: p.label_index for p in bundle.predictions}
    for explanation in explained:
        photo = bundle.stimulus_by_id[explanation.stimulus_id].image
        image = as_images(torch.from_numpy(seen(bundle, photo).copy())[None])
        label = torch.tensor([labels[explanation.stimulus_id]])
        heatmap = gradcam(classifier, image, label)[0].numpy()
        expected = decode(heatmap_jpeg(heatmap, (bundle.path / photo).read_bytes()))
        drawn = decode((bundle.path / explanation.images[0]).read_bytes())
        assert np.abs(drawn.astype(float) - expected).mean() < 1
    assert explained


def lost(row: dict[str, object]) -> None:
    """Of a bundle of the version before."""
    del row["input_sha256"]


def other(row: dict[str, object]) -> None:
    """Of another picture."""
    row["input_sha256"] = "0" * 64


@pytest.mark.parametrize(
    ("change", "problem"),
    [(lost, "input_sha256 is missing"), (other, "gives another picture than the classifier saw")],
)
def test_a_bundle_that_does_not_say_what_was_seen_is_refused(
    bundle: Bundle, tmp_path: Path, change: Callable[[dict[str, object]], None], problem: str
) -> None:
    copy = Path(shutil.copytree(bundle.path, tmp_path / "bundle"))
    first, *others = (copy / "stimuli.jsonl").read_text("utf-8").splitlines()
    row = json.loads(first)
    change(row)
    (copy / "stimuli.jsonl").write_text("\n".join([json.dumps(row), *others, ""]), "utf-8")
    write_sums(copy)
    with pytest.raises(BundleError, match=problem) as error:
        check_bundle(copy)
    assert len(error.value.problems) == 1
    assert row["stimulus_id"] in str(error.value)


def test_a_bundle_of_the_version_before_need_not_say_what_was_seen(
    bundle: Bundle, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(bundle.path, tmp_path / "bundle"))
    rows = [json.loads(line) for line in (copy / "stimuli.jsonl").read_text("utf-8").splitlines()]
    for row in rows:
        lost(row)
    (copy / "stimuli.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    manifest = json.loads((copy / "bundle.json").read_text("utf-8"))
    (copy / "bundle.json").write_text(json.dumps(manifest | {"schema_version": 1}), "utf-8")
    write_sums(copy)
    assert check_bundle(copy).stimuli[0].input_sha256 is None
    assert read_bundle(bundle.path).manifest.schema_version == 2


@pytest.mark.slow
@pytest.mark.parametrize("fit", ["squash", "pad"])
def test_a_study_of_whole_photos_is_built_with_the_boxes_of_their_frame(
    fit: str, colour_folder: Path, tmp_path: Path
) -> None:
    """Those of 56 x 48 px are squashed to 64 x 64, or 64 x 55 between bars of 4 and 5 px."""
    text = TEXT.replace("resize_px = 40", f'fit = "{fit}"')
    study = parse_study(text, subject="study.toml")
    dataset = open_dataset(study.dataset, colour_folder)
    bundle = build(study, text, dataset, new_machine(tmp_path), tmp_path / "bundle")
    assert check_bundle(bundle.path).digest == bundle.digest
    scale_y, top = {"squash": (64 / 48, 0), "pad": (55 / 48, 4)}[fit]
    boxes = {box for stimulus in bundle.stimuli for box in stimulus.boxes}
    x0, y0, x1, y1 = BOX
    expected = (x0 * 64 / 56, y0 * scale_y + top, x1 * 64 / 56, y1 * scale_y + top)
    assert len(boxes) == 1
    assert boxes.pop() == pytest.approx(expected)
