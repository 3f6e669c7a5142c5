"""Picture files, many at a time: their sizes, and masks that do not fit their photos."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from stimuli.datasets.reading import BROKEN
from stimuli.problems import some_of
from stimuli.progress_bars import tqdm


def sizes(paths: Sequence[Path]) -> list[tuple[int, int] | None]:
    """Width and height of each file as it is stored; None where it is missing or no picture.

    Only headers are read, so a file that ends too early is not noticed.
    """
    with ThreadPoolExecutor() as pool:
        results = pool.map(size_of, paths)
        return list(tqdm(results, total=len(paths), desc="checking", unit="img", leave=False))


def size_of(path: Path, *, whole: bool = False) -> tuple[int, int] | None:
    """Width and height as stored, by the header alone; None of a file that is no picture.

    Args:
        whole: decode the file to its end, and give the size that it has upright.
    """
    try:
        with Image.open(path) as file:
            if not whole:
                return file.size
            file.load()
            return ImageOps.exif_transpose(file).size
    except BROKEN:
        return None


def why_unreadable(path: Path) -> str:
    """Why `size_of` gives nothing of a file, in a few words."""
    try:
        with Image.open(path) as file:
            file.load()
    except FileNotFoundError:
        return "there is no such file"
    except Image.DecompressionBombError:
        return "it claims more pixels than Pillow decodes, as files do that are made to fill memory"
    except UnidentifiedImageError:
        return "it is no picture" if path.stat().st_size else "it is empty"
    except OSError as error:
        return error.strerror or str(error)
    except BROKEN as error:
        return str(error) or type(error).__name__
    return "it cannot be decoded"


def pair_problems(pairs: Mapping[str, tuple[Path, Path]], *, what: str, advice: str) -> list[str]:
    """Photos and masks that are missing or unreadable, and masks of another size than their photo.

    Args:
        pairs: the photo and the mask of each name.
        what: what messages call the masks.
        advice: what to do about it.
    """
    images = sizes([image for image, _ in pairs.values()])
    masks = sizes([mask for _, mask in pairs.values()])
    rows = list(zip(pairs, images, masks, strict=True))
    names_by_problem = {
        "images are missing or unreadable": [n for n, image, _ in rows if not image],
        f"{what} are missing or unreadable": [n for n, _, mask in rows if not mask],
        f"{what} have another size than their image": [
            n for n, image, mask in rows if image and mask and image != mask
        ],
    }
    return [
        f"{len(names)} {problem}: {some_of(names)}; {advice}"
        for problem, names in names_by_problem.items()
        if names
    ]
