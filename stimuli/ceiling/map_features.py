"""What a heat map and the photo beside it tell in numbers (docs/ceiling.md has them all)."""

import numpy as np
from scipy import ndimage

RIM = 7  # cells of 56: the outer eighth of a picture on each side


def of_map(heat: np.ndarray) -> dict[str, float]:
    """Statistics of a heat map by itself.

    Args:
        heat: (side, side) in [0, 1]; in [-1, 1] where it also says what speaks against.

    Returns:
        mass, the mean strength; peak, the greatest; entropy of the shares of strength over that of
        an even map, 0 to 1; top_tenth, the share in the hottest tenth of the cells; off_centre and
        spread, the distance of the centroid from the middle and the root mean square distance from
        it, in half sides; blobs, the regions above half of the peak; rim, the share in the outer
        eighth; against, the share below 0.
    """
    strength, share = np.abs(heat), shares(heat)
    rows, columns = np.meshgrid(*(np.linspace(-1, 1, n) for n in heat.shape), indexing="ij")
    row, column = (share * rows).sum(), (share * columns).sum()
    known = share[share > 0]
    return {
        "mass": float(strength.mean()),
        "peak": float(strength.max()),
        "entropy": float(-(known * np.log(known)).sum() / np.log(heat.size)),
        "top_tenth": float(np.sort(share, axis=None)[-(heat.size // 10) :].sum()),
        "off_centre": float(np.hypot(row, column)),
        "spread": float(np.sqrt((share * ((rows - row) ** 2 + (columns - column) ** 2)).sum())),
        "blobs": float(ndimage.label(strength > strength.max() / 2)[1]),
        "rim": float(share.sum() - share[RIM:-RIM, RIM:-RIM].sum()),
        "against": float(share[heat < 0].sum()),
    }


def of_map_on_photo(heat: np.ndarray, photo: np.ndarray) -> dict[str, float]:
    """What lies under a heat map against the whole photo, in standard deviations of the photo.

    The normalised scan-path saliency of Peters, Iyer, Itti and Koch (2005), with a map for the
    fixations and a property of the photo for the saliency.

    Args:
        heat: (side, side) in [-1, 1].
        photo: (side, side, 3) in [0, 1].

    Returns:
        NAME_under for each of `properties`.
    """
    share = shares(heat)
    return {
        f"{name}_under": float((share * (plane - plane.mean())).sum() / max(plane.std(), 1e-6))
        for name, plane in properties(photo).items()
    }


def of_photo(photo: np.ndarray) -> dict[str, float]:
    """The mean of each of the `properties` of a photo, (side, side, 3) in [0, 1]."""
    return {f"photo_{name}": float(plane.mean()) for name, plane in properties(photo).items()}


def shares(heat: np.ndarray) -> np.ndarray:
    """The share of a map's strength in each cell; of an empty map the same in each."""
    strength = np.abs(heat)
    total = strength.sum()
    return np.asarray(strength / total if total > 0 else np.full(heat.shape, 1 / heat.size))


def properties(photo: np.ndarray) -> dict[str, np.ndarray]:
    """Planes (side, side) of a photo (side, side, 3) in [0, 1].

    Returns:
        brightness, the mean of the channels; saturation, the greatest less the least; edges, the
        slope of the brightness; contrast, how far the colour is from the mean of the rim's, which
        mostly is background.
    """
    brightness = photo.mean(2)
    inside = np.zeros(brightness.shape, dtype=bool)
    inside[RIM:-RIM, RIM:-RIM] = True
    return {
        "brightness": brightness,
        "saturation": np.ptp(photo, axis=2),
        "edges": np.hypot(*np.gradient(brightness)),
        "contrast": np.linalg.norm(photo - photo[~inside].mean(0), axis=2),
    }
