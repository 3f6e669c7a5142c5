"""A quick look at many picture files: their size, without decoding them."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image
from tqdm import tqdm

from stimuli.problems import some_of


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


def pair_problems(pairs: Mapping[str, tuple[Path, Path]], *, what: str, advice: str) -> list[str]:
    """Photos and masks that are missing or unreadable, and masks of another size than their photo.

    Args:
        pairs: the photo and the mask of each name.
        what: what messages call the masks.
        advice: what to do about it.
    """
    images = sizes([image for image, _ in pairs.values()])
    masks = sizes([mask for _, mask in pairs.values()])
    found = list(zip(pairs, images, masks, strict=True))
    kinds = {
        "images are missing or unreadable": [n for n, image, _ in found if not image],
        f"{what} are missing or unreadable": [n for n, _, mask in found if not mask],
        f"{what} have another size than their image": [
            n for n, image, mask in found if image and mask and image != mask
        ],
    }
    return [
        f"{len(names)} {kind}: {some_of(names)}; {advice}" for kind, names in kinds.items() if names
    ]
