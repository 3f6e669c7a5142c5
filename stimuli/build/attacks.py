"""Attacks on crops: each stored as JPEG by the encoder that all pictures share, and cached.

The paper (section 2.4.2) attacks the whole picture squashed to 224 px, stretches its contrast,
stores it, and classifies the central crop of that enlarged to 256 px. Here the crop itself is
attacked, stored and classified: it looks as a natural crop does, and its boxes stay valid.
Enlarging would weaken the attack further, so here more of the wrong answers are sure ones.
"""

import sys
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from tqdm import tqdm

import stimuli.build.pgd
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
    """Each crop after PGD, stored by the encoder that all pictures share.

    Args:
        seed: with the picture it decides where an attack starts, whatever else is attacked.
    """
    classifier, cache = evaluated.checkpoint.classifier, evaluated.cache
    device = classifier.mean.device
    # Without those that say how many attacks there are.
    keywords = settings.model_dump(exclude={"per_bin", "attacked"})
    made_by = digest(code(sys.modules[__name__], stimuli.build.pgd, crops, jpeg), keywords, seed)
    keys = [digest(made_by, crop.example.label, crop.jpeg) for crop in sources]
    paths = [cache.path("attacks", key).with_suffix(".jpg") for key in keys]
    missing = [n for n, path in enumerate(paths) if not path.is_file()]
    for start in tqdm(range(0, len(missing), BATCH), desc="attacks", unit="batch", leave=False):
        rows = missing[start : start + BATCH]
        batch = [sources[row] for row in rows]
        images = images_of(batch, device)
        labels = torch.tensor([crop.example.label for crop in batch], device=device)
        noise = torch.stack([noise_of(crop, images.shape[1:], seed) for crop in batch])
        attacked = pgd(classifier, images, labels, noise=noise.to(images), **keywords)
        for row, picture in zip(rows, as_pictures(attacked), strict=True):
            write_bytes(paths[row], [encode(picture)])
    return [
        replace(crop, jpeg=path.read_bytes(), kind=Kind.ADVERSARIAL)
        for crop, path in zip(sources, paths, strict=True)
    ]


def noise_of(crop: Crop, shape: torch.Size, seed: int) -> Tensor:
    """Uniform in [-1, 1], drawn on the CPU: the same on every device."""
    generator = torch.Generator().manual_seed(int(digest(seed, crop.jpeg)[:15], 16))
    return 2 * torch.rand(shape, generator=generator) - 1


def as_pictures(images: Tensor) -> list[Image.Image]:
    """(n, 3, height, width) in [0, 1] as n pictures; each value goes to the nearest level."""
    pixels = images.mul(255).round().to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()
    return [Image.fromarray(np.ascontiguousarray(picture)) for picture in pixels]
