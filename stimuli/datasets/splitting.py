"""Splits that a release leaves open: seeded, stratified by class, and whole groups where asked."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np

from stimuli.datasets.base import Split

Key = TypeVar("Key", int, str)


def train_or_val(labels: Sequence[int], share: float, *, seed: int) -> list[Split]:
    """Set a share of each class apart as val, in seeded random order.

    Each class is rounded by itself, so that the total may differ from the share of all by some
    images, and a class keeps at least one image for train.

    Args:
        labels: the class index of each image.
        share: in [0, 1).
    """
    splits = [Split.TRAIN] * len(labels)
    for label, places in _by(labels).items():
        n_val = min(round(share * len(places)), len(places) - 1)
        order = np.random.default_rng([seed, label]).permutation(len(places))
        for k in order[:n_val]:
            splits[places[k]] = Split.VAL
    return splits


def grouped_splits(
    labels: Sequence[int],
    groups: Sequence[str],
    *,
    val_share: float,
    test_share: float,
    seed: int,
) -> list[Split]:
    """Split images so that all of a group fall into one split, stratified by class.

    A class's groups are placed largest first, in seeded random order, each where the largest part
    of the quota is still open. The order of the images does not matter.

    Args:
        labels: the class index of each image.
        groups: what must stay together, such as the lesion that each image shows. All images of a
            group are of one class.
    """
    splits = [Split.TRAIN] * len(labels)
    start = 0
    for label, places in _by(labels).items():
        stop = start + len(places)
        # Rounding the running totals makes the sums over all classes exact.
        n_val = round(val_share * stop) - round(val_share * start)
        n_test = round(test_share * stop) - round(test_share * start)
        quota = {
            Split.TRAIN: len(places) - n_val - n_test,
            Split.VAL: n_val,
            Split.TEST: n_test,
        }
        members = _by([groups[place] for place in places])
        sizes = {group: len(images) for group, images in members.items()}
        for group, split in _place(sizes, quota, np.random.default_rng([seed, label])).items():
            for k in members[group]:
                splits[places[k]] = split
        start = stop
    return splits


def _by(keys: Sequence[Key]) -> dict[Key, list[int]]:
    """The places of each key, with the keys in order."""
    places: dict[Key, list[int]] = {key: [] for key in sorted(set(keys))}
    for place, key in enumerate(keys):
        places[key].append(place)
    return places


def _place(
    sizes: Mapping[str, int], quota: Mapping[Split, int], rng: np.random.Generator
) -> dict[str, Split]:
    """The split of each group."""
    names = list(sizes)
    shuffled = [names[k] for k in rng.permutation(len(names))]
    room = dict(quota)
    splits = {}
    for group in sorted(shuffled, key=lambda name: -sizes[name]):
        fitting = [s for s in room if room[s] >= sizes[group]]
        if fitting:
            split = max(fitting, key=lambda s: room[s] / quota[s])
        else:
            split = max(room, key=lambda s: room[s])
        splits[group] = split
        room[split] -= sizes[group]
    return splits
