"""How near predicted power is to that of whole trial tables through the report: `make bench
ONLY=power`, half an hour on a busy core.

Six studies, as tests/analysis/power/trial_tables.py has them: stimuli are dealt by the app's own
rule, each answer is drawn, and the report's own tests say whether they find the effect.
"""

import pytest

from analysis.power.forecast import Curve, world_of
from analysis.statistics import regression
from tests.analysis.power.trial_tables import CORNERS, reported
from tests.benchmarks.sizes import QUICK, size

STUDIES = size(2_000, quick=3)
PREDICTED_FROM = size(20_000, quick=200)
POINTS = 3  # of power, that the two may be apart


def compared(name: str) -> dict[str, tuple[float, float]]:
    """Power in per cent by claim: predicted, and seen in the report."""
    corner = CORNERS[name]
    world = world_of(corner.design, [corner.assumed], n_studies=PREDICTED_FROM, seed=1)
    curve = Curve(world=world, question=corner.question)
    seen = 100 * reported(corner, STUDIES, seed=2).mean()
    return {
        str(claim): (100 * curve.power(str(claim), corner.n_people), float(share))
        for claim, share in seen.items()
    }


@pytest.fixture(autouse=True)
def without_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The closed form, which tests hold equal to the fit, takes a tenth of its time."""
    monkeypatch.setattr(regression, "MOST_FITTED", 0)


@pytest.mark.parametrize("name", CORNERS)
def test_predicted_power_is_within_three_points_of_the_reports(name: str) -> None:
    for claim, (predicted, seen) in compared(name).items():
        print(f"{name}, {claim}: predicted {predicted:.1f} %, seen {seen:.1f} %")  # noqa: T201
        assert QUICK or abs(predicted - seen) <= POINTS
