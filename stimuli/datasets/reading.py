"""Pictures that cannot be read: found one by one in the workers, named all at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from stimuli.datasets.base import DataError, Dataset, Example, Picture

# What Pillow raises for files that end too early, are no picture, or claim a billion pixels.
BROKEN = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)


@dataclass(frozen=True, kw_only=True, slots=True)
class Unreadable:
    """A picture that cannot be decoded; a value, so that a worker goes on to the next one.

    Attributes:
        source: the example's.
        reason: as the library says it.
    """

    source: str
    reason: str


def load_picture(dataset: Dataset, example: Example) -> Picture | Unreadable:
    """The picture of an example, or why it cannot be read."""
    try:
        return dataset.load(example)
    except BROKEN as error:
        return Unreadable(source=example.source, reason=str(error) or type(error).__name__)


def require_readable(broken: Sequence[Unreadable]) -> None:
    """Refuse a data set with pictures that cannot be read.

    Raises:
        DataError: with a line for each.
    """
    problems = [
        f"{lost.source}: cannot be decoded ({lost.reason}); replace the file, or remove it from "
        "the data set"
        for lost in broken
    ]
    if problems:
        raise DataError("pictures of the data set", problems)
