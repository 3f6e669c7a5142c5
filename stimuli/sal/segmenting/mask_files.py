"""A mask of each training picture as a PNG file, for scenario "files"; what is there stays."""

import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from stimuli.cache import write_bytes
from stimuli.datasets.base import Dataset, Example, Split, object_of
from stimuli.datasets.mask_reader import MaskRule, read_mask
from stimuli.datasets.reading import Unreadable, load_picture, require_readable
from stimuli.problems import some_of
from stimuli.progress_bars import tqdm
from stimuli.sal.data.file_masks import mask_path
from stimuli.sal.data.masks import mask_dice
from stimuli.sal.segmenting.segmenter import Segmenter, SegmenterError

FACTS, TABLE = "masks.json", "masks.csv"


def write_masks(dataset: Dataset, segmenter: Segmenter, out: Path) -> pd.DataFrame:
    """Draw what was not drawn before, in the frame of each whole picture; white is the object.

    A file is whole or not there, so that this may be cut off at any time.

    Returns:
        A row for each picture: `image`; `covered_share`, of the picture by the mask; `dice` with
        the data set's own mask, NaN where it has none. It is written as masks.csv too.

    Raises:
        ProblemsError: if the folder has masks of another segmenter, or two pictures one mask; after
            all others are done, naming the pictures that cannot be decoded.
    """
    examples = dataset.split(Split.TRAIN)
    _require_possible(examples, segmenter, out)
    facts = {"segmenter": segmenter.name, "sha256": segmenter.sha256}
    write_bytes(out / FACTS, [json.dumps(facts, indent=1).encode()])
    rows, unreadable = [], []
    for example in tqdm(examples, desc="masks", unit="img", leave=False):
        picture = load_picture(dataset, example)
        if isinstance(picture, Unreadable):
            unreadable.append(picture)
            continue
        mask = _drawn(mask_path(out, example.source), picture.image.convert("RGB"), segmenter)
        dice = np.nan
        if picture.mask is not None:
            (dice,) = mask_dice(mask[None], object_of(picture.mask)[None])
        rows.append({"image": example.source, "covered_share": mask.mean(), "dice": dice})
    require_readable(unreadable)
    table = pd.DataFrame(rows)
    write_bytes(out / TABLE, [table.to_csv(index=False).encode()])
    return table


def _require_possible(examples: list[Example], segmenter: Segmenter, out: Path) -> None:
    problems = []
    if not examples:
        problems.append("the data set has no training picture; add some")
    if (out / FACTS).is_file():
        facts = json.loads((out / FACTS).read_text())
        if facts["sha256"] != list(segmenter.sha256):
            begun = f"holds masks of {facts['segmenter']}, from other files than these"
            problems.append(f"{begun}; give them, or choose another --out")
    paths = pd.Series([mask_path(out, example.source) for example in examples], dtype=object)
    shared = [str(path.relative_to(out)) for path in paths[paths.duplicated()].unique()]
    if shared:
        advice = "rename pictures that differ in their suffix alone"
        problems.append(f"{some_of(shared)} would be the mask of several pictures; {advice}")
    if problems:
        raise SegmenterError(str(out), problems)


def _drawn(path: Path, picture: Image.Image, segmenter: Segmenter) -> np.ndarray:
    """(height, width) bool: the mask in a file, which is made if it is not there."""
    if path.is_file():
        drawn = read_mask(path, MaskRule())
        if drawn.shape == picture.size[::-1]:
            return drawn
    mask = segmenter.segment(picture)
    file = io.BytesIO()
    Image.fromarray(mask).save(file, "PNG")
    write_bytes(path, [file.getvalue()])
    return mask


def summary(table: pd.DataFrame) -> str:
    """What was drawn, in a sentence.

    Args:
        table: as `write_masks` returns it.
    """
    n_empty = int((table["covered_share"] == 0).sum())
    covered = f"cover {table['covered_share'].mean():.1%} of a picture on the average"
    with_truth = table["dice"].dropna()
    agreement = "the data set has no masks to compare them with"
    if len(with_truth):
        agreement = (
            f"Dice with the data set's own is {with_truth.mean():.3f} on the average of "
            f"{len(with_truth)}, {with_truth.median():.3f} in the middle"
        )
    return f"{len(table)} masks, of which {n_empty} are empty; they {covered}; {agreement}"
