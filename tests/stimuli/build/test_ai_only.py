"""The threshold of the AI alone."""

import csv
import itertools
from pathlib import Path

import numpy as np
import pytest

from stimuli.build.ai_only import best_threshold, bin_name, tally
from stimuli.bundle import Bin, Bundle, PoolImage, Tally
from stimuli.study.online import Phase

REFERENCE = Path(__file__).parents[2] / "reference" / "nguyen2021"
N_PUBLISHED = 38_523


def test_the_best_threshold_is_found_by_hand() -> None:
    confidences = np.array([0.2, 0.52, 0.58, 0.9])
    right = np.array([False, False, True, True])
    chosen = best_threshold(confidences, right)
    assert chosen.threshold == pytest.approx(0.55)
    assert chosen.accuracy == 1.0
    assert chosen.chosen_on == "val"


def test_an_image_at_the_threshold_is_accepted() -> None:
    chosen = best_threshold(np.array([0.95, 0.9]), np.array([True, False]))
    assert chosen.threshold == pytest.approx(0.95)
    assert chosen.accuracy == 1.0


def test_of_equally_good_thresholds_the_lowest_is_taken() -> None:
    chosen = best_threshold(np.array([0.3, 0.8]), np.array([False, True]))
    assert chosen.threshold == pytest.approx(0.35)


def published() -> dict[float, int]:
    """Right decisions by threshold, of the N_PUBLISHED ImageNet images in the six bins."""
    with (REFERENCE / "ai_only_sweep.csv").open() as file:
        return {float(r["threshold"]): int(r["n_right"]) for r in csv.DictReader(file)}


def test_the_published_sweep_comes_back_at_every_threshold() -> None:
    """Images lie between two thresholds so that each step has the published size.

    Where T passes a wrong image, one decision more is right; where it passes a right one, one less.
    """
    counts = published()
    confidences, right = [], []
    for low, high in itertools.pairwise(counts):
        gained = counts[high] - counts[low]
        confidences += [(low + high) / 2] * abs(gained)
        right += [gained < 0] * abs(gained)
    always = counts[0.95] - right.count(False)
    confidences += [0.99] * (N_PUBLISHED - len(confidences))
    right += [True] * always + [False] * (N_PUBLISHED - len(right) - always)
    chosen = best_threshold(np.array(confidences), np.array(right), chosen_on="pool")
    assert chosen.threshold == 0.55
    assert chosen.accuracy == pytest.approx(0.84801, abs=5e-6)
    assert len(chosen.sweep) == 19
    for threshold, accuracy in chosen.sweep.items():
        assert round(accuracy * N_PUBLISHED) == counts[float(threshold)]


def test_the_published_medium_stimuli_are_decided_as_in_the_notebook() -> None:
    """Of 50 right ones 18 are accepted at .55, of 50 wrong ones 38 rejected: 56 of 100."""
    image = PoolImage(
        source="a", split="test", classifier="c", confidence=0.4, right=True, bin=Bin.MEDIUM
    )
    groups = {(0.58, True): 18, (0.45, True): 32, (0.42, False): 38, (0.55, False): 12}
    answers = [
        image.model_copy(update={"confidence": confidence, "right": right})
        for (confidence, right), n in groups.items()
        for _ in range(n)
    ]
    assert tally(answers, 0.55) == Tally(n_images=100, n_right=56)


def test_the_tallies_of_a_bundle_are_those_of_its_rows(colour_bundle: Bundle) -> None:
    (facts,) = colour_bundle.manifest.classifiers
    ai, bins = facts.ai_only, colour_bundle.manifest.bins
    pool = [row for row in colour_bundle.pool if row.split == "test"]
    assert ai.tallies["whole pool"].n_images == colour_bundle.manifest.pool_size
    covered = ai.tallies["six bins"].n_images
    assert covered == sum(c.available for c in bins)
    assert colour_bundle.manifest.covered_share == covered / len(pool)
    cells = [ai.tallies[bin_name(c.bin, c.right)] for c in bins]
    assert [c.n_images for c in cells] == [c.available for c in bins]
    assert sum(c.n_right for c in cells) == ai.tallies["six bins"].n_right
    right = sum((row.confidence >= ai.threshold) == row.right for row in pool)
    assert ai.tallies["whole pool"].n_right == right
    shown = [
        p
        for p in colour_bundle.predictions
        if colour_bundle.stimulus_by_id[p.stimulus_id].phase is Phase.TEST
    ]
    assert ai.tallies["natural stimuli"] == tally(shown, ai.threshold)
    assert "adversarial stimuli" not in ai.tallies
