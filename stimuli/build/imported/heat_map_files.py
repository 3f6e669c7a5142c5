"""Heat maps as files: one array of an image as the classifier sees it."""

from pathlib import Path

import numpy as np

# What rounding to another precision may put outside.
SLACK = 1e-3


def read_heat_map(path: Path, side: int, *, is_signed: bool) -> tuple[np.ndarray | None, str]:
    """The map of a `.npy` file, or what is wrong with it and what to do.

    Args:
        side: of the classifier's input in pixels.
        is_signed: whether it is in [-1, 1], else in [0, 1].

    Returns:
        (side, side) float32.
    """
    try:
        array = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None, "cannot be read as an array; write it with numpy.save"
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "biuf":
        return None, "holds no real numbers; write one array of them with numpy.save"
    if array.shape != (side, side):
        return None, (
            f"has the shape {array.shape}, not ({side}, {side}), the size in which the AI sees an "
            "image; explain the pictures of `python -m stimuli crops`, and save one map as an "
            "array of two dimensions"
        )
    if not np.isfinite(array).all():
        return None, "holds what is no number (NaN or infinite); replace it, or remove the file"
    low, high = -1.0 if is_signed else 0.0, 1.0
    least, most = float(array.min()), float(array.max())
    if least < low - SLACK or most > high + SLACK:
        return None, f"lies from {least:.3g} to {most:.3g}; {scaling(least, is_signed=is_signed)}"
    return np.asarray(array, dtype=np.float32).clip(low, high), ""


def scaling(least: float, *, is_signed: bool) -> str:
    """How values come into the range that they must have."""
    if is_signed:
        return "maps with a sign lie in [-1, 1]: divide each by its greatest absolute value"
    if least < 0:
        return (
            "maps lie in [0, 1]: say signed = true and divide each by its greatest absolute value, "
            "or set what is below 0 to 0 and divide each by its maximum"
        )
    return "maps lie in [0, 1]: divide each by its maximum"
