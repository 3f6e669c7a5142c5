"""Random sampling."""

from collections import Counter

from tests.stimuli.sal.criteria.conftest import Draw, picks


def test_random_picks_each_candidate_equally_often(draw: Draw) -> None:
    """3,000 picks of 30 candidates: 100 each, with a standard deviation of 8.9."""
    candidates = draw(0)
    counts = Counter(row for seed in range(500) for row in picks("random", candidates, 6, seed))
    assert len(counts) == 30
    assert all(abs(count - 100) < 4 * 8.9 for count in counts.values())
