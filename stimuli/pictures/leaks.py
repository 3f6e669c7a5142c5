"""Pictures that one split has from another: left out, counted and named.

A classifier has seen what it learned from, and so is surer of a copy and more often right about it.
Of two copies the one goes that is asked about: from test, whatever is in train or val; from val,
whatever is in train. Copies inside one split stay. Imports no torch.
"""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum

import numpy as np

from stimuli.cache import Cache, code, digest
from stimuli.datasets.base import Split
from stimuli.pictures import copies
from stimuli.pictures.copies import Copy, differing_copies, find_copies, perceptual_hashes
from stimuli.pictures.crops import Crop, Crops
from stimuli.problems import some_of

log = logging.getLogger(__name__)

LEARNED_FROM = {Split.VAL: (Split.TRAIN,), Split.TEST: (Split.TRAIN, Split.VAL)}
"""The splits of which a split may hold no picture."""


class Leak(StrEnum):
    """How a picture is in another split too."""

    EXACT = "exact copy in another split"
    NEAR = "near copy in another split"


LeakCounts = dict[Split, dict[str, int]]
"""How many pictures of each split were left out, by how they leak."""


def without_leaks(crops: Crops, cache: Cache) -> tuple[dict[Split, list[Crop]], LeakCounts]:
    """The crops that no split has from another, and how many were left out for which reason."""
    hashes = {split: hashes_of(crops[split], cache, what=f"{split}: copies") for split in crops}
    jpegs = {split: [crop.jpeg for crop in crops[split]] for split in crops}
    kept = {split: [*crops[split]] for split in crops}
    counts: LeakCounts = {split: {leak.value: 0 for leak in Leak} for split in crops}
    warn_of_two_classes(crops, hashes)
    for split, others in LEARNED_FROM.items():
        found: dict[int, tuple[Split, Copy]] = {}
        for other in others:
            pairs = (hashes[split], hashes[other])
            for row, copy in find_copies(jpegs[split], jpegs[other], pairs).items():
                found.setdefault(row, (other, copy))
        kept[split] = [crop for row, crop in enumerate(crops[split]) if row not in found]
        kinds = Counter(Leak.EXACT if copy.is_exact else Leak.NEAR for _, copy in found.values())
        counts[split] = {leak.value: kinds[leak] for leak in Leak}
        if found:
            log.warning("%s: %s", split, leak_sentence(split, found, crops))
    return kept, counts


def warn_of_two_classes(crops: Crops, hashes: Mapping[Split, np.ndarray]) -> None:
    """Name pictures, of whatever splits, that are copies of each other and have two classes."""
    every = [crop for split in crops for crop in crops[split]]
    pairs = differing_copies(
        [crop.jpeg for crop in every],
        np.array([crop.example.label for crop in every]),
        np.concatenate([hashes[split] for split in crops]),
    )
    if pairs:
        named = [f"{every[a].example.source} and {every[b].example.source}" for a, b in pairs]
        log.warning(
            "one photo in two classes, so that one label is wrong: %s; take one away, or correct "
            "its class",
            some_of(named),
        )


def hashes_of(crops: Sequence[Crop], cache: Cache, *, what: str) -> np.ndarray:
    """(n,) uint64, of crops on this machine made once."""
    pictures = [crop.jpeg for crop in crops]
    key = digest(code(copies), *pictures)
    return cache.arrays("hashes", key, lambda: {"bits": perceptual_hashes(pictures, what=what)})[
        "bits"
    ]


def leak_sentence(split: Split, found: Mapping[int, tuple[Split, Copy]], crops: Crops) -> str:
    """How many pictures of a split are copies, and some of them."""
    pairs = [
        f"{crops[split][row].example.source} of {crops[other][copy.of].example.source}"
        for row, (other, copy) in found.items()
    ]
    return (
        f"{len(found)} of {len(crops[split])} pictures are left out, since they are copies of "
        f"pictures that the classifier learns from: {some_of(pairs)}"
    )
