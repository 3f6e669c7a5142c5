"""Our PGD beside Foolbox's LinfPGD on the same photos: `make bench ONLY=pgd`, ten minutes.

The photos are `../shared/data/imagenet_val`, the classifier is EfficientNet-Lite0.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import pytest
import torch
from scipy import stats
from torch import Tensor

from explainers.classifier import Classifier, new_classifier
from stimuli.build.attacks import as_pictures
from stimuli.build.pgd import pgd
from stimuli.models.predictions import BATCH, as_images
from stimuli.pictures.jpeg import decode, encode
from tests.benchmarks.peers import peer
from tests.benchmarks.photographs import FOLDER, lite0, photographs, squashed
from tests.benchmarks.sizes import QUICK, size
from tests.benchmarks.timing import machine, seconds

SOURCES = size(64, quick=2)
TIMED = size(4, quick=1)
REPEATS = size(5, quick=1)
EPSILON = 16 / 255
STEPS = size(40, quick=2)  # of both, as in the study paper
BANDS = {"low": (0, 0.3), "medium": (0.4, 0.6), "high": (0.8, 1.01)}

Attack = Callable[[Tensor, Tensor], Tensor]


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    """EfficientNet-Lite0 with its ImageNet weights."""
    return lite0()


@pytest.fixture(scope="module")
def sources(classifier: Classifier) -> tuple[Tensor, Tensor]:
    if not FOLDER.is_dir():
        pytest.skip(f"{FOLDER} is not there")
    return rightly_classified(classifier, FOLDER)


def rightly_classified(classifier: Classifier, folder: Path) -> tuple[Tensor, Tensor]:
    """Photos that the classifier is right about as they are stored, and their labels."""
    photos, images, labels = photographs(folder), [], []
    for number in np.random.default_rng(1).permutation(len(photos)):
        image = read([encode(squashed(photos[number].name, folder))])
        if int(classify(classifier, image).argmax()) == photos[number].label:
            images.append(image)
            labels.append(photos[number].label)
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
        return pgd([classifier], images, labels, n_steps=STEPS, noise=noise)

    return attack


def foolbox_attack(classifier: Classifier, *, start: Tensor | None = None) -> Attack:
    """Foolbox's attack with the paper's settings, from a given start or from its own."""
    foolbox = peer("foolbox")
    model = foolbox.PyTorchModel(classifier, bounds=(0, 1))
    method = foolbox.attacks.LinfPGD(steps=STEPS)
    if start is not None:
        eagerpy = peer("eagerpy")
        method.get_random_start = lambda x, epsilon: eagerpy.astensor(start)

    def attack(images: Tensor, labels: Tensor) -> Tensor:
        attacked: Tensor = method.run(
            model, images, foolbox.Misclassification(labels), epsilon=EPSILON
        )
        return attacked.detach()

    return attack


def stored(attack: Attack, images: Tensor, labels: Tensor) -> Tensor:
    """The images after an attack and our JPEG encoder."""
    jpegs = []
    for batch, right in zip(images.split(BATCH), labels.split(BATCH), strict=True):
        jpegs += [encode(picture) for picture in as_pictures(attack(batch, right))]
    return read(jpegs)


def counted(
    classifier: Classifier, images: Tensor, labels: Tensor
) -> tuple[dict[str, int], Tensor]:
    """How many deceive, and how many of these lie in each band; and their confidences."""
    confidences, answers = classify(classifier, images).max(1)
    wrong = confidences[answers != labels]
    bands = {n: int(((wrong >= a) & (wrong < b)).sum()) for n, (a, b) in BANDS.items()}
    return {"deceived": len(wrong), **bands}, wrong


@pytest.mark.filterwarnings("ignore")
def test_from_the_same_start_foolbox_makes_the_same_images() -> None:
    network = new_classifier("tiny", weights="none", classes=("a", "b", "c"), seed=6).eval()
    images = torch.rand(4, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    labels = torch.tensor([0, 1, 2, 0])
    noise = 2 * torch.rand(images.shape, generator=torch.Generator().manual_seed(3)) - 1
    start = pgd([network], images, labels, n_steps=0, noise=noise)
    mine = pgd([network], images, labels, n_steps=STEPS, noise=noise)
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
    counts = {}
    for name, attack in attacks.items():
        counts[name] = counted(classifier, stored(attack, images, labels), labels)
        print(name, counts[name][0], f"mean confidence {counts[name][1].mean():.4f}")  # noqa: T201
    (mine, sure), (theirs, as_sure) = counts.values()
    for what in mine:
        table = [[mine[what], len(labels) - mine[what]], [theirs[what], len(labels) - theirs[what]]]
        assert stats.fisher_exact(table).pvalue > 0.01, what
    error = float((sure.var() / len(sure) + as_sure.var() / len(as_sure)).sqrt())
    assert QUICK or abs(float(sure.mean() - as_sure.mean())) < 3 * error + 1e-3


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
    assert QUICK or median(rates["ours"]) >= 0.95 * median(rates["foolbox"])
