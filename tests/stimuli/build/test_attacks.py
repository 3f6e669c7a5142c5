"""What an attack starts from, and that a natural picture is an attack of zero."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from explainers.classifier import new_classifier
from stimuli.build.attacks import Attack, as_pictures, attacked_files, flipped, noise_of
from stimuli.build.context import BuildContext
from stimuli.build.pgd import pgd
from stimuli.datasets.adaptors import open_dataset
from stimuli.models.predictions import images_of
from stimuli.pictures.crops import Crop, crop
from stimuli.pictures.detector import telling_auc
from stimuli.pictures.jpeg import Jpeg, encode
from stimuli.study import Study
from stimuli.study.offline import AdversarialSettings
from tests.lab import ROOT
from tests.stimuli.build.contexts import build_context, evaluated_classifier

PHOTOS = ROOT.parent / "shared/data/leeds_butterfly"
INPUT_PX = 112
BATCH = 16


def test_the_noise_that_an_attack_starts_with_is_uniform_and_each_pictures_own(
    colour_folder: Path, colour_study: Study
) -> None:
    """Moments of the uniform distribution on [-1, 1]: mean 0, variance 1/3, fourth moment 1/5."""
    dataset = open_dataset(colour_study.dataset, colour_folder)
    crops = [crop(example, dataset, colour_study.dataset) for example in dataset.examples[:2]]
    first, second = (noise_of(picture, torch.Size((3, 100, 100)), 1).double() for picture in crops)
    for power, moment in ((1, 0), (2, 1 / 3), (4, 1 / 5)):
        assert float((first**power).mean()) == pytest.approx(moment, abs=0.02)
    assert first.abs().max() <= 1
    assert not torch.equal(first, second)
    assert not torch.equal(first, noise_of(crops[0], torch.Size((3, 100, 100)), 2))


def photo_context(study: Study, display_px: int) -> BuildContext:
    """Photographs of butterflies with a network that sees 112 px of them, and knows nothing."""
    if not PHOTOS.is_dir():
        pytest.skip("leeds_butterfly is not at ../shared/data")
    changes = {"min_side": 96, "resize_px": 128, "crop_px": INPUT_PX}
    tables = {
        "dataset": study.dataset.model_dump() | changes,
        "rendering": {"display_px": display_px},
    }
    study = Study.model_validate(study.model_dump() | tables)
    dataset = open_dataset(study.dataset, PHOTOS)
    names = tuple(info.name for info in dataset.classes)
    classifier = new_classifier("tiny", weights="none", classes=names, seed=1).eval()
    context = build_context(study, evaluated_classifier({}, classifier=classifier))
    return replace(context, dataset=dataset)


def photos(context: BuildContext, rng: np.random.Generator, n: int) -> list[Crop]:
    """The crops of so many photographs, drawn at random."""
    study, dataset = context.study, context.dataset
    rows = rng.permutation(len(dataset.examples))[:n]
    made = [
        crop(dataset.examples[row], dataset, study.dataset, study.display_px)
        for row in rows.tolist()
    ]
    return [picture for picture in made if isinstance(picture, Crop)]


def perturbed_by_zero(crops: Sequence[Crop], context: BuildContext) -> Iterator[Jpeg]:
    """What an attack makes of pictures whose channels it may not change."""
    settings = AdversarialSettings().model_copy(update={"epsilon": 0.0, "n_steps": 1})
    attack = Attack(targets=context.evaluations, against="", settings=settings)
    for start in range(0, len(crops), BATCH):
        [files] = attacked_files(crops[start : start + BATCH], attack, context).values()
        yield from files


def attacked_and_enlarged(crops: Sequence[Crop], context: BuildContext) -> Iterator[Jpeg]:
    """What would be shown if the classifier's input were attacked, and then enlarged."""
    classifier = context.evaluations[0].ready.classifier
    side = (context.study.display_px,) * 2
    for start in range(0, len(crops), BATCH):
        images = images_of(crops[start : start + BATCH], torch.device("cpu"))
        labels, numbers = classifier(images).argmax(1), torch.Generator().manual_seed(start)
        noise = 2 * torch.rand(images.shape, generator=numbers) - 1
        attacked = pgd([classifier], images, labels, n_steps=5, relative_step=1 / 4, noise=noise)
        for picture in as_pictures(attacked):
            yield encode(picture.resize(side, Image.Resampling.BILINEAR))


def test_a_flipped_picture_has_the_same_noise_at_the_mirrored_place(
    rng: np.random.Generator,
) -> None:
    generator = torch.Generator().manual_seed(int(rng.integers(100)))
    images = 0.2 + 0.6 * torch.rand(2, 3, 8, 8, generator=generator)
    noise = 0.1 * (2 * torch.rand(2, 3, 8, 8, generator=generator) - 1)
    change = flipped(images, images + noise) - images
    torch.testing.assert_close(change, noise.flip(-1))
    torch.testing.assert_close(change.square().sum(), noise.square().sum())
    assert flipped(images, images + 10 * noise).max() <= 1


@pytest.mark.parametrize("display_px", [INPUT_PX, 150, 224])
def test_a_natural_photograph_is_one_that_was_perturbed_by_zero_to_the_last_byte(
    colour_study: Study, rng: np.random.Generator, display_px: int
) -> None:
    context = photo_context(colour_study, display_px)
    crops = photos(context, rng, 24)
    assert [crop.jpeg for crop in crops] == list(perturbed_by_zero(crops, context))


@pytest.mark.slow
def test_a_detector_cannot_tell_perturbed_by_zero_from_natural(
    colour_study: Study, rng: np.random.Generator
) -> None:
    """All 832 photographs, each in one group: with so many, chance is off by .02. 20 seconds."""
    context = photo_context(colour_study, 224)
    crops = photos(context, rng, 832)
    natural, sources = crops[::2], crops[1::2]
    auc = telling_auc([c.jpeg for c in natural], list(perturbed_by_zero(sources, context)))
    assert auc == pytest.approx(0.5, abs=0.05)


@pytest.mark.slow
def test_a_detector_tells_what_was_attacked_at_the_input_and_merely_enlarged(
    colour_study: Study, rng: np.random.Generator
) -> None:
    context = photo_context(colour_study, 224)
    crops = photos(context, rng, 120)
    enlarged = list(attacked_and_enlarged(crops[::2], context))
    auc = telling_auc([c.jpeg for c in crops[1::2]], enlarged)
    assert auc is not None
    assert auc > 0.95
