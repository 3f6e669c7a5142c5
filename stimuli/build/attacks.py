"""Attacks on pictures as they are shown: each stored by the encoder that all share, and cached.

An attack starts from the pixels that the natural picture was encoded from, so that both have been
through the encoder once: a natural picture is one whose perturbation is zero. It goes through the
resize to the classifier's input where that is smaller.

The paper (section 2.4.2) attacks the whole picture squashed to 224 px, stretches its contrast,
stores it, and classifies the central crop of that enlarged to 256 px. Here the crop itself is
attacked, stored and classified: it looks as a natural crop does, and its boxes stay valid.
Enlarging would weaken the attack further, so here more of the wrong answers are sure ones.

A flipped picture has the same perturbation turned left to right: as much noise of the same sort,
which belongs to no place of the photograph any more.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

import stimuli.build.pgd
import stimuli.models.predictions
from stimuli.build.context import BuildContext
from stimuli.build.evaluated import EvaluatedClassifier
from stimuli.build.pgd import pgd
from stimuli.bundle import Kind
from stimuli.cache import code, digest, write_bytes
from stimuli.models.predictions import BATCH, as_images
from stimuli.pictures import crops, frame, jpeg
from stimuli.pictures.crops import Crop, pixels_before_encoding
from stimuli.pictures.jpeg import encode
from stimuli.progress_bars import tqdm
from stimuli.study.offline import AdversarialSettings


@dataclass(frozen=True, kw_only=True)
class Attack:
    """What is done to some pictures.

    Attributes:
        targets: the classifiers to deceive, all with one picture.
        against: the name of the one target where each classifier has pictures of its own.
        settings: of `[adversarial]`.
    """

    targets: Sequence[EvaluatedClassifier]
    against: str
    settings: AdversarialSettings

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Of the pictures that become of one."""
        return (Kind.ADVERSARIAL, *((Kind.FLIPPED,) if self.settings.control else ()))

    @property
    def keywords(self) -> dict[str, Any]:
        """Those of `pgd`."""
        return self.settings.model_dump(include={"epsilon", "n_steps", "relative_step"})


def attacked_crops(
    sources: Sequence[Crop], attack: Attack, context: BuildContext
) -> dict[Kind, list[Crop]]:
    """Each crop after PGD, of each kind, stored as every picture is."""
    seed, targets = context.study.study.seed, attack.targets
    modules = stimuli.build.pgd, stimuli.models.predictions, crops, frame, jpeg
    others = [target.ready.key for target in targets[1:]]
    made_by = digest(code(sys.modules[__name__], *modules), attack.keywords, seed, others)
    keys = [digest(made_by, crop.example.label, *crop.input_key) for crop in sources]
    paths = {
        kind: [targets[0].cache.path(f"attacks-{kind}", key).with_suffix(".jpg") for key in keys]
        for kind in attack.kinds
    }
    there = [all(path.is_file() for path in of_one) for of_one in zip(*paths.values(), strict=True)]
    missing = [n for n, is_there in enumerate(there) if not is_there]
    for start in tqdm(range(0, len(missing), BATCH), desc="attacks", unit="batch", leave=False):
        rows = missing[start : start + BATCH]
        for kind, files in attacked_files([sources[row] for row in rows], attack, context).items():
            for row, file in zip(rows, files, strict=True):
                write_bytes(paths[kind][row], [file])
    return {
        kind: [
            replace(crop, jpeg=path.read_bytes(), kind=kind, against=attack.against)
            for crop, path in zip(sources, of_kind, strict=True)
        ]
        for kind, of_kind in paths.items()
    }


def attacked_files(
    batch: Sequence[Crop], attack: Attack, context: BuildContext
) -> dict[Kind, list[bytes]]:
    """Attack a batch from what its files were encoded from, and encode what becomes of it.

    The study's seed decides with the picture where an attack starts, whatever else is attacked.
    """
    study, device = context.study, context.evaluations[0].ready.device
    pixels = [
        pixels_before_encoding(crop.example, context.dataset, study.dataset, study.display_px)
        for crop in batch
    ]
    images = as_images(torch.from_numpy(np.stack(pixels)).to(device))
    noise = torch.stack([noise_of(crop, images.shape[1:], study.study.seed) for crop in batch])
    attacked = pgd(
        [target.ready.classifier for target in attack.targets],
        images,
        torch.tensor([crop.example.label for crop in batch], device=device),
        noise=noise.to(images),
        input_px=study.dataset.crop_px,
        **attack.keywords,
    )
    made = {Kind.ADVERSARIAL: attacked, Kind.FLIPPED: flipped(images, attacked)}
    return {kind: [encode(picture) for picture in as_pictures(made[kind])] for kind in attack.kinds}


def flipped(images: Tensor, attacked: Tensor) -> Tensor:
    """Images with the perturbation turned left to right, cut off at 0 and 1."""
    return (images + (attacked - images).flip(-1)).clamp(0, 1)


def noise_of(crop: Crop, shape: torch.Size, seed: int) -> Tensor:
    """Uniform in [-1, 1], drawn on the CPU: the same on every device."""
    generator = torch.Generator().manual_seed(int(digest(seed, crop.jpeg)[:15], 16))
    return 2 * torch.rand(shape, generator=generator) - 1


def as_pictures(images: Tensor) -> list[Image.Image]:
    """(n, 3, height, width) in [0, 1] as n pictures; each value goes to the nearest level."""
    pixels = images.mul(255).round().to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()
    return [Image.fromarray(np.ascontiguousarray(picture)) for picture in pixels]
