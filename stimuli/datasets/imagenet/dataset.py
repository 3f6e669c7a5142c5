"""ILSVRC 2012 as a data set: validation images are the pool, training images serve for the rest.

ImageNet publishes no labels of its test images, so that the whole validation set is the pool
(split `test`), as in the paper. There is no set of images apart on which T* could be chosen: it is
chosen on the pool. Practice and validation items are training images (split `val`), as in the
paper; the classifier has seen them, so nothing is measured on them.
"""

from collections.abc import Collection
from pathlib import Path
from typing import Literal, final

import numpy as np
from PIL import Image

from stimuli.datasets.base import DataError, Dataset, Example, Picture, Split, file_state
from stimuli.datasets.imagenet.synsets import synsets
from stimuli.datasets.imagenet.tree import Tree, class_folders, find_tree, pictures_in
from stimuli.datasets.imagenet.truths import known_classes, val_truths
from stimuli.datasets.photo_reader import as_rgb
from stimuli.datasets.picture_files import sizes
from stimuli.datasets.voc import annotation_problems, boxes_in, read_annotation
from stimuli.problems import some_of
from stimuli.study.dataset_settings import DogsSettings, ImageNetSettings


@final
class ImageNet(Dataset):
    """All 1000 classes, with images of all of them or of some."""

    threshold_split: Literal[Split.VAL, Split.TEST] = Split.TEST

    def __init__(
        self,
        root: Path,
        settings: ImageNetSettings | DogsSettings,
        *,
        labels: Collection[int] = range(1000),
    ) -> None:
        """List the tree, and look whether all that is needed is there.

        Args:
            labels: class indices whose images are taken.

        Raises:
            DataError: with every problem.
        """
        problems: list[str] = []
        tree = find_tree(root, boxes=settings.boxes, problems=problems)
        examples = [
            Example(source=path.relative_to(root).as_posix(), label=index, split=split)
            for path, (index, split) in _pictures(tree, settings, labels, problems).items()
        ]
        problems += _file_problems(tree, examples)
        if problems:
            raise DataError(str(root), problems)
        self.classes = [synset.info for synset in synsets()]
        self.examples = examples
        self._tree = tree

    def state(self, example: Example) -> object:
        """The picture as a file, and the file of its boxes."""
        picture = self._tree.root / example.source
        return [file_state(path) for path in (picture, *self._box_files(example))]

    def load(self, example: Example) -> Picture:
        """Read a picture as it is stored, with its boxes: EXIF does not turn it."""
        with Image.open(self._tree.root / example.source) as file:
            image = as_rgb(file)
        annotations = [read_annotation(f, first_pixel=0) for f in self._box_files(example)]
        boxes = tuple(box for a in annotations for box in boxes_in(a, image.size))
        return Picture(image=image, boxes=boxes)

    def _box_files(self, example: Example) -> list[Path]:
        """One, or none where no boxes are read."""
        if self._tree.boxes is None or example.split is not Split.TEST:
            return []
        return [_box_file(self._tree.boxes, example)]


def _box_file(folder: Path, example: Example) -> Path:
    return folder / f"{Path(example.source).stem}.xml"


def _pictures(
    tree: Tree,
    settings: ImageNetSettings | DogsSettings,
    labels: Collection[int],
    problems: list[str],
) -> dict[Path, tuple[int, Split]]:
    """A seeded choice of each class's training images, and all its validation images."""
    truths = val_truths(tree.root, tree.val, problems) if tree.val else {}
    tests = {path: (index, Split.TEST) for path, index in truths.items() if index in labels}
    if tree.train is None:
        return tests
    folders = known_classes({f: f.name for f in class_folders(tree.train)}, problems)
    bare = {index for index, _ in tests.values()} - {*folders.values()}
    if bare:
        names = some_of([synsets()[index].wnid for index in sorted(bare)])
        problems.append(
            f"{tree.train}: there is no folder {names}, though there are validation images of "
            "these classes; unpack the training images there"
        )
    trains: dict[Path, tuple[int, Split]] = {}
    for folder, index in folders.items():
        if index in labels:
            # In seeded random order: first val's, then train's, which keeps at least one.
            pictures = pictures_in(folder)
            rng = np.random.default_rng([settings.sample_seed, index])
            order = [pictures[k] for k in rng.permutation(len(pictures))]
            n_val = min(settings.val_per_class, max(len(order) - 1, 0))
            trains |= dict.fromkeys(order[:n_val], (index, Split.VAL))
            train = order[n_val : n_val + settings.train_per_class]
            trains |= dict.fromkeys(train, (index, Split.TRAIN))
    return trains | tests


def _file_problems(tree: Tree, examples: list[Example]) -> list[str]:
    """Pictures that cannot be opened, and validation images without a readable box file."""
    problems = []
    read = zip(examples, sizes([tree.root / e.source for e in examples]), strict=True)
    if broken := [example.source for example, size in read if size is None]:
        problems.append(f"{len(broken)} unreadable images: {some_of(broken)}; unpack them again")
    if tree.boxes is None:
        return problems
    files = [_box_file(tree.boxes, e) for e in examples if e.split is Split.TEST]
    missing = [path.name for path in files if not path.is_file()]
    if missing:
        problems.append(
            f"{tree.boxes}: has no boxes for {len(missing)} images: {some_of(missing)}; add them, "
            "or set boxes = false in [dataset]"
        )
    return problems + annotation_problems(path for path in files if path.is_file())
