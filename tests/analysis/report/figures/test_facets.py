import numpy as np
import pytest

from analysis.report.figures.facets import grid


@pytest.mark.parametrize("groups", [[1], [1] * 6, [3, 3], [1, 3], [5], [12], [2] * 6])
def test_every_panel_has_a_place_and_a_group_starts_a_line(groups):
    _, axes = grid(groups)
    assert len(axes) == sum(groups)
    assert all(len(panel.get_subplotspec().get_gridspec().get_geometry()) == 2 for panel in axes)
    starts = np.cumsum([0, *groups[:-1]])
    if max(groups) > 1:
        assert all(axes[start].get_subplotspec().is_first_col() for start in starts)
