"""The paper's two studies, built from small trees and a ResNet-34 that answers as it was planned.

The weights cannot be fetched in a test: a state dict lies where torch.hub keeps what it fetched,
so that they are loaded as ever. The network is random up to its last layer, which is fitted so
that each picture gets the label and the confidence that the plan gives it.
"""

import itertools
import logging
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import tomlkit
import torch
import torchvision
from PIL import Image
from torchvision.models import ResNet34_Weights

from stimuli.build.bins import CELLS
from stimuli.build.pipeline import build
from stimuli.bundle import Bin, Bundle, Kind
from stimuli.cache import Cache
from stimuli.datasets.adaptors import open_dataset
from stimuli.datasets.base import Dataset, Example, Split
from stimuli.datasets.imagenet.synsets import index_of_wnid
from stimuli.models.classifiers import Machine
from stimuli.models.predictions import images_of
from stimuli.pictures.crops import Crop, crop
from stimuli.study import Study, parse_study, read_study
from stimuli.study.online import Phase
from tests.lab import ROOT

WNIDS = {
    "imagenet": ("n01440764", "n02012849", "n03126707", "n02110958"),  # with both cranes
    "dogs": ("n02085620", "n02110958", "n02115641", "n02116738"),  # Chihuahua to hunting dog
}
TABBY = 281
SIDE, PER_CLASS, TRAINING = 40, 8, 9
PER_BIN, PER_CELL, OUTSIDE = 2, 3, 2
SURE = {Bin.EASY: {True: 0.95, False: 0.2}, Bin.MEDIUM: {True: 0.5, False: 0.5}}
SURE[Bin.HARD] = {True: 0.2, False: 0.95}
# ResNet-34 on 224 px takes minutes: here pictures are smaller, and steps are fewer and longer.
QUICK = {"n_steps": 5, "relative_step": 0.5, "epsilon": 0.25}
SMALL = {
    "dataset": {"min_side": 32, "resize_px": 36, "crop_px": 32},
    "bins": {"per_bin": PER_BIN, "allow_short": True},
    "adversarial": {"per_bin": PER_BIN, "attacked": 6, **QUICK},
    "explainers": {"extremal": {"areas": [0.1], "n_steps": 1}},
    "assignment": {"right": 4, "wrong": 4, "adversarial": 4},
}


def read(name: str) -> Study:
    return read_study(ROOT / f"stimuli/studies/{name}.toml")


def small_text(name: str) -> str:
    """The study file with smaller pictures, bins and numbers of steps."""
    document = tomlkit.parse((ROOT / f"stimuli/studies/{name}.toml").read_text("utf-8"))
    for table, changes in SMALL.items():
        document[table].update(changes)  # type: ignore[union-attr]
    test = next(phase for phase in document["phases"] if phase["name"] == "test")  # type: ignore[union-attr,index]
    test["trials"] = PER_BIN * len(CELLS)
    return tomlkit.dumps(document)


def draw(path: Path, rng: np.random.Generator) -> None:
    """Sixteen random colours: as far from every other picture as can be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    blocks = rng.integers(0, 256, (4, 4, 3), dtype=np.uint8)
    Image.fromarray(blocks).resize((SIDE, SIDE), Image.Resampling.NEAREST).save(path)


def plant(root: Path, wnids: Sequence[str]) -> Path:
    """A tree as unpacked from image-net.org, with validation images in folders."""
    rng = np.random.default_rng(4)
    boxes = root / "ILSVRC2012_bbox_val_v3/val"
    boxes.mkdir(parents=True)
    for number, wnid in enumerate(itertools.chain(*[wnids] * PER_CLASS), start=1):
        stem = f"ILSVRC2012_val_{number:08d}"
        draw(root / "val" / wnid / f"{stem}.JPEG", rng)
        (boxes / f"{stem}.xml").write_text(
            f"<annotation><size><width>{SIDE}</width><height>{SIDE}</height></size>"
            "<object><bndbox><xmin>9</xmin><ymin>9</ymin><xmax>29</xmax><ymax>29</ymax></bndbox>"
            "</object></annotation>"
        )
    for wnid in wnids:
        for number in range(TRAINING):
            draw(root / "train" / wnid / f"{wnid}_{number}.JPEG", rng)
    return root


def plan(labels: Sequence[int], split: Split) -> Iterator[tuple[bool, float]]:
    """Whether the network shall be right about each picture of a split, and how sure."""
    cells = [(right, SURE[bin][right]) for bin, right in CELLS] * PER_CELL
    start = {
        Split.TRAIN: [],
        Split.VAL: [(False, 0.5), (True, 0.95)] * 8,
        Split.TEST: cells,
    }[split]
    return itertools.islice(itertools.chain(start, itertools.repeat((True, 0.95))), len(labels))


def fitted(crops: dict[Split, list[Crop]], *, outside: int) -> dict[str, torch.Tensor]:
    """The weights of a ResNet-34 that answers as planned.

    One logit of 1000 is not 0: p = e^z / (e^z + 999).

    Args:
        outside: how many of the last stimuli it takes for a tabby.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = torchvision.models.resnet34(weights=None).eval()
    # Without its last layer, a network of ReLUs scales with its input: features grow far enough
    # apart to be no duplicates at the paper's distance of 100.
    network.conv1.weight.data.mul_(10)
    shown = [crop for split in Split for crop in crops[split]]
    normalise = ResNet34_Weights.IMAGENET1K_V1.transforms()
    images = torchvision.transforms.functional.normalize(
        images_of(shown, torch.device("cpu")), normalise.mean, normalise.std
    )
    layer, network.fc = network.fc, torch.nn.Identity()
    with torch.inference_mode():
        pooled = torch.cat([network(batch) for batch in images.split(16)]).double()
    known = torch.cat([pooled, pooled.new_ones(len(pooled), 1)], 1)
    solution = torch.linalg.lstsq(known, wanted(crops, outside=outside), driver="gelsd").solution
    layer.weight.data, layer.bias.data = solution[:-1].T.float(), solution[-1].float()
    network.fc = layer
    state: dict[str, torch.Tensor] = network.state_dict()
    return state


def wanted(crops: dict[Split, list[Crop]], *, outside: int) -> torch.Tensor:
    """(pictures, 1000) logits."""
    rows = []
    for split in Split:
        labels = [crop.example.label for crop in crops[split]]
        others = sorted(set(labels))
        for label, (right, confidence) in zip(labels, plan(labels, split), strict=True):
            guess = label if right else others[(others.index(label) + 1) % len(others)]
            rows.append(torch.zeros(1000, dtype=torch.float64))
            rows[-1][guess] = math.log(999 * confidence / (1 - confidence))
    for row in rows[len(rows) - outside :]:
        row[TABBY], row[row.argmax()] = float(row.max()), 0.0
    return torch.stack(rows)


@contextmanager
def logged() -> Iterator[list[str]]:
    """The lines that the offline stage logs."""
    lines: list[str] = []
    log, handler = logging.getLogger("stimuli"), logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    before = log.level
    log.setLevel(logging.INFO)
    log.addHandler(handler)
    try:
        yield lines
    finally:
        log.removeHandler(handler)
        log.setLevel(before)


def crops_of(examples: Sequence[Example], dataset: Dataset, study: Study) -> list[Crop]:
    made = (crop(example, dataset, study.dataset) for example in examples)
    return [found for found in made if isinstance(found, Crop)]


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=pytest.mark.slow) for name in ("imagenet", "dogs")],
)
def built(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Bundle, list[str]]:
    """The bundle of a study, and what its build logged."""
    name, folder = request.param, tmp_path_factory.mktemp(request.param)
    text = small_text(name)
    study = parse_study(text, subject=name)
    dataset = open_dataset(study.dataset, plant(folder / "tree", WNIDS[name]))
    crops = {s: crops_of(dataset.split(s), dataset, study) for s in Split}
    weights = folder / "hub/checkpoints" / Path(ResNet34_Weights.IMAGENET1K_V1.url).name
    weights.parent.mkdir(parents=True)
    torch.save(fitted(crops, outside=OUTSIDE if name == "dogs" else 0), weights)
    with pytest.MonkeyPatch.context() as patch, logged() as lines:
        patch.setenv("TORCH_HOME", str(folder))
        bundle = build(
            study,
            text,
            dataset,
            Machine(store=folder, cache=Cache(folder=folder / "kept")),
            folder / "out",
        )
    return bundle, lines


@pytest.mark.parametrize(("name", "gate"), [("imagenet", 10), ("dogs", 8)])
def test_a_study_file_asks_for_what_the_paper_did(name: str, gate: int) -> None:
    study = read(name)
    (classifier,) = study.classifiers
    assert (classifier.backbone, classifier.weights) == ("resnet34", "imagenet")
    assert study.bins.per_bin * len(CELLS) == 300
    assert study.adversarial is not None
    assert study.adversarial.per_bin * len(Bin) == 150
    assert not study.bins.allow_short
    assert (study.practice.items, study.validation.items, study.test_trials) == (5, 10, 30)
    assert study.gate.min_correct == gate
    assert study.explainers.neighbours is not None
    assert study.explainers.neighbours.duplicate_distance == {"resnet34": 100}
    assert (study.dataset.colour_only, study.dataset.min_side) == (True, 224)
    assert (study.dataset.resize_px, study.dataset.crop_px) == (256, 224)


def test_every_natural_bin_holds_what_was_planned(built: tuple[Bundle, list[str]]) -> None:
    """Of the pictures without a planned cell all are easy and right; some are taken for tabbies."""
    bundle, _ = built
    spare = 4 * PER_CLASS - len(CELLS) * PER_CELL
    outside = OUTSIDE if bundle.manifest.study == "dogs" else 0
    easy = PER_CELL + spare - outside
    assert [(c.available, c.chosen) for c in bundle.manifest.bins] == [
        (easy if (c.bin, c.right) == (Bin.EASY, True) else PER_CELL, PER_BIN)
        for c in bundle.manifest.bins
    ]
    assert bundle.manifest.excluded["predicted class not in the data set (resnet34)"] == outside
    for p in bundle.predictions:
        stimulus = bundle.stimulus_by_id[p.stimulus_id]
        if stimulus.phase is Phase.TEST and stimulus.kind is Kind.NATURAL:
            assert p.bin is not None
            assert p.confidence == pytest.approx(SURE[p.bin][p.right], abs=0.02)


def test_every_stimulus_has_a_card_and_what_each_condition_shows(
    built: tuple[Bundle, list[str]],
) -> None:
    bundle, _ = built
    indices = {index_of_wnid()[wnid] for wnid in WNIDS[bundle.manifest.study]}
    [facts] = bundle.manifest.adversarial
    assert facts.deceived > 0
    for stimulus in bundle.stimuli:
        for condition in bundle.study.conditions:
            said = bundle.prediction(stimulus.stimulus_id, condition)
            assert said.label_index in indices
            assert len(said.card.images) == 3
            assert said.card.description
            panels = bundle.panels(stimulus.stimulus_id, condition)
            assert tuple(p.explainer for p in panels) == condition.panels
    assert bundle.manifest.classifiers[0].ai_only.chosen_on == "pool"


def test_the_log_accounts_for_every_picture(built: tuple[Bundle, list[str]]) -> None:
    """What comes into a step is what came out of the one before it."""
    bundle, lines = built
    n_tests, excluded = 4 * PER_CLASS, bundle.manifest.excluded
    shown = n_tests - sum(excluded.values())
    [facts] = bundle.manifest.adversarial
    drawn = sum(c.chosen for c in facts.bins)
    expected = [
        f"reading {4 * (PER_CLASS + TRAINING)} pictures of 1000 classes",
        f"test: {n_tests} pictures; left out: none",
        f"resnet34: test: {n_tests} answers, ",
        "resnet34: 4 of 1000 classes have a card",
        f"test: {shown} of {n_tests} can be shown; left out: ",
        f"bins: {shown} images; easy right {PER_BIN} drawn of ",
        "items: 8 right and confident, of 12",
        "items: 7 wrong, of 8",
        f"may be attacked, {facts.attacked} are",
        f"adversarial: {facts.deceived} deceive as JPEG files; of {facts.twins} people see",
        f"adversarial: {sum(c.available for c in facts.bins)} images; easy wrong ",
        f"resnet34: gradcam: {2 * 6 + drawn + 15} explanations, {PER_BIN * 3} of them with scores",
    ]
    text = "\n".join(lines)
    for line in expected:
        assert line in text
