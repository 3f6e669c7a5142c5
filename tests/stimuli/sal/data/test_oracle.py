"""What nobody paid for cannot be read."""

import numpy as np
import pytest

from stimuli.sal.data.oracle import Oracle, OracleError

LABELS = np.array([3, 1, 4, 1, 5])
MASKS = np.arange(10, dtype=np.uint8).reshape(5, 2)


@pytest.fixture
def oracle() -> Oracle:
    """People who draw two masks at most, and labelled images 1, 3 and 4."""
    oracle = Oracle(LABELS, MASKS, max_masks=2)
    oracle.query(np.array([3, 1, 4]))
    return oracle


def test_labels_that_were_asked_for_are_told_and_counted(oracle: Oracle) -> None:
    assert oracle.labels(np.array([4, 1])).tolist() == [5, 1]
    assert (oracle.n_labels, oracle.n_masks) == (3, 0)


def test_a_label_that_was_not_asked_for_cannot_be_read(oracle: Oracle) -> None:
    with pytest.raises(OracleError, match="image 2 of the training set was read before"):
        oracle.labels(np.array([1, 2]))


def test_a_mask_is_drawn_of_labelled_images_only(oracle: Oracle) -> None:
    with pytest.raises(OracleError, match="image 0 of the training set was drawn before"):
        oracle.draw(np.array([0]))
    assert oracle.n_masks == 0


def test_masks_are_paid_for_once_each(oracle: Oracle) -> None:
    assert oracle.draw(np.array([3])).tolist() == [[6, 7]]
    assert oracle.draw(np.array([3, 1])).tolist() == [[6, 7], [2, 3]]
    assert oracle.n_masks == 2


def test_after_the_change_point_no_mask_can_be_read(oracle: Oracle) -> None:
    oracle.draw(np.array([1, 3]))
    with pytest.raises(OracleError, match="3 masks were asked for, but people draw only 2"):
        oracle.draw(np.array([4]))
    assert oracle.n_masks == 2
