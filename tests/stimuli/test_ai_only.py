"""The threshold of the AI alone."""

import numpy as np
import pytest

from stimuli.ai_only import best_threshold

# The stored sweep of the study's authors on ImageNet: accuracy for T = 0, .05, ... .95 over
# images in the intervals 0-2, 4-5, 8-9 of confidence (cell 12 of their notebook).
PUBLISHED = {0.05: 29917, 0.3: 32014, 0.5: 32555, 0.55: 32668, 0.6: 32568, 0.95: 27037}


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


def test_the_published_sweep_is_reproduced_from_its_own_steps() -> None:
    """Images are placed so that the sweep has the published counts; T* is then the paper's .55."""
    steps = sorted(PUBLISHED)
    confidences, right = [0.99] * PUBLISHED[0.95], [True] * PUBLISHED[0.95]
    for low, high in zip(steps, steps[1:], strict=False):
        gained = PUBLISHED[high] - PUBLISHED[low]
        middle = (low + high) / 2
        confidences += [middle] * abs(gained)
        right += [gained < 0] * abs(gained)
    chosen = best_threshold(np.array(confidences), np.array(right))
    assert chosen.threshold == pytest.approx(0.55)
