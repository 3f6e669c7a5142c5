"""Each query criterion at CUB-200's size, half of it labelled: `make bench ONLY=criteria`.

240 picks, 5 % of the training set, from 2,397 candidates with 200 classes and 2,048 features of
ResNet-50, in float32. Features and logits are drawn: those of a trained model, which lie about the
mean of their class, and those of a collapsed one, which takes everything for one class. For BADGE
the latter is the worst case: no features can be left unread.
"""

import tracemalloc
from statistics import median

import numpy as np
import pytest

from stimuli.sal.criteria.candidates import Candidates
from stimuli.sal.criteria.registry import CRITERIA
from tests.benchmarks.sizes import size
from tests.benchmarks.timing import cpu_seconds, machine, seconds

CANDIDATES = size(2_397, quick=60)
LABELLED = size(2_397, quick=60)
CLASSES = size(200, quick=6)
DIMENSIONS = size(2_048, quick=32)
PICKS = size(240, quick=10)
ROUNDS = size(5, quick=1)


def candidates_of_a_trained_model() -> Candidates:
    """Features and logits about the mean of their class."""
    rng = np.random.default_rng(1)
    means = np.abs(rng.standard_normal((CLASSES, DIMENSIONS), dtype=np.float32))
    truths = rng.integers(CLASSES, size=CANDIDATES + LABELLED)
    noise = rng.standard_normal((len(truths), DIMENSIONS), dtype=np.float32)
    features = np.maximum(0.15 * means[truths] + 0.4 * noise + 0.2, 0)
    logits = 0.05 * (features - features.mean(axis=0)) @ (means - means.mean(axis=0)).T
    return Candidates(
        logits=logits[:CANDIDATES],
        features=features[:CANDIDATES],
        labelled_features=features[CANDIDATES:],
    )


def candidates_of_a_collapsed_model(trained: Candidates) -> Candidates:
    """The same features, all of them taken for the first class."""
    logits = np.random.default_rng(2).standard_normal(trained.logits.shape, dtype=np.float32)
    logits[:, 0] += 10
    return Candidates(
        logits=logits, features=trained.features, labelled_features=trained.labelled_features
    )


@pytest.fixture(scope="module")
def trained() -> Candidates:
    return candidates_of_a_trained_model()


def figures(name: str, candidates: Candidates) -> tuple[float, float, float]:
    """Seconds by the clock, of the processor, and MB beside the inputs."""

    def query() -> np.ndarray:
        return CRITERIA[name](candidates, PICKS, np.random.default_rng(3))

    by_clock = median(seconds(query) for _ in range(ROUNDS))
    of_cpu = median(cpu_seconds(query) for _ in range(ROUNDS))
    tracemalloc.start()
    query()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return by_clock, of_cpu, peak / 1e6


def told(name: str, by_clock: float, of_cpu: float, peak_mb: float) -> None:
    print(  # noqa: T201
        f"\n{machine()}: {name}, {PICKS} of {CANDIDATES}: {by_clock:.3f} s by the clock,"
        f" {of_cpu:.3f} s of the processor (medians of {ROUNDS}), {peak_mb:.0f} MB extra at most",
        flush=True,
    )


@pytest.mark.parametrize("name", CRITERIA)
def test_a_query_takes_at_most_a_second_and_half_a_gigabyte(name: str, trained: Candidates) -> None:
    by_clock, of_cpu, peak_mb = figures(name, trained)
    told(name, by_clock, of_cpu, peak_mb)
    assert of_cpu <= 1  # of all threads: by the clock it is no more where nothing else runs
    assert peak_mb < 500


def test_badge_on_a_collapsed_model_reads_all_features_for_each_pick(
    trained: Candidates,
) -> None:
    by_clock, of_cpu, peak_mb = figures("badge", candidates_of_a_collapsed_model(trained))
    told("badge, collapsed", by_clock, of_cpu, peak_mb)
    assert peak_mb < 500
