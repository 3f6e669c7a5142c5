"""Attacks on pictures as they are shown: each stored by the encoder that all share, and cached.

An attack starts from the pixels that the natural picture was encoded from, so that both have been
through the encoder once: a natural picture is one whose perturbation is zero. It goes through the
resize to the classifier's input where that is smaller.

The paper (section 2.4.2) attacks the whole picture squashed to 224 px, stretches its contrast,
stores it, and classifies the central crop of that enlarged to 256 px. Here the crop itself is
attacked, stored and classified: it looks as a natural crop does, and its boxes stay valid.
Enlarging would weaken the attack further, so here more of the wrong answers are sure ones.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from tqdm import tqdm

import stimuli.build.pgd
import stimuli.models.predictions
from stimuli.build.context import BuildContext
from stimuli.build.pgd import pgd
from stimuli.bundle import Kind
from stimuli.cache import code, digest, write_bytes
from stimuli.models.predictions import BATCH, as_images
from stimuli.pictures import crops, frame, jpeg
from stimuli.pictures.crops import Crop, pixels_before_encoding
from stimuli.pictures.jpeg import encode
from stimuli.study.offline import AdversarialSettings


def attacked_crops(
    sources: Sequence[Crop], settings: AdversarialSettings, context: BuildContext
) -> list[Crop]:
    """Each crop after PGD on the study's first classifier, stored as every picture is."""
    # Without those that say how many attacks there are.
    keywords, seed = settings.model_dump(exclude={"per_bin", "attacked"}), context.study.study.seed
    modules = stimuli.build.pgd, stimuli.models.predictions, crops, frame, jpeg
    made_by = digest(code(sys.modules[__name__], *modules), keywords, seed)
    keys = [digest(made_by, crop.example.label, *crop.input_key) for crop in sources]
    cache = context.evaluations[0].cache
    paths = [cache.path("attacks", key).with_suffix(".jpg") for key in keys]
    missing = [n for n, path in enumerate(paths) if not path.is_file()]
    for start in tqdm(range(0, len(missing), BATCH), desc="attacks", unit="batch", leave=False):
        rows = missing[start : start + BATCH]
        files = attacked_files([sources[row] for row in rows], context, **keywords)
        for row, file in zip(rows, files, strict=True):
            write_bytes(paths[row], [file])
    return [
        replace(crop, jpeg=path.read_bytes(), kind=Kind.ADVERSARIAL)
        for crop, path in zip(sources, paths, strict=True)
    ]


def attacked_files(
    batch: Sequence[Crop], context: BuildContext, **keywords: Any
) -> Iterator[bytes]:
    """Attack a batch from what its files were encoded from, and encode the results.

    Args:
        keywords: of `pgd`. The study's seed decides with the picture where an attack starts,
            whatever else is attacked.
    """
    study, classifier = context.study, context.evaluations[0].checkpoint.classifier
    device = classifier.mean.device
    pixels = [
        pixels_before_encoding(crop.example, context.dataset, study.dataset, study.display_px)
        for crop in batch
    ]
    images = as_images(torch.from_numpy(np.stack(pixels)).to(device))
    labels = torch.tensor([crop.example.label for crop in batch], device=device)
    noise = torch.stack([noise_of(crop, images.shape[1:], study.study.seed) for crop in batch])
    attacked = pgd(
        classifier,
        images,
        labels,
        noise=noise.to(images),
        input_px=study.dataset.crop_px,
        **keywords,
    )
    return map(encode, as_pictures(attacked))


def noise_of(crop: Crop, shape: torch.Size, seed: int) -> Tensor:
    """Uniform in [-1, 1], drawn on the CPU: the same on every device."""
    generator = torch.Generator().manual_seed(int(digest(seed, crop.jpeg)[:15], 16))
    return 2 * torch.rand(shape, generator=generator) - 1


def as_pictures(images: Tensor) -> list[Image.Image]:
    """(n, 3, height, width) in [0, 1] as n pictures; each value goes to the nearest level."""
    pixels = images.mul(255).round().to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()
    return [Image.fromarray(np.ascontiguousarray(picture)) for picture in pixels]
