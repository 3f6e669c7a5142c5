from collections.abc import Iterator

import pytest

from analysis.report import drawing


@pytest.fixture(scope="session", autouse=True)
def _coarse_pictures() -> Iterator[None]:
    """Print resolution takes seconds for each report."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "DPI", 40)
        yield
