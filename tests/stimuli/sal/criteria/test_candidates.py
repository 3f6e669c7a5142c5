"""What a query may pick from."""

from dataclasses import replace

import numpy as np
import pytest

from stimuli.sal.criteria.candidates import Candidates
from tests.stimuli.sal.criteria.conftest import Draw


def test_every_wrong_shape_is_named_at_once() -> None:
    with pytest.raises(ValueError, match=r"logits \(3, 1\).*features \(4, 2\).*labelled_features"):
        Candidates(
            logits=np.ones((3, 1)), features=np.ones((4, 2)), labelled_features=np.ones((5, 7))
        )


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_a_diverged_model_says_is_refused(draw: Draw, bad: float) -> None:
    candidates = draw(0)
    logits, features = candidates.logits.copy(), candidates.features.copy()
    logits[3, 1] = features[4, 2] = bad
    with pytest.raises(ValueError, match="logits with NaN.*; features with NaN"):
        replace(candidates, logits=logits, features=features)
