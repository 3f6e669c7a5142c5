"""How much is labelled when."""

import pytest

from stimuli.sal.round_settings import RoundSettings


@pytest.mark.parametrize(
    ("start", "n_points", "n", "sizes"),
    [(0.05, 20, 4794, (240, 479, 719)), (0.1, 19, 1020, (102, 153, 204))],
)
def test_the_papers_rounds_are_twenty_or_nineteen_points_that_end_at_everything(
    start: float, n_points: int, n: int, sizes: tuple[int, ...]
) -> None:
    settings = RoundSettings(start=start)
    counts = settings.sizes(n)
    assert len(counts) == n_points
    assert counts[:3] == sizes
    assert counts[-1] == n


def test_a_last_step_that_would_pass_everything_is_shorter() -> None:
    settings = RoundSettings(start=0.1, query=0.4, change_point=0.5)
    assert settings.shares == (0.1, 0.5, 0.9, 1.0)


def test_points_replace_regular_steps() -> None:
    settings = RoundSettings(points=(0.2, 0.4, 1), change_point=0.4)
    assert settings.sizes(50) == (10, 20, 50)
