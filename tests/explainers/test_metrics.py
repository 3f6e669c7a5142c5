"""Scores of a heat map against the object: by hand, by laws, and against other software."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from torchvision.ops import box_iou as torchvision_iou

from explainers.metrics import (
    THRESHOLDS,
    Box,
    at_thresholds,
    best_threshold,
    box_iou,
    box_mask,
    dice,
    energy,
    iou,
    largest_box,
    mask_box,
    pointing,
    wsl,
)

REFERENCE = Path(__file__).parents[1] / "reference" / "heatmaps" / "expected.csv"
SHAPE = (10, 12)

heatmaps = arrays.arrays(float, SHAPE, elements=st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.7, 1.0]))
masks = arrays.arrays(bool, SHAPE)
boxes = st.tuples(st.integers(0, 10), st.integers(0, 8), st.integers(1, 9), st.integers(1, 9)).map(
    lambda b: (float(b[0]), float(b[1]), float(min(b[0] + b[2], 12)), float(min(b[1] + b[3], 10)))
)


def hot(*pixels: tuple[int, int], shape: tuple[int, int] = SHAPE) -> np.ndarray:
    """A map that is 1 at some (row, column) and 0 elsewhere."""
    heatmap = np.zeros(shape)
    for pixel in pixels:
        heatmap[pixel] = 1
    return heatmap


@pytest.mark.parametrize(
    ("peak", "hit"),
    [
        ((50, 50), 1),  # inside
        ((50, 26), 1),  # the box begins in column 40: 14 px
        ((50, 25), 0),  # 15 px is not less than 15
        ((50, 73), 1),  # its last column is 59
        ((50, 74), 0),
        ((31, 28), 0),  # 9 up and 12 to the left: exactly 15
        ((31, 29), 1),
    ],
)
def test_the_peak_hits_a_box_that_has_a_pixel_less_than_15_px_away(
    peak: tuple[int, int], hit: int
) -> None:
    assert pointing(hot(peak, shape=(100, 100)), [(40.0, 40.0, 60.0, 60.0)]) == hit


def test_of_equal_peaks_the_first_counts_row_by_row() -> None:
    box = [(0.0, 0.0, 2.0, 2.0)]
    assert pointing(hot((1, 1), (5, 9)), box, tolerance_px=1) == 1
    assert pointing(hot((0, 9), (1, 1)), box, tolerance_px=1) == 0


def test_energy_is_the_share_of_heat_in_the_union_of_boxes() -> None:
    heatmap = np.array([[1.0, 0.5, 0.0], [0.25, 0.0, 0.25]])
    assert energy(heatmap, [(0, 0, 1, 1)]) == 0.5
    assert energy(heatmap, [(0, 0, 1, 1), (0, 0, 2, 1), (2, 1, 3, 2)]) == 0.875


def test_iou_is_of_the_pixels_at_or_above_the_threshold_and_the_union_of_boxes() -> None:
    heatmap = np.array([[1.0, 0.5, 0.0], [0.25, 0.0, 0.25]])
    assert iou(heatmap, [(0, 0, 1, 2)], 0.5) == pytest.approx(1 / 3)
    assert iou(heatmap, [(0, 0, 1, 2)], 0.25) == pytest.approx(2 / 4)
    assert iou(heatmap, [(0, 0, 1, 2), (1, 0, 2, 1)], 0.25) == pytest.approx(3 / 4)


def test_an_object_is_found_if_the_box_of_the_largest_component_agrees_with_one_box() -> None:
    heatmap = np.zeros(SHAPE)
    heatmap[0, 0:5] = 0.9  # a row of five
    heatmap[4:7, 4:7] = np.eye(3)  # three that touch at corners
    heatmap[6, 4] = heatmap[5, 6] = heatmap[6, 5] = 0.8
    assert largest_box(heatmap >= 0.5) == (4, 4, 7, 7)
    assert wsl(heatmap, [(4, 4, 7, 7)], 0.5) == 1
    assert wsl(heatmap, [(0, 0, 5, 1)], 0.5) == 0
    assert wsl(heatmap, [(0, 0, 5, 1)], 0.9) == 1
    assert wsl(heatmap, [(8, 0, 9, 1), (4, 4, 7, 8)], 0.5) == 1
    assert wsl(heatmap, [(4, 4, 7, 10)], 0.5) == 0  # an IoU of exactly one half


def test_of_equal_components_the_first_counts_row_by_row() -> None:
    assert largest_box(hot((2, 9), (5, 1)) > 0) == (9, 2, 10, 3)


def test_a_map_below_the_threshold_misses_but_is_defined() -> None:
    heatmap = 0.3 * hot((1, 1))
    assert iou(heatmap, [(0, 0, 2, 2)], 0.5) == 0
    assert wsl(heatmap, [(0, 0, 2, 2)], 0.5) == 0


def test_dice_takes_as_many_of_the_hottest_pixels_as_the_mask_has() -> None:
    heatmap = np.array([[1.0, 0.9, 0.0], [0.8, 0.1, 0.7]])
    mask = np.array([[True, False, True], [True, False, False]])
    assert dice(heatmap, mask) == pytest.approx(2 / 3)


def test_equally_hot_pixels_at_the_edge_count_by_their_chance() -> None:
    """One of three is sure; the second place falls to the object in two of four cases."""
    heatmap = np.array([[1.0, 0.5, 0.5], [0.5, 0.5, 0.0]])
    mask = np.array([[False, True, True], [False, False, False]])
    assert dice(heatmap, mask) == pytest.approx(0.5 / 2)


@given(heatmaps, masks, st.integers(0, 2**32 - 1))
def test_dice_is_what_random_choices_among_equal_pixels_average_to(
    heatmap: np.ndarray, mask: np.ndarray, seed: int
) -> None:
    score = dice(heatmap, mask)
    if score is None:
        return
    rng, size, n = np.random.default_rng(seed), np.count_nonzero(mask), 400
    shuffled = [rng.permutation(heatmap.size) for _ in range(n)]
    flat, object_ = heatmap.ravel(), mask.ravel()
    dices = [object_[p[np.argsort(-flat[p], kind="stable")[:size]]].mean() for p in shuffled]
    assert score == pytest.approx(np.mean(dices), abs=0.02 + 5 * np.std(dices) / np.sqrt(n))


BOX = [(2.0, 2.0, 6.0, 6.0)]
AGAINST: list[Callable[[np.ndarray, list[Box]], float | None]] = [
    pointing,
    energy,
    lambda heatmap, boxes: iou(heatmap, boxes, 0.5),
    lambda heatmap, boxes: wsl(heatmap, boxes, 0.5),
    lambda heatmap, boxes: dice(heatmap, box_mask(boxes, heatmap.shape)),
]


@pytest.mark.parametrize("score", AGAINST)
def test_a_score_is_not_defined_without_support_or_an_object(
    score: Callable[[np.ndarray, list[Box]], float | None],
) -> None:
    assert score(np.zeros(SHAPE), BOX) is None
    assert score(np.ones(SHAPE), []) is None
    assert score(np.ones(SHAPE), [(20.0, 20.0, 30.0, 30.0)]) is None
    assert score(np.ones(SHAPE), [(2.6, 2.0, 3.4, 6.0)]) is None  # holds no centre of a pixel
    assert score(np.ones(SHAPE), BOX) is not None


@given(heatmaps, st.lists(boxes, max_size=3))
def test_every_score_lies_between_0_and_1(heatmap: np.ndarray, truth: list[Box]) -> None:
    for score in AGAINST:
        value = score(heatmap, truth)
        assert value is None or 0 <= value <= 1


@given(heatmaps, st.lists(boxes, min_size=1, max_size=3), st.sampled_from([0.125, 0.5, 3.0]))
def test_scores_without_a_threshold_do_not_depend_on_the_scale(
    heatmap: np.ndarray, truth: list[Box], factor: float
) -> None:
    mask = box_mask(truth, SHAPE)
    assert pointing(heatmap * factor, truth) == pointing(heatmap, truth)
    assert dice(heatmap * factor, mask) == dice(heatmap, mask)
    assert energy(heatmap * factor, truth) == pytest.approx(energy(heatmap, truth))


@given(st.lists(boxes, min_size=1, max_size=3))
def test_an_object_that_is_its_own_heat_map_has_perfect_scores(truth: list[Box]) -> None:
    mask = box_mask(truth, SHAPE)
    heatmap = mask.astype(float)
    assert (pointing(heatmap, truth), energy(heatmap, truth), dice(heatmap, mask)) == (1, 1, 1)
    assert {iou(heatmap, truth, threshold) for threshold in THRESHOLDS} == {1}
    assert wsl(heatmap, truth[:1], 0.5) == 1 or len(truth) > 1


@given(boxes, boxes)
def test_iou_is_symmetric_and_torchvision_finds_the_same(one: Box, other: Box) -> None:
    assert box_iou(one, other) == box_iou(other, one)
    theirs = torchvision_iou(*(torch.tensor([box], dtype=torch.float64) for box in (one, other)))
    assert box_iou(one, other) == pytest.approx(theirs.item())
    pixels = box_mask([one], SHAPE).astype(float)
    assert iou(pixels, [other], 0.5) == pytest.approx(box_iou(one, other))


@given(masks)
def test_the_largest_component_is_the_one_that_a_flood_fills(mask: np.ndarray) -> None:
    """Second implementation: fill from every pixel, keep the first of the largest floods."""
    left, floods = {tuple(p) for p in np.argwhere(mask)}, []
    for start in map(tuple, np.argwhere(mask)):
        flood, waiting = set(), [start] if start in left else []
        while waiting:
            row, column = waiting.pop()
            if (row, column) in left:
                left.remove((row, column))
                flood.add((row, column))
                waiting += [(row + i, column + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        floods.append(flood)
    box = largest_box(mask)
    if not mask.any():
        assert box is None
        return
    rows, columns = zip(*max(floods, key=len), strict=True)
    assert box == (min(columns), min(rows), max(columns) + 1, max(rows) + 1)


@given(boxes)
def test_the_box_around_the_pixels_of_a_box_is_that_box(box: Box) -> None:
    assert mask_box(box_mask([box], SHAPE)) == box
    assert mask_box(np.zeros(SHAPE, dtype=bool)) is None


def test_the_best_threshold_finds_most_objects_and_is_the_smallest_that_does() -> None:
    """A 4 x 4 object at .8 in a haze of .3: found above .30 and up to .80."""
    heatmap = np.full(SHAPE, 0.3)
    heatmap[2:6, 2:6] = 0.8
    heatmap[0, 0] = 1
    found = at_thresholds(wsl, heatmap, BOX)
    assert dict(zip(THRESHOLDS, found, strict=True)) == {t: 0.3 < t <= 0.8 for t in THRESHOLDS}
    assert best_threshold([found]) == 0.35
    haze = np.full(SHAPE, 0.3)  # found at the lowest thresholds, up to .30
    everywhere = at_thresholds(wsl, haze, [(0.0, 0.0, 12.0, 10.0)])
    assert best_threshold([found, everywhere, everywhere]) == 0.05
    undefined = [at_thresholds(wsl, np.zeros(SHAPE), BOX), at_thresholds(wsl, haze, [])]
    assert np.isnan(undefined).all()
    assert best_threshold([found, *undefined]) == 0.35
    assert best_threshold(undefined) is None


def test_other_software_finds_the_same_scores() -> None:
    """torchray, quantus and torchmetrics on seeded maps; `tests/reference/heatmaps/make.py`."""
    with REFERENCE.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 40
    for row in rows:
        heatmap = np.random.default_rng(int(row["seed"])).random((48, 64)) ** 3
        truth = [tuple(float(row[edge]) for edge in ("left", "top", "right", "bottom"))]
        assert pointing(heatmap, truth) == float(row["torchray_pointing"])
        assert energy(heatmap, truth) == pytest.approx(float(row["quantus_energy"]), abs=1e-9)
        mask = box_mask(truth, heatmap.shape)
        assert dice(heatmap, mask) == pytest.approx(float(row["quantus_rank"]), abs=1e-9)
        assert iou(heatmap, truth, 0.3) == pytest.approx(float(row["torchmetrics_iou"]), abs=1e-6)
