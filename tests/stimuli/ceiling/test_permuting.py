"""A leak is found by permuting the truth, and where there is none, nothing is."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stimuli.ceiling.ceilings import COLUMNS, Ceilings
from stimuli.ceiling.findings import leaks
from stimuli.ceiling.permuting import permuted, permuted_areas

N, PERMUTATIONS = 60, 5


@given(st.integers(0, 2**31))
def test_within_a_group_as_many_are_right_as_before(seed: int) -> None:
    rng = np.random.default_rng(seed)
    right, within = rng.random(40) < 0.4, rng.integers(3, size=40)
    mixed = permuted(right, within, rng)
    for group in range(3):
        assert mixed[within == group].sum() == right[within == group].sum()


@pytest.fixture(scope="module")
def areas() -> dict[str, tuple[float, float, float]]:
    """Of a feature that codes the kind: adversarial ones are wrong, flipped ones right."""
    rng = np.random.default_rng(3)
    kind = np.arange(N) % 3
    right = np.where(kind == 0, np.arange(N) // 3 % 2 == 0, kind == 1)
    numbers = np.column_stack([kind == 1, kind == 2, rng.normal(size=(N, 2))]).astype(float)
    everything = np.zeros(N, dtype=int)
    return {
        name: permuted_areas(numbers, right, within, PERMUTATIONS, rng)
        for name, within in {"permuted_auc": everything, "permuted_within_kinds_auc": kind}.items()
    }


def test_with_the_truth_permuted_over_everything_nothing_is_learnt(
    areas: dict[str, tuple[float, float, float]],
) -> None:
    mean, low, high = areas["permuted_auc"]
    assert low < 0.5 < high
    assert mean == pytest.approx(0.5, abs=0.06)


def test_a_feature_that_codes_the_kind_is_caught_within_kinds(
    areas: dict[str, tuple[float, float, float]],
) -> None:
    """Of a right and a wrong one, both natural one time in nine; else the kind tells which."""
    assert areas["permuted_within_kinds_auc"][0] == pytest.approx(1 - 1 / 9 / 2 - 1 / 9, abs=0.12)
    (said,) = leaks(found_of(areas))
    assert said.startswith("What is shown gives the kind away in coded (")


def found_of(areas: dict[str, tuple[float, float, float]]) -> Ceilings:
    """As `ceilings` returns it."""

    def rows() -> Iterator[dict[str, object]]:
        for measure, (value, low, high) in areas.items():
            facts = {"condition": "coded", "measure": measure}
            yield facts | {"value": value, "low": low, "high": high}

    table = pd.DataFrame(rows(), columns=list(COLUMNS))
    return Ceilings(
        rows=table, features={"coded": []}, covered_shares={}, permutations=PERMUTATIONS
    )
