"""How alike pictures are, by hand."""

import numpy as np
import pytest

from stimuli.ceiling.likeness import colour_likeness, edge_likeness, of_card, of_neighbours

N = 56
RED, BLUE = np.zeros((N, N, 3)), np.zeros((N, N, 3))
RED[..., 0], BLUE[..., 2] = 0.9, 0.9
HALF = np.concatenate([RED[: N // 2], BLUE[: N // 2]])


def test_colours_are_as_alike_as_their_shares_overlap() -> None:
    assert colour_likeness(RED, RED) == 1
    assert colour_likeness(RED, BLUE) == 0
    assert colour_likeness(RED, HALF) == 0.5


def test_edges_are_alike_where_they_lie_alike() -> None:
    stripes = np.repeat(np.indices((N, N))[0][..., None] // 8 % 2, 3, axis=2).astype(float)
    assert edge_likeness(stripes, stripes) == pytest.approx(1)
    assert edge_likeness(stripes, 1 - stripes) == pytest.approx(1)
    assert edge_likeness(stripes, RED) == 0


def test_neighbours_tell_of_the_photo_of_each_other_and_of_distances() -> None:
    found = of_neighbours(RED, [RED, BLUE, HALF], [10.0, 11.0, 15.0])
    assert found["like_colours"] == pytest.approx(0.5)
    assert found["like_colours_most"] == 1
    assert found["like_each_other"] == pytest.approx((0 + 0.5 + 0.5) / 3)
    assert (found["distance"], found["distance_rise"]) == pytest.approx((10, 0.5))


def test_one_neighbour_is_like_itself_and_old_bundles_have_no_distances() -> None:
    found = of_neighbours(RED, [RED], [])
    assert found["like_each_other"] == 1
    assert "distance" not in found


def test_a_card_without_examples_tells_nothing() -> None:
    assert of_card(RED, []) == {}
    assert of_card(RED, [BLUE, RED])["card_colours"] == 0.5
