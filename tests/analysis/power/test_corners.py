"""Two hundred studies, as trial tables through the report, against the power that is predicted."""

import pytest
from scipy import stats

from analysis.power.forecast import Curve, world_of
from analysis.statistics import regression
from tests.analysis.power.trial_tables import CORNERS, reported

STUDIES = 200
UNLIKELY = 0.0005  # on each side, for each of eight numbers


@pytest.mark.slow
@pytest.mark.parametrize("name", CORNERS)
def test_the_report_finds_an_effect_as_often_as_predicted(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regression, "MOST_FITTED", 0)
    corner = CORNERS[name]
    world = world_of(corner.design, [corner.assumed], n_studies=10_000, seed=1)
    curve = Curve(world=world, question=corner.question)
    for claim, found in reported(corner, STUDIES, seed=2).items():
        power = curve.power(str(claim), corner.n_people)
        least, most = stats.binom.ppf([UNLIKELY, 1 - UNLIKELY], STUDIES, power)
        assert least <= found.sum() <= most, (claim, power)
