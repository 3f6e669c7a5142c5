"""ImageNet-S, a part of ImageNet with masks (Gao et al., TPAMI 2022): 919 classes, or 300 or 50.

    ImageNetS919/train-semi/nXXXXXXXX/NAME.JPEG        train-semi-segmentation/nXXXXXXXX/NAME.png
    ImageNetS919/validation/nXXXXXXXX/NAME.JPEG        validation-segmentation/nXXXXXXXX/NAME.png

Ten training images of each class have a mask: they are split into train and val. The validation
images are the pool; the release keeps the masks of its test images to itself.

A pixel of a mask has the class id R + 256 G, where the classes count from 1 in the order of their
WordNet ids. 0 is anything else, and 1000 marks pixels to ignore. Only pixels of the image's own
class are its object: those of other classes, and those to ignore, are not.
"""

from pathlib import Path
from typing import final

import numpy as np
from PIL import Image

from stimuli.datasets.base import ClassInfo, Example, Split
from stimuli.datasets.imagenet.synsets import synsets
from stimuli.datasets.imagenet.tree import class_folders, pictures_in
from stimuli.datasets.masked_photos import MaskedPhoto, MaskedPhotos, first_folder
from stimuli.datasets.splitting import train_or_val
from stimuli.problems import some_of
from stimuli.study.dataset_settings import ImageNetSSettings

PARTS = ("train-semi", "validation")
MASKS = "-segmentation"
ADVICE = "run the release's data_preparation.sh again"


@final
class ImageNetS(MaskedPhotos):
    """Classes by sorted WordNet id; the validation images are the pool."""

    def __init__(self, root: Path, settings: ImageNetSSettings) -> None:
        """List the folders, and look whether every image has its mask.

        Args:
            root: the folder that holds `ImageNetS919`, or that folder itself.

        Raises:
            DataError: with every problem.
        """
        folder = first_folder(root, f"ImageNetS{settings.classes}", "")
        problems: list[str] = []
        wnids = _wnids(folder, settings.classes, problems)
        train, test = ([] if problems else _listed(folder, part, wnids) for part in PARTS)
        labels = [label for label, _, _ in train]
        splits = train_or_val(labels, settings.val_share, seed=settings.split_seed)
        photos = [
            (Example(source=source, label=label, split=split), photo)
            for (label, source, photo), split in zip(
                [*train, *test], [*splits, *[Split.TEST] * len(test)], strict=True
            )
        ]
        # Name and description by WordNet, or the id where it is none of ILSVRC 2012.
        infos = {synset.wnid: synset.info for synset in synsets()}
        classes = [infos.get(wnid, ClassInfo(name=wnid, description="")) for wnid in wnids]
        super().__init__(folder, classes, photos, problems, advice=ADVICE)

    def object_in(self, mask: Image.Image, example: Example) -> np.ndarray:
        """Where the mask has the class of the image, (height, width) bool."""
        channels = np.asarray(mask.convert("RGB")).astype(np.int32)
        return np.asarray(channels[..., 0] + 256 * channels[..., 1] == example.label + 1)


def _wnids(folder: Path, n_classes: int, problems: list[str]) -> list[str]:
    """The classes in order: all must be there, for the ids in the masks count them."""
    folders = {}
    for name in (part + kind for part in PARTS for kind in ("", MASKS)):
        inner = folder / name
        folders[name] = [f.name for f in class_folders(inner)] if inner.is_dir() else []
        if len(folders[name]) != n_classes:
            problems.append(
                f"{inner}: holds {len(folders[name])} class folders, but the ids in the masks "
                f"count {n_classes}; {ADVICE}, or set classes in [dataset]"
            )
    wnids = folders[PARTS[0]]
    for name, others in folders.items():
        if odd := sorted({*others} ^ {*wnids}):
            problems.append(f"{folder / name}: differs from {PARTS[0]} in {some_of(odd)}; {ADVICE}")
    return wnids


def _listed(folder: Path, part: str, wnids: list[str]) -> list[tuple[int, str, MaskedPhoto]]:
    """Label, source and files of every image, or mask, of a part.

    A file that is only in one folder is looked for in the other as well.
    """
    rows = []
    for label, wnid in enumerate(wnids):
        images, masks = folder / part / wnid, folder / f"{part}{MASKS}" / wnid
        image_files = {path.stem: path for path in pictures_in(images)}
        mask_files = {path.stem: path for path in pictures_in(masks)}
        for stem in sorted({*image_files, *mask_files}):
            photo = MaskedPhoto(
                image=image_files.get(stem, images / f"{stem}.JPEG"),
                mask=mask_files.get(stem, masks / f"{stem}.png"),
            )
            rows.append((label, f"{part}/{wnid}/{stem}", photo))
    return rows
