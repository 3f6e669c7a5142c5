"""Answers whose covariances are known exactly."""

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

LOADINGS = np.array([0.8, 0.7, 0.6])


def with_covariance(covariance: Matrix, n: int = 40) -> Matrix:
    """Answers whose sample covariance is exactly this one."""
    noise = np.random.default_rng(1).normal(size=(n, len(covariance)))
    noise -= noise.mean(axis=0)
    white = noise @ np.linalg.inv(np.linalg.cholesky(np.atleast_2d(np.cov(noise.T)))).T
    return np.asarray(white @ np.linalg.cholesky(covariance).T)


def one_factor(loadings: Matrix) -> Matrix:
    """The correlations that one factor makes."""
    return np.outer(loadings, loadings) + np.diag(1 - loadings**2)
