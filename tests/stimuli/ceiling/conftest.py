"""One planted bundle for all tests of the ceiling."""

import pytest

from stimuli.bundle import Bundle
from stimuli.ceiling.ceilings import Ceilings, ceilings
from tests.stimuli.ceiling.planted import planted_bundle


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """60 stimuli, ten of each cell."""
    return planted_bundle(tmp_path_factory.mktemp("planted") / "bundle", per_cell=10)


@pytest.fixture(scope="session")
def found(planted: Bundle) -> Ceilings:
    """Everything of the planted bundle, which takes half a minute."""
    return ceilings(planted, permutations=4, seed=1)
