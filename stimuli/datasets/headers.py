"""A quick look at many picture files: their size, without decoding them."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image
from tqdm import tqdm


def sizes(paths: Sequence[Path]) -> list[tuple[int, int] | None]:
    """Width and height of each file as it is stored; None where it is missing or no picture.

    Only headers are read, so a file that ends too early is not noticed.
    """
    with ThreadPoolExecutor() as pool:
        found = pool.map(_size, paths)
        return list(tqdm(found, total=len(paths), desc="checking", unit="img", leave=False))


def _size(path: Path) -> tuple[int, int] | None:
    try:
        with Image.open(path) as file:
            return file.size
    except (OSError, SyntaxError, ValueError):
        return None
