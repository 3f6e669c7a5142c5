"""Extremal masks that take minutes each, kept on the disk: a run that was cut off goes on."""

import hashlib
import os
from functools import cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from explainers import blurring, extremal, folding, smooth_masks
from explainers.classifier import Classifier
from explainers.extremal import N_STEPS, ExtremalMasks, extremal_masks
from tests.benchmarks.photographs import ROOT

KEPT = ROOT / "instance" / "extremal_masks"


def kept_masks(
    classifier: Classifier, image: Tensor, label: int, *, n_steps: int = N_STEPS
) -> ExtremalMasks:
    """Of one image, with all other settings as they come.

    Args:
        image: (1, 3, height, width), RGB in [0, 1].
    """
    path = KEPT / f"{_digest(classifier, image, label)}-{n_steps}.npz"
    if not path.exists():
        made = extremal_masks(classifier, image, torch.tensor([label]), n_steps=n_steps)
        KEPT.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.partial.npz")
        np.savez_compressed(partial, masks=made.masks.numpy(), logits=made.logits.numpy())
        partial.replace(path)
    found = np.load(path)
    return ExtremalMasks(
        masks=torch.from_numpy(found["masks"]), logits=torch.from_numpy(found["logits"])
    )


def _digest(classifier: Classifier, image: Tensor, label: int) -> str:
    """SHA-256 of all that decides: code and settings, weights, image and label."""
    found = hashlib.sha256(str(label).encode() + _code())
    for values in (*classifier.state_dict().values(), image):
        found.update(values.contiguous().numpy().tobytes())
    return found.hexdigest()


@cache
def _code() -> bytes:
    """Read once: what is edited while masks are made does not make them."""
    modules = (extremal, smooth_masks, blurring, folding)
    return b"".join(Path(str(module.__file__)).read_bytes() for module in modules)
