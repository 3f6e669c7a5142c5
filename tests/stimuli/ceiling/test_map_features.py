"""Statistics of maps, by hand."""

import numpy as np
import pytest

from stimuli.ceiling.map_features import of_map, of_map_on_photo, of_photo

N = 56


def test_of_an_even_map_nothing_stands_out() -> None:
    found = of_map(np.full((N, N), 0.4))
    assert found["mass"] == pytest.approx(0.4)
    assert found["entropy"] == pytest.approx(1)
    assert found["top_tenth"] == pytest.approx((N * N // 10) / N**2)
    assert found["off_centre"] == pytest.approx(0, abs=1e-12)
    assert found["rim"] == pytest.approx(1 - 42**2 / N**2)
    assert (found["blobs"], found["against"]) == (1, 0)


def test_two_points_in_opposite_corners_are_two_blobs_around_the_middle() -> None:
    """Both are a root of 2 half sides away from it."""
    heat = np.zeros((N, N))
    heat[0, 0], heat[-1, -1] = 1, 1
    found = of_map(heat)
    assert (found["blobs"], found["rim"], found["peak"]) == (2, 1, 1)
    assert found["entropy"] == pytest.approx(np.log(2) / np.log(N * N))
    assert (found["off_centre"], found["spread"]) == pytest.approx((0, np.sqrt(2)))


def test_of_a_signed_map_strength_counts_and_what_speaks_against_is_told() -> None:
    heat = np.zeros((N, N))
    heat[20, 20], heat[30, 30] = 0.75, -0.25
    assert of_map(heat)["against"] == pytest.approx(0.25)
    assert of_map(heat)["peak"] == 0.75


def test_an_empty_map_is_as_an_even_one_but_for_its_strength() -> None:
    empty, even = of_map(np.zeros((N, N))), of_map(np.ones((N, N)))
    same = {"entropy", "top_tenth", "off_centre", "spread", "rim"}
    assert {n: empty[n] for n in same} == pytest.approx({n: even[n] for n in same})
    assert empty["mass"] == empty["peak"] == 0


def test_under_a_map_of_the_brighter_half_it_is_one_deviation_brighter() -> None:
    photo = np.full((N, N, 3), 0.2)
    photo[:, N // 2 :] = 0.8
    heat = np.zeros((N, N))
    heat[:, N // 2 :] = 1
    found = of_map_on_photo(heat, photo)
    assert found["brightness_under"] == pytest.approx(1)
    assert found["saturation_under"] == 0
    assert of_map_on_photo(np.ones((N, N)), photo)["edges_under"] == pytest.approx(0, abs=1e-9)


def test_a_red_square_on_grey_contrasts_with_the_rim() -> None:
    photo = np.full((N, N, 3), 0.5)
    photo[20:36, 20:36] = (1, 0.5, 0.5)
    assert of_photo(photo)["photo_contrast"] == pytest.approx(0.5 * 16**2 / N**2)
    assert of_photo(photo)["photo_saturation"] == pytest.approx(0.5 * 16**2 / N**2)
