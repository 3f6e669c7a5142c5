"""Seeded splits: shares of each class, and groups that stay together."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stimuli.datasets.base import Split
from stimuli.datasets.splitting import grouped_splits, train_or_val
from stimuli.study.dataset_settings import (
    CubSettings,
    Food201Settings,
    Ham10000Settings,
    ImageNetSSettings,
)

CUB = CubSettings(adaptor="cub")
HAM = Ham10000Settings(adaptor="ham10000")
HAM_CLASSES = {0: 327, 1: 514, 2: 1099, 3: 115, 4: 1113, 5: 6705, 6: 142}
"""Images of each diagnosis in HAM10000: akiec, bcc, bkl, df, mel, nv, vasc."""


def counts(splits: list[Split]) -> tuple[int, int, int]:
    tally = Counter(splits)
    return tally[Split.TRAIN], tally[Split.VAL], tally[Split.TEST]


def test_cub_gets_the_numbers_of_table_1() -> None:
    """Of its 200 classes, 194 have 30 official training images and 6 have 29: 5,994."""
    labels = [label for label in range(200) for _ in range(29 if label < 6 else 30)]
    assert len(labels) == 5994
    splits = train_or_val(labels, CUB.val_share, seed=CUB.split_seed)
    assert counts(splits) == (4794, 1200, 0)
    val = Counter(label for label, split in zip(labels, splits, strict=True) if split == Split.VAL)
    assert set(val.values()) == {6}


def test_imagenet_s_gets_the_numbers_of_table_1() -> None:
    share = ImageNetSSettings(adaptor="imagenet_s").val_share
    labels = [label for label in range(919) for _ in range(10)]
    assert counts(train_or_val(labels, share, seed=0)) == (6433, 2757, 0)


def test_food201_comes_near_the_numbers_of_table_1() -> None:
    """8,928 training images in 99 classes; how many each has is not published."""
    share = Food201Settings(adaptor="food201").val_share
    labels = [number % 99 for number in range(8928)]
    train, val, _ = counts(train_or_val(labels, share, seed=0))
    assert abs(train - 6244) <= 15
    assert train + val == 8928


def test_ham10000_gets_the_numbers_of_table_1_though_lesions_stay_together() -> None:
    rng = np.random.default_rng(1)
    labels = [label for label, size in HAM_CLASSES.items() for _ in range(size)]
    groups = [f"{label}-{rng.integers(0.75 * HAM_CLASSES[label])}" for label in labels]
    splits = grouped_splits(
        labels, groups, val_share=HAM.val_share, test_share=HAM.test_share, seed=0
    )
    assert counts(splits) == (4893, 2092, 3030)
    assert len(set(zip(groups, splits, strict=True))) == len(set(groups))
    melanomas = counts([s for s, label in zip(splits, labels, strict=True) if label == 4])
    assert melanomas == pytest.approx([1113 * n / 10015 for n in (4893, 2092, 3030)], abs=1.5)


def test_a_class_keeps_an_image_for_train_and_a_share_of_nothing_is_nothing() -> None:
    assert train_or_val([3, 8, 8], 0.9, seed=0).count(Split.TRAIN) == 2
    assert train_or_val([1] * 9, 0.0, seed=0) == [Split.TRAIN] * 9
    assert train_or_val([], 0.5, seed=0) == []


def test_another_seed_gives_another_split_and_the_same_seed_the_same() -> None:
    labels = [0, 1] * 20
    assert train_or_val(labels, 0.5, seed=1) == train_or_val(labels, 0.5, seed=1)
    assert train_or_val(labels, 0.5, seed=1) != train_or_val(labels, 0.5, seed=2)


def test_one_class_is_split_as_it_would_be_alone() -> None:
    alone = train_or_val([1] * 10, 0.3, seed=5)
    assert train_or_val([0] * 7 + [1] * 10, 0.3, seed=5)[7:] == alone


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=200),
    st.floats(0, 0.45),
    st.floats(0, 0.45),
    st.integers(0, 9),
)
def test_no_group_is_in_two_splits_and_sizes_are_near(
    numbers: list[int], val: float, test: float, seed: int
) -> None:
    """Groups are told apart by number, and belong to one of three classes."""
    labels, groups = [n % 3 for n in numbers], [str(n) for n in numbers]
    splits = grouped_splits(labels, groups, val_share=val, test_share=test, seed=seed)
    assert len(set(zip(groups, splits, strict=True))) == len(set(groups))
    largest = max(Counter(groups).values())
    near = 3 * (largest + 1)  # each of three classes may miss by its largest group
    _, n_val, n_test = counts(splits)
    assert abs(n_val - val * len(labels)) <= near
    assert abs(n_test - test * len(labels)) <= near


@given(st.lists(st.sampled_from([0, 1, 2]), max_size=90), st.integers(0, 3))
def test_groups_of_one_hit_the_shares_exactly(labels: list[int], seed: int) -> None:
    groups = [str(place) for place in range(len(labels))]
    splits = grouped_splits(labels, groups, val_share=0.2, test_share=0.3, seed=seed)
    _, n_val, n_test = counts(splits)
    assert n_val == round(0.2 * len(labels))
    assert n_test == round(0.3 * len(labels))


def test_the_order_of_the_images_does_not_matter() -> None:
    groups = [f"lesion {n // 2}" for n in range(40)]
    forth = grouped_splits([0] * 40, groups, val_share=0.25, test_share=0.25, seed=3)
    back = grouped_splits([0] * 40, groups[::-1], val_share=0.25, test_share=0.25, seed=3)
    assert forth == back[::-1]
