"""AI-only on ImageNet, from the authors' published counts."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.statistics.measures.teams.ai_alone import accepts_rightly
from analysis.statistics.measures.teams.natural_weights import natural_weights

REFERENCE = Path(__file__).parents[3] / "reference" / "nguyen2021"
WRONG = 8609  # images of the six bins that the AI has wrong
BANDS = {"low": (0, 1, 2), "medium": (4, 5), "high": (8, 9)}  # tenths of confidence
BINS = {("low", True): "hard", ("low", False): "easy", ("high", True): "easy"}


@pytest.fixture(scope="module")
def sweep() -> pd.Series:
    return pd.read_csv(REFERENCE / "ai_only_sweep.csv").set_index("threshold")["n_right"]


@pytest.fixture(scope="module")
def pool(sweep) -> pd.DataFrame:
    """A pool that has the published histogram, bins and sweep.

    Where T passes an interval, its wrong images become right decisions and its right ones wrong:
    a step of the sweep is wrong - right. With the images of each tenth, that gives both counts of
    a tenth; within a tenth only the differences of its two halves are known, which is enough.
    """
    steps = np.diff([*sweep, WRONG])
    sizes = pd.read_csv(REFERENCE / "confidence.csv")["n_images"]
    rows = []
    for band, tenths in BANDS.items():
        for tenth in tenths:
            first, second = steps[2 * tenth : 2 * tenth + 2]
            right = (sizes[tenth] - (first + second)) // 2
            halves = [max(0, -first) + (right - max(0, -first) - max(0, -second)) // 2]
            halves.append(right - halves[0])
            for half, (n_right, step) in enumerate(zip(halves, (first, second), strict=True)):
                middle = tenth / 10 + 0.05 * half + 0.025
                for truth, n in ((True, n_right), (False, n_right + step)):
                    name = BINS.get((band, truth), "medium" if band == "medium" else "hard")
                    rows += [(middle, truth, name)] * n
    return pd.DataFrame(rows, columns=["confidence", "ai_right", "bin"]).assign(
        split="test", classifier="resnet34"
    )


def test_the_pool_is_the_papers(pool):
    assert len(pool) == 38523
    published = pd.read_csv(REFERENCE / "figure_a1.csv").astype({"ai_right": bool})
    counts = published.set_index(["ai_right", "bin"])["n_images"]
    assert pool.groupby(["ai_right", "bin"]).size().to_dict() == counts.to_dict()


def test_every_threshold_of_the_published_sweep_has_its_count(pool, sweep):
    ours = {t: int(accepts_rightly(pool, t).sum()) for t in sweep.index}
    assert ours == sweep.to_dict()
    assert max(ours, key=ours.__getitem__) == 0.55
    assert 100 * ours[0.55] / len(pool) == pytest.approx(84.801, abs=5e-4)


def test_natural_weights_are_those_of_figure_a1_but_for_its_misprint(pool):
    weights = natural_weights(pool, ["resnet34"])["weight_percent"].round(2)
    # The figure prints 5.53 for hard and wrong; the counts give 5.58.
    assert list(weights) == [67.77, 7.91, 1.97, 7.42, 9.35, 5.58]
