"""The pictures of a data set in memory, decoded once, with their labels and masks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from stimuli.cache import Cache, digest
from stimuli.datasets.base import Dataset, Split
from stimuli.models.augmentation import moved, moved_at_once
from stimuli.models.device import sent
from stimuli.models.predictions import as_images, pixels_of
from stimuli.pictures.crop_cache import cached_crops
from stimuli.pictures.crops import Crop
from stimuli.pictures.leaks import without_leaks
from stimuli.pictures.mask_coverage import looked_at
from stimuli.sal.data.masks import soft_maps
from stimuli.study.dataset_settings import PictureSettings


@dataclass(frozen=True, kw_only=True)
class Images:
    """One split.

    Attributes:
        sources: (n,) names inside the data set.
        pixels: (n, side, side, 3) uint8: the crop that a study would show.
        labels: (n,) class indices.
        masks: (n, bytes), packed bits, or (n, pixels) float16, soft maps; zeros where none is.
        has_mask: (n,) bool.
        trunk_maps: (n, rows, columns, channels) float16: what a frozen trunk makes of the pixels;
            None where models begin with the pixels.
    """

    sources: tuple[str, ...]
    pixels: Tensor
    labels: np.ndarray
    masks: np.ndarray
    has_mask: np.ndarray
    trunk_maps: Tensor | None = None
    _on_gpus: dict[torch.device, Tensor] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def side(self) -> int:
        """In pixels."""
        return self.pixels.shape[1]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of pixels, labels and masks."""
        arrays = (self.pixels.numpy(), self.labels, self.masks, self.has_mask)
        return digest(*(np.ascontiguousarray(a).data.cast("B") for a in arrays))

    def batch(
        self, rows: np.ndarray, device: torch.device, *, places: np.ndarray | None = None
    ) -> Tensor:
        """(rows, channels, height, width) float32, channels last: what a model takes.

        Args:
            places: as `augmentation.moves` chose them; without, all stay as they are.
        """
        if device.type == "cpu":
            stored = self._stored
            batch = stored[rows] if places is None else moved((stored[row] for row in rows), places)
        else:
            batch = self._batch_on_gpu(device, rows, places)
        return as_images(batch) if self.trunk_maps is None else batch.permute(0, 3, 1, 2).float()

    @property
    def _stored(self) -> Tensor:
        return self.pixels if self.trunk_maps is None else self.trunk_maps

    def _batch_on_gpu(
        self, device: torch.device, rows: np.ndarray, places: np.ndarray | None
    ) -> Tensor:
        """All pictures go to a GPU once."""
        if device not in self._on_gpus:
            self._on_gpus[device] = self._stored.to(device)
        batch = self._on_gpus[device][sent(rows, device)]
        return batch if places is None else moved_at_once(batch, places)


@dataclass(frozen=True, kw_only=True)
class Data:
    """A data set in memory: 150 kB for a picture of 224 px, and its trunk maps where there are any.

    Those of EfficientNet-Lite0 frozen up to its module 12 are another 44 kB.
    """

    classes: tuple[str, ...]
    train: Images
    val: Images
    test: Images


def load_data(dataset: Dataset, settings: PictureSettings, cache: Cache) -> Data:
    """All pictures that the settings do not leave out, and no copies of one split in another.

    Raises:
        DataError: naming every picture that cannot be decoded, or if the masks show nothing.
    """
    outcomes = cached_crops(dataset, dataset.examples, settings, cache)
    crops = [crop for crop in outcomes if isinstance(crop, Crop)]
    by_split = {split: [c for c in crops if c.example.split is split] for split in Split}
    kept, _ = without_leaks(by_split, cache)
    looked_at(kept, dataset.mask_meaning)
    splits = {split.value: images_of(kept[split]) for split in Split}
    return Data(classes=tuple(info.name for info in dataset.classes), **splits)


def images_of(crops: Sequence[Crop]) -> Images:
    """Crops in memory."""
    pixels = pixels_of(crops) if crops else torch.zeros(0, 1, 1, 3, dtype=torch.uint8)
    is_soft, n_pixels = any(crop.soft for crop in crops), pixels.shape[1] ** 2
    no_mask = bytes(n_pixels if is_soft else -(-n_pixels // 8))
    content = b"".join(bytes(crop.mask or no_mask) for crop in crops)
    masks = np.frombuffer(content, dtype=np.uint8).reshape(len(crops), -1)
    return Images(
        sources=tuple(crop.example.source for crop in crops),
        pixels=pixels,
        labels=np.array([crop.example.label for crop in crops], dtype=np.int64),
        masks=soft_maps(masks) if is_soft else masks,
        has_mask=np.array([crop.mask is not None for crop in crops], dtype=bool),
    )
