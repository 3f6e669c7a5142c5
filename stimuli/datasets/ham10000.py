"""HAM10000, dermatoscopic photos of skin lesions (Tschandl, Rosendahl, Kittler, Sci. Data 2018).

    HAM10000_metadata.csv      or HAM10000_metadata: lesion_id, image_id, dx, and columns not read
    HAM10000_images_part_1/ISIC_0024306.jpg, HAM10000_images_part_2/    or one HAM10000_images/
    HAM10000_segmentations_lesion_tschandl/ISIC_0024306_segmentation.png

There are several photos of some lesions, and the release has no splits. Here no lesion is in two
splits, which is a deviation: the SAL paper does not say how it split, and images of one lesion in
two splits tell a model the answer. With the default shares, the splits have the sizes of its Table
1, 4,893 / 2,092 / 3,030, or as near to them as whole lesions allow.
"""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import final

import numpy as np
from PIL import Image

from stimuli.datasets.base import ClassInfo, Example
from stimuli.datasets.masked_photos import MaskedPhoto, MaskedPhotos
from stimuli.datasets.splitting import grouped_splits
from stimuli.problems import some_of
from stimuli.study.dataset_settings import Ham10000Settings

METADATA = ("HAM10000_metadata.csv", "HAM10000_metadata")
IMAGES = ("HAM10000_images_part_1", "HAM10000_images_part_2", "HAM10000_images")
MASKS = "HAM10000_segmentations_lesion_tschandl"
COLUMNS = ("lesion_id", "image_id", "dx")
ADVICE = "unpack the files of doi.org/10.7910/DVN/DBW86T again"
HALF = 127

DIAGNOSES = {
    "akiec": ("actinic keratosis", "also intraepithelial carcinoma (Bowen's disease)"),
    "bcc": ("basal cell carcinoma", "a skin cancer that grows slowly"),
    "bkl": (
        "benign keratosis-like lesion",
        "solar lentigo, seborrhoeic keratosis or lichen-planus-like keratosis",
    ),
    "df": ("dermatofibroma", "a benign growth of the dermis"),
    "mel": ("melanoma", "a malignant growth of pigment cells"),
    "nv": ("melanocytic naevus", "a benign growth of pigment cells"),
    "vasc": (
        "vascular lesion",
        "angioma, angiokeratoma, pyogenic granuloma or haemorrhage",
    ),
}
"""Name and description of each diagnosis of the metadata, by class index."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row of the metadata."""

    image: str
    lesion: str
    label: int


@final
class Ham10000(MaskedPhotos):
    """Seven diagnoses; no lesion is in two splits."""

    def __init__(self, root: Path, settings: Ham10000Settings) -> None:
        """Read the metadata, and look whether every image has its files.

        Raises:
            DataError: with every problem.
        """
        problems: list[str] = []
        rows = _rows(root, problems)
        splits = grouped_splits(
            [row.label for row in rows],
            [row.lesion for row in rows],
            val_share=settings.val_share,
            test_share=settings.test_share,
            seed=settings.split_seed,
        )
        folders = [root / name for name in (*IMAGES, MASKS)]
        files = {path.name: path for folder in folders for path in folder.rglob("ISIC_*")}
        photos = [
            (
                Example(source=row.image, label=row.label, split=split),
                MaskedPhoto(
                    image=files.get(image, root / IMAGES[0] / image),
                    mask=files.get(mask, root / MASKS / mask),
                ),
            )
            for row, split in zip(rows, splits, strict=True)
            for image, mask in [(f"{row.image}.jpg", f"{row.image}_segmentation.png")]
        ]
        classes = [ClassInfo(name=name, description=text) for name, text in DIAGNOSES.values()]
        super().__init__(root, classes, photos, problems, advice=ADVICE)

    def object_in(self, mask: Image.Image, example: Example) -> np.ndarray:
        """Where the mask is white, (height, width) bool."""
        return np.asarray(mask.convert("L")) > HALF


def _rows(root: Path, problems: list[str]) -> list[Row]:
    """The rows that are valid; what is wrong is added to `problems`."""
    path = next((root / name for name in METADATA if (root / name).is_file()), None)
    if path is None:
        problems.append(f"{root}: there is no {' or '.join(METADATA)}; {ADVICE}")
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
        cells = [] if missing else list(reader)
    problems += [f"{path.name}: has no column {name!r}; {ADVICE}" for name in missing]
    unknown = sorted({row["dx"] or "" for row in cells} - {*DIAGNOSES})
    if unknown:
        known = ", ".join(DIAGNOSES)
        problems.append(f"{path.name}: dx {some_of(unknown)} is none of {known}; {ADVICE}")
    label = {name: index for index, name in enumerate(DIAGNOSES)}
    rows = [
        Row(image=row["image_id"], lesion=row["lesion_id"], label=label[row["dx"]])
        for row in cells
        if row["dx"] in label
    ]
    # All images of a lesion must have one diagnosis, or the splits would part them.
    labels: dict[str, set[int]] = {}
    for row in rows:
        labels.setdefault(row.lesion, set()).add(row.label)
    torn = sorted(lesion for lesion, diagnoses in labels.items() if len(diagnoses) > 1)
    if torn:
        problems.append(f"{path.name}: lesions with two diagnoses: {some_of(torn)}; correct dx")
    if not rows and not problems:
        problems.append(f"{path.name}: names no image; {ADVICE}")
    return rows
