"""The true class of every validation image, from whichever source a tree has.

1. Folders named after WordNet ids.
2. `LOC_val_solution.csv` (Kaggle): ImageId, PredictionString = "n01440764 x0 y0 x1 y1 ...".
3. The devkit: line n of `ILSVRC2012_validation_ground_truth.txt` is the ILSVRC id of image n, and
   `meta.mat` tells the WordNet id of each. ILSVRC ids do not follow the sorted WordNet ids.
4. `imagenet_2012_validation_synset_labels.txt`: line n is the WordNet id of image n.
"""

import csv
from collections.abc import Mapping
from pathlib import Path

from stimuli.datasets.imagenet.synsets import index_of_wnid
from stimuli.datasets.imagenet.tree import class_folders, pictures_in
from stimuli.problems import some_of

SOLUTION = "LOC_val_solution.csv"
DEVKIT = "ILSVRC2012_devkit_t12/data"
GROUND_TRUTH = f"{DEVKIT}/ILSVRC2012_validation_ground_truth.txt"
META = f"{DEVKIT}/meta.mat"
SYNSETS = "imagenet_2012_validation_synset_labels.txt"


def val_truths(root: Path, val: Path, problems: list[str]) -> dict[Path, int]:
    """The class index of every validation image; what is wrong is added to `problems`."""
    wnids = {
        picture: folder.name for folder in class_folders(val) for picture in pictures_in(folder)
    }
    flat = pictures_in(val)
    if flat:
        listed = _flat_wnids(root, problems)
        missing = [path.name for path in flat if path.stem not in listed]
        if listed and missing:
            problems.append(f"{val}: no label is known for {some_of(missing)}; remove them")
        wnids |= {path: listed[path.stem] for path in flat if path.stem in listed}
    elif not wnids:
        problems.append(f"{val}: holds no image; unpack the validation images there")
    return known_classes(wnids, problems)


def known_classes(wnids: Mapping[Path, str], problems: list[str]) -> dict[Path, int]:
    """WordNet ids to class indices; those that are none of the 1000 are added to `problems`."""
    index = index_of_wnid()
    strangers = {wnid: str(path) for path, wnid in wnids.items() if wnid not in index}
    problems += [
        f"{path}: its class {wnid!r} is none of the 1000 of ILSVRC 2012; correct or remove it"
        for wnid, path in sorted(strangers.items())
    ]
    return {path: index[wnid] for path, wnid in wnids.items() if wnid in index}


def _flat_wnids(root: Path, problems: list[str]) -> Mapping[str, str]:
    """WordNet ids of flat validation images by the stem of their name."""
    files = [name for name in (SOLUTION, GROUND_TRUTH, SYNSETS) if (root / name).is_file()]
    if not files:
        problems.append(
            f"labels: there is no {SOLUTION}, {GROUND_TRUTH} or {SYNSETS}; add one of them"
        )
        return {}
    name = files[0]
    try:
        if name == SOLUTION:
            with (root / SOLUTION).open(encoding="utf-8", newline="") as file:
                rows = csv.DictReader(file)
                return {row["ImageId"]: row["PredictionString"].split()[0] for row in rows}
        if name == GROUND_TRUTH:
            from scipy.io import loadmat

            # `meta.mat` lists the 1000 classes and, with other ids, the synsets above them.
            meta = loadmat(root / META, squeeze_me=True)["synsets"]
            ids = [int(number) for number in meta["ILSVRC2012_ID"].ravel()]
            wnid_of = dict(zip(ids, map(str, meta["WNID"].ravel()), strict=True))
            wnids = [wnid_of[int(line)] for line in (root / GROUND_TRUTH).read_text().split()]
        else:
            wnids = (root / SYNSETS).read_text().split()
    except (OSError, ValueError, KeyError, IndexError) as error:
        problems.append(f"{name}: cannot be read ({error!r}); unpack it again")
        return {}
    return {f"ILSVRC2012_val_{n:08d}": wnid for n, wnid in enumerate(wnids, start=1)}
