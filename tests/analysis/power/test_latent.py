import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats
from scipy.special import expit

from analysis.power.latent import averaged, covariance, log_odds_of

shares, sds = st.floats(0.02, 0.98), st.floats(0, 2)


@pytest.mark.parametrize(("mean", "sd"), [(0.8, 1.0), (-1.5, 2.0), (3.0, 0.3)])
def test_an_average_is_the_integral_over_a_normal(mean: float, sd: float) -> None:
    def integrand(x: float) -> float:
        return float(expit(mean + sd * x) * stats.norm.pdf(x))

    assert averaged(mean, sd) == pytest.approx(integrate.quad(integrand, -9, 9)[0], abs=1e-5)


def test_an_average_has_the_shape_of_its_log_odds() -> None:
    assert averaged(np.zeros((2, 3)), 1.0) == pytest.approx(np.full((2, 3), 0.5))


@given(shares, sds)
def test_log_odds_of_a_share_average_to_that_share(share: float, sd: float) -> None:
    assert averaged(log_odds_of(share, sd), sd) == pytest.approx(share, abs=1e-7)


@pytest.mark.parametrize("correlation", [-1.0, -0.4, 0.0, 0.7, 1.0])
def test_a_covariance_is_that_of_many_drawn_people(correlation: float) -> None:
    first, second, sd, other = 0.8, 0.2, 0.9, 1.1
    z = np.random.default_rng(1).multivariate_normal(
        [0, 0], [[1, correlation], [correlation, 1]], size=100_000, check_valid="ignore"
    )
    seen = np.cov(averaged(first + sd * z[:, 0], other), averaged(second + sd * z[:, 1], other))
    given_by = covariance(first, second, sd=sd, correlation=correlation, other_sd=other)
    assert given_by == pytest.approx(seen[0, 1], abs=3e-4)


def test_people_who_do_not_differ_have_no_variance() -> None:
    assert covariance(0.8, 0.8, sd=0.0, correlation=1.0, other_sd=1.0) == pytest.approx(0)
