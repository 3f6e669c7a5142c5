"""Pictures that are copies of others: exact ones by their bytes, near ones by a perceptual hash.

The hash (pHash: Zauner, "Implementation and benchmarking of perceptual image hash functions",
2010) has a bit for each of the lowest frequencies of a thumbnail: whether it is stronger than their
median. It differs from the usual one in that it leaves out the mean, which tells brightness only.
A near copy has nearly the same hash and, so that pictures with one composition are not taken for
copies, nearly the same thumbnail in colour. Ours rather than a package's: ImageHash makes and
compares one hash at a time, these are ten lines of SciPy and NumPy. Imports no torch.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from io import BytesIO

import numpy as np
from PIL import Image
from scipy.fft import dctn

from stimuli.cache import digest
from stimuli.pictures.jpeg import Jpeg
from stimuli.progress_bars import tqdm

THUMBNAIL_PX = 32
# 64 lowest frequencies, as in the usual hash.
FREQUENCIES = 8
GREY = np.array([0.299, 0.587, 0.114])
# Of 300 butterflies and 300 ImageNet photos, encoded again, halved or quartered, contrast lowered,
# none differed in more than 4 bits; brightened by a fifth, none in more than 10. Among other
# photos, 10 bits and fewer are met 7 times in 345,696 pairs, and none of those correlates by .95.
MOST_BITS = 10
LEAST_CORRELATION = 0.95
# A copy is among the most alike: thousands of empty skies need not all be compared.
COMPARED = 20
# Hashes are compared in blocks of so many rows, some 20 MB against 10,000.
BLOCK = 256


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """A picture that is a copy.

    Attributes:
        of: the row of what it is a copy of.
        is_exact: whether the two are the same file, and not only look the same.
    """

    of: int
    is_exact: bool


def find_copies(
    pictures: Sequence[Jpeg],
    originals: Sequence[Jpeg],
    hashes: tuple[np.ndarray, np.ndarray] | None = None,
) -> dict[int, Copy]:
    """The rows of `pictures` that are copies of one of `originals`, with the most alike.

    Args:
        hashes: of both, where they are known.
    """
    rows = {digest(jpeg): row for row, jpeg in reversed([*enumerate(originals)])}
    keys = [digest(jpeg) for jpeg in pictures]
    found = {row: Copy(of=rows[key], is_exact=True) for row, key in enumerate(keys) if key in rows}
    own, theirs = hashes or (perceptual_hashes(pictures), perceptual_hashes(originals))
    original_thumbnail = cache(lambda row: thumbnail(originals[row]))
    for row, candidates in alike(own, theirs):
        if row not in found:
            thumbnails = np.stack([original_thumbnail(other) for other in candidates])
            correlations = correlation(thumbnail(pictures[row]), thumbnails)
            if correlations.max() >= LEAST_CORRELATION:
                best = int(candidates[correlations.argmax()])
                found[row] = Copy(of=best, is_exact=False)
    return dict(sorted(found.items()))


def differing_copies(
    pictures: Sequence[Jpeg], labels: np.ndarray, hashes: np.ndarray
) -> list[tuple[int, int]]:
    """Pairs of rows, the lower one first, that are copies of each other and differ in their label.

    Args:
        labels: (n,) of the pictures; `hashes` has as many.
    """
    small, pairs = cache(lambda row: thumbnail(pictures[row])), []
    for row, candidates in alike(hashes, hashes):
        others = candidates[(candidates > row) & (labels[candidates] != labels[row])]
        if len(others):
            thumbnails = np.stack([small(other) for other in others])
            is_copy = correlation(small(row), thumbnails) >= LEAST_CORRELATION
            pairs += [(row, int(other)) for other in others[is_copy]]
    return pairs


def alike(own: np.ndarray, theirs: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Rows with the others whose hashes differ in few bits, the fewest first."""
    for start in range(0, len(own), BLOCK):
        block = own[start : start + BLOCK, None]
        distances = np.bitwise_count(block ^ theirs[None])
        for row in np.flatnonzero((distances <= MOST_BITS).any(axis=1)):
            close = np.flatnonzero(distances[row] <= MOST_BITS)
            nearest = np.argsort(distances[row, close], kind="stable")[:COMPARED]
            yield start + int(row), close[nearest]


def perceptual_hashes(pictures: Sequence[Jpeg], *, what: str = "copies") -> np.ndarray:
    """(n,) uint64, a bit for each of the 64 lowest frequencies; the mean's is 0.

    Args:
        what: the progress bar's.
    """
    if not pictures:
        return np.zeros(0, dtype=np.uint64)
    with ThreadPoolExecutor() as pool:
        made = pool.map(hash_bits, pictures)
        bits = [*tqdm(made, total=len(pictures), desc=what, unit="img", leave=False)]
    return np.packbits(bits, axis=1).view(np.uint64)[:, 0]


def hash_bits(jpeg: Jpeg) -> np.ndarray:
    """(64,) bool, the hash of a picture."""
    spectrum = dctn(thumbnail(jpeg) @ GREY, norm="ortho")[:FREQUENCIES, :FREQUENCIES].ravel()
    # A frequency that is not there is noise of rounding, in pictures that repeat themselves too.
    spectrum[np.abs(spectrum) < 1e-6] = 0
    bits = spectrum > np.median(spectrum[1:])
    bits[0] = False
    return np.asarray(bits)


def thumbnail(jpeg: Jpeg) -> np.ndarray:
    """(32, 32, 3) uint8 of a square picture."""
    with Image.open(BytesIO(jpeg)) as image:
        # Decoded at a quarter of its size, say, where that is enough.
        image.draft("RGB", (THUMBNAIL_PX, THUMBNAIL_PX))
        size = (THUMBNAIL_PX, THUMBNAIL_PX)
        return np.asarray(image.convert("RGB").resize(size, Image.Resampling.BILINEAR))


def correlation(picture: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(n,) Pearson's correlation of thumbnails, of which each colour is less its mean.

    Args:
        picture: (side, side, 3); `others` has n of them.

    Returns:
        -1 to 1; 0 with a picture of one colour.
    """
    one, many = (
        (part - part.mean(axis=(1, 2), keepdims=True)).reshape(len(part), -1)
        for part in (picture[None].astype(np.float64), others.astype(np.float64))
    )
    norms = np.linalg.norm(one) * np.linalg.norm(many, axis=1)
    return np.asarray((many @ one[0]) / np.maximum(norms, np.finfo(np.float64).tiny))
