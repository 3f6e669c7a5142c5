"""Our PGD beside Foolbox's LinfPGD on the same photos: `make bench ONLY=pgd`, ten minutes.

Foolbox is no dependency: `pip install --no-deps --target DIR foolbox eagerpy GitPython gitdb smmap
requests`, then `PYTHONPATH=.:DIR`. The photos are `../shared/data/imagenet_val`, the classifier is
EfficientNet-Lite0.
"""

import csv
from collections.abc import Callable
from functools import partial
from statistics import median

import numpy as np
import pytest
import torch
from PIL import Image
from scipy import stats
from torch import Tensor

from explainers.classifier import Classifier, new_classifier
from stimuli.build.attacks import as_pictures
from stimuli.build.pgd import pgd
from stimuli.models.predictions import BATCH, as_images
from stimuli.pictures.jpeg import decode, encode
from tests.benchmarks.photographs import lite0
from tests.benchmarks.timing import machine, seconds
from tests.lab import ROOT

PHOTOS = ROOT.parent / "shared/data/imagenet_val"
SOURCES = 64
TIMED = 4
REPEATS = 5
EPSILON = 16 / 255
BANDS = {"low": (0, 0.3), "medium": (0.4, 0.6), "high": (0.8, 1.01)}

Attack = Callable[[Tensor, Tensor], Tensor]


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    """EfficientNet-Lite0 with its ImageNet weights."""
    return lite0()


@pytest.fixture(scope="module")
def sources(classifier: Classifier) -> tuple[Tensor, Tensor]:
    """Photos that are judged rightly as they are stored, and their labels."""
    if not PHOTOS.is_dir():
        pytest.skip(f"{PHOTOS} is not there")
    with (PHOTOS / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    images, labels = [], []
    for number in np.random.default_rng(1).permutation(len(rows)):
        label = int(rows[number]["class_index"])
        with Image.open(PHOTOS / "images" / rows[number]["image"]) as photo:
            crop = photo.convert("RGB").resize((224, 224), Image.Resampling.BILINEAR)
        image = read([encode(crop)])
        if int(classify(classifier, image).argmax()) == label:
            images.append(image)
            labels.append(label)
        if len(labels) == SOURCES:
            break
    return torch.cat(images), torch.tensor(labels)


def read(jpegs: list[bytes]) -> Tensor:
    return as_images(torch.from_numpy(np.stack([decode(jpeg) for jpeg in jpegs])))


@torch.inference_mode()
def classify(classifier: Classifier, images: Tensor) -> Tensor:
    """(n, 1000) probabilities."""
    return torch.cat([classifier(batch).softmax(1) for batch in images.split(BATCH)])


def ours(classifier: Classifier, *, seed: int) -> Attack:
    generator = torch.Generator().manual_seed(seed)

    def attack(images: Tensor, labels: Tensor) -> Tensor:
        noise = 2 * torch.rand(images.shape, generator=generator) - 1
        return pgd(classifier, images, labels, noise=noise)

    return attack


def foolbox_attack(classifier: Classifier, *, start: Tensor | None = None) -> Attack:
    """Foolbox's attack with the paper's settings, from a given start or from its own."""
    foolbox = pytest.importorskip("foolbox", reason="foolbox is not installed; see the docstring")
    model = foolbox.PyTorchModel(classifier, bounds=(0, 1))
    method = foolbox.attacks.LinfPGD()
    if start is not None:
        eagerpy = pytest.importorskip("eagerpy")
        method.get_random_start = lambda x, epsilon: eagerpy.astensor(start)

    def attack(images: Tensor, labels: Tensor) -> Tensor:
        found: Tensor = method.run(
            model, images, foolbox.Misclassification(labels), epsilon=EPSILON
        )
        return found.detach()

    return attack


def stored(attack: Attack, images: Tensor, labels: Tensor) -> Tensor:
    """The images after an attack and our JPEG encoder."""
    made = []
    for batch, right in zip(images.split(BATCH), labels.split(BATCH), strict=True):
        made += [encode(picture) for picture in as_pictures(attack(batch, right))]
    return read(made)


def counted(
    classifier: Classifier, images: Tensor, labels: Tensor
) -> tuple[dict[str, int], Tensor]:
    """How many deceive, and how many of these lie in each band; and their confidences."""
    confidences, said = classify(classifier, images).max(1)
    wrong = confidences[said != labels]
    bands = {n: int(((wrong >= a) & (wrong < b)).sum()) for n, (a, b) in BANDS.items()}
    return {"deceived": len(wrong), **bands}, wrong


@pytest.mark.filterwarnings("ignore")
def test_from_the_same_start_foolbox_makes_the_same_images() -> None:
    network = new_classifier("tiny", weights="none", classes=("a", "b", "c"), seed=6).eval()
    images = torch.rand(4, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    labels = torch.tensor([0, 1, 2, 0])
    noise = 2 * torch.rand(images.shape, generator=torch.Generator().manual_seed(3)) - 1
    start = pgd(network, images, labels, n_steps=0, noise=noise)
    mine = pgd(network, images, labels, noise=noise)
    theirs = foolbox_attack(network, start=start)(images, labels)
    same = float(((mine - theirs).abs() < 1e-5).float().mean())
    print(f"{same:.2%} of the values agree to 1e-5")  # noqa: T201
    assert same > 0.98  # a gradient of nearly zero may round to either sign


@pytest.mark.filterwarnings("ignore")
def test_as_many_deceive_after_jpeg_as_with_foolbox(
    classifier: Classifier, sources: tuple[Tensor, Tensor]
) -> None:
    """Fisher's exact test on each count; the mean confidences within three standard errors."""
    images, labels = sources
    torch.manual_seed(1)
    attacks = {"ours": ours(classifier, seed=1), "foolbox": foolbox_attack(classifier)}
    found = {}
    for name, attack in attacks.items():
        found[name] = counted(classifier, stored(attack, images, labels), labels)
        print(name, found[name][0], f"mean confidence {found[name][1].mean():.4f}")  # noqa: T201
    (mine, sure), (theirs, as_sure) = found.values()
    for what in mine:
        table = [[mine[what], len(labels) - mine[what]], [theirs[what], len(labels) - theirs[what]]]
        assert stats.fisher_exact(table).pvalue > 0.01, what
    error = float((sure.var() / len(sure) + as_sure.var() / len(as_sure)).sqrt())
    assert abs(float(sure.mean() - as_sure.mean())) < 3 * error + 1e-3


@pytest.mark.filterwarnings("ignore")
def test_images_per_second_are_those_of_foolbox_or_more(
    classifier: Classifier, sources: tuple[Tensor, Tensor]
) -> None:
    """Interleaved, so that what else the machine does slows both down."""
    images, labels = (part[:TIMED] for part in sources)
    attacks = {"ours": ours(classifier, seed=1), "foolbox": foolbox_attack(classifier)}
    rates: dict[str, list[float]] = {name: [] for name in attacks}
    for _ in range(REPEATS):
        for name, attack in attacks.items():
            rates[name].append(TIMED / seconds(partial(attack, images, labels)))
    print(machine(), {name: f"{median(own):.3f} images/s" for name, own in rates.items()})  # noqa: T201
    assert median(rates["ours"]) >= 0.95 * median(rates["foolbox"])
