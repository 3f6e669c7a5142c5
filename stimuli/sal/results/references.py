"""What is easy: the Dice of chance, of a bump in the middle and of U²-Net on a test split.

Dice is agreement with what SAL was trained on, so a curve is read beside what needs no classifier.
"""

import logging
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from scipy.signal.windows import gaussian

from explainers.salient import Salient, SalientNetworkError, onnx_network, u2netp_path
from stimuli.cache import Cache, digest, write_bytes
from stimuli.models.predictions import as_images
from stimuli.problems import ProblemsError
from stimuli.progress_bars import tqdm
from stimuli.sal.data.images import Images
from stimuli.sal.data.masks import map_dice, unpacked
from stimuli.sal.results.curves import finished_runs
from stimuli.sal.runs.preparation import open_data
from stimuli.sal.runs.run_folder import finished_experiment
from stimuli.seeds import generator
from stimuli.study.dataset_settings import DatasetSettings

log = logging.getLogger(__name__)

TABLE = "references.csv"
COLUMNS = ("dataset", "settings", "reference", "dice", "n_pictures")
BUMP_WIDTH = 0.2  # of the picture's side; the order of its pixels, and so the Dice, has no width
MOST_SALIENT = 500  # pictures that U²-Net sees; it takes up to a second for each
BATCH = 32


def references(folders: Iterable[Path], *, data: Path | None, cache: Cache) -> pd.DataFrame:
    """The references of every data set of the grids in some folders.

    Each folder keeps its own as `references.csv`; what it lacks is computed. Where a data set
    cannot be opened, the log says so and its rows are missing.

    Args:
        data: folder of a data set that lies in one.

    Returns:
        COLUMNS: `settings` is a digest of the data set's, `reference` "chance", "bump" or "u2net",
        `dice` from 0 to 1.
    """
    tables = [_of_folder(folder, data, cache) for folder in folders]
    return pd.concat(tables, ignore_index=True).drop_duplicates()


def _of_folder(folder: Path, data: Path | None, cache: Cache) -> pd.DataFrame:
    """Read again what was written: equal numbers of two folders are then equal digits."""
    path = folder / TABLE
    table = read_references(path) if path.is_file() else pd.DataFrame(columns=COLUMNS)
    new = []
    for settings in dict.fromkeys(finished_experiment(r).dataset for r in finished_runs(folder)):
        # Without defaults, so that a setting of a later version changes nothing.
        key = digest(settings.model_dump_json(exclude_defaults=True))[:12]
        if key not in set(table["settings"]):
            facts = {"dataset": settings.name, "settings": key}
            new += [facts | row for row in _of_dataset(settings, data, cache)]
    if not new:
        return table
    lines = pd.DataFrame([*table.to_dict("records"), *new], columns=COLUMNS).to_csv(index=False)
    write_bytes(path, [lines.encode()])
    return read_references(path)


def read_references(path: Path) -> pd.DataFrame:
    """A folder's table; a digest of digits alone is no number."""
    return pd.read_csv(path, dtype={"settings": str})


def _of_dataset(
    settings: DatasetSettings, data: Path | None, cache: Cache
) -> list[dict[str, object]]:
    """Its references, or none and a line in the log."""
    try:
        test = open_data(settings, data, cache).test
    except ProblemsError as error:
        log.info("%s: drawn without references: %s", settings.name, error.problems[0])
        return []
    try:
        salient = onnx_network(u2netp_path())
    except SalientNetworkError as error:
        log.info("%s: drawn without U²-Net: %s", settings.name, error)
        salient = None
    found = reference_dices(test, salient)
    if not found:
        log.info("%s: drawn without references: no test picture has a mask", settings.name)
    return [
        {"reference": name, "dice": float(dices.mean()), "n_pictures": len(dices)}
        for name, dices in found.items()
    ]


def reference_dices(test: Images, salient: Salient | None) -> dict[str, np.ndarray]:
    """The Dice of each test picture that has something to find, by reference.

    - "chance": as many pixels as the mask has, at random. Of N of P pixels N² / P are expected to
      be right, so the Dice is 2 (N² / P) / 2N = N / P, the share of the picture that it covers.
    - "bump": a Gaussian in the middle as heat map.
    - "u2net": U²-Net's map (Qin et al. 2020), of what stands out whatever its class. Of
      MOST_SALIENT pictures at most, drawn by seed.
    """
    rows = np.flatnonzero(test.has_mask & test.masks.any(axis=1))
    if not len(rows):
        return {}
    parts = np.split(rows, range(BATCH, len(rows), BATCH))
    profile = gaussian(test.side, BUMP_WIDTH * test.side)
    bump = torch.from_numpy(np.outer(profile, profile)).float()
    shares = [unpacked(test.masks[part]).mean((1, 2)) for part in parts]
    bumps = [map_dice(bump.expand(len(part), -1, -1), test.masks[part]) for part in parts]
    found = {"chance": np.concatenate(shares), "bump": np.concatenate(bumps)}
    if salient is not None:
        found["u2net"] = _salient_dices(test, rows, salient)
    return found


def _salient_dices(test: Images, rows: np.ndarray, salient: Salient) -> np.ndarray:
    seen = np.sort(generator(0, "references").permutation(rows)[:MOST_SALIENT])
    parts = np.split(seen, range(BATCH, len(seen), BATCH))
    return np.concatenate(
        [
            map_dice(salient(as_images(test.pixels[part])), test.masks[part])
            for part in tqdm(parts, desc="U²-Net", unit="batch", leave=False)
        ]
    )
