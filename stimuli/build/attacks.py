"""Attacks on views: each stored as JPEG by the encoder that all pictures share, and kept.

The paper (section 2.4.2) attacks the whole picture squashed to 224 px, stretches its contrast,
stores it, and judges the central crop of that enlarged to 256 px. Here the view itself is attacked,
stored and judged: it looks as a natural view does, and its boxes stay valid. Enlarging would weaken
the attack further, so here more of the wrong answers are sure ones.
"""

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from tqdm import tqdm

import stimuli.build.pgd
from explainers.classifier import Classifier
from stimuli.build.evaluated import EvaluatedClassifier
from stimuli.build.pgd import pgd
from stimuli.bundle import Kind
from stimuli.cache import code, digest, write_bytes
from stimuli.models.predictions import BATCH, images_of
from stimuli.pictures import crops, jpeg
from stimuli.pictures.crops import Crop
from stimuli.pictures.jpeg import encode
from stimuli.study.offline import AdversarialSettings


def attacked_crops(
    evaluated: EvaluatedClassifier,
    sources: Sequence[Crop],
    settings: AdversarialSettings,
    *,
    seed: int,
) -> list[Crop]:
    """Each view after PGD, stored by the encoder that all pictures share.

    Args:
        seed: with the picture it decides where an attack starts, whatever else is attacked.
    """
    made_by = digest(
        code(sys.modules[__name__], stimuli.build.pgd, crops, jpeg), _attack(settings), seed
    )
    paths = [
        evaluated.cache.path("attacks", digest(made_by, v.example.label, v.jpeg)).with_suffix(
            ".jpg"
        )
        for v in sources
    ]
    missing = [n for n, path in enumerate(paths) if not path.is_file()]
    for start in tqdm(range(0, len(missing), BATCH), desc="attacks", unit="batch", leave=False):
        batch = missing[start : start + BATCH]
        made = _attacked(
            evaluated.checkpoint.classifier, [sources[n] for n in batch], settings, seed
        )
        for n, picture in zip(batch, made, strict=True):
            write_bytes(paths[n], [encode(picture)])
    return [
        replace(crop, jpeg=path.read_bytes(), kind=Kind.ADVERSARIAL)
        for crop, path in zip(sources, paths, strict=True)
    ]


def _attack(settings: AdversarialSettings) -> dict[str, Any]:
    """The settings of an attack, without those that say how many there are."""
    return settings.model_dump(exclude={"per_bin", "attacked"})


def _attacked(
    classifier: Classifier, crops: Sequence[Crop], settings: AdversarialSettings, seed: int
) -> list[Image.Image]:
    device = classifier.mean.device
    images = images_of(crops, device)
    attacked = pgd(
        classifier,
        images,
        torch.tensor([crop.example.label for crop in crops], device=device),
        noise=torch.stack([noise_of(crop, images.shape[1:], seed) for crop in crops]).to(images),
        **_attack(settings),
    )
    return as_pictures(attacked)


def noise_of(crop: Crop, shape: torch.Size, seed: int) -> Tensor:
    """Uniform in [-1, 1], drawn on the CPU: the same on every device."""
    generator = torch.Generator().manual_seed(int(digest(seed, crop.jpeg)[:15], 16))
    return 2 * torch.rand(shape, generator=generator) - 1


def as_pictures(images: Tensor) -> list[Image.Image]:
    """(n, 3, height, width) in [0, 1] as n pictures; each value goes to the nearest level."""
    pixels = images.mul(255).round().to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()
    return [Image.fromarray(np.ascontiguousarray(picture)) for picture in pixels]
