"""Small affine maps of the plane as (3, 3) matrices, applied to column vectors (x, y, 1)."""

import numpy as np


def translation(x: float, y: float) -> np.ndarray:
    """Moved by (x, y)."""
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])


def scaling(factor: float) -> np.ndarray:
    """The same factor in both directions."""
    return np.diag([factor, factor, 1.0])


def rotation(angle: float) -> np.ndarray:
    """Rotation by radians; clockwise on the screen, where y points down."""
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])


def foreshortening(factor: float, axis: float) -> np.ndarray:
    """Shortened by a factor along a direction given in radians."""
    return np.asarray(rotation(axis) @ np.diag([factor, 1.0, 1.0]) @ rotation(-axis))


def apply(matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Map points, (n, 2) to (n, 2)."""
    return np.asarray(points @ matrix[:2, :2].T + matrix[:2, 2])
