"""What a frozen trunk makes of each picture, computed once and cached."""

import logging
from dataclasses import replace

import numpy as np
import torch

import explainers
from explainers.classifier import Classifier, new_classifier
from explainers.networks.trunk import split
from stimuli.cache import Cache, digest, package_code
from stimuli.sal import data as sal_data
from stimuli.sal import learning
from stimuli.sal.data.images import Data, Images
from stimuli.sal.experiment import ModelSettings
from stimuli.sal.learning.inference import batches

log = logging.getLogger(__name__)


def with_trunk_maps(data: Data, model: ModelSettings, cache: Cache, device: torch.device) -> Data:
    """The same data with what the frozen modules of every model of a run make of each picture."""
    # Whatever the seed: only the last layer is new, and it is in no trunk.
    first = new_classifier(model.backbone, weights=model.weights, classes=data.classes, seed=0)
    trunk, _ = split(first.to(device), model.frozen)
    weights = (value.cpu().numpy() for value in trunk.state_dict().values())
    made_by = digest(
        package_code(learning, sal_data, explainers),
        model.frozen,
        digest(*(np.ascontiguousarray(value).data.cast("B") for value in weights)),
    )
    train, val, test = (
        _with_trunk_maps(images, trunk, cache, made_by)
        for images in (data.train, data.val, data.test)
    )
    return replace(data, train=train, val=val, test=test)


def _with_trunk_maps(images: Images, trunk: Classifier, cache: Cache, made_by: str) -> Images:
    # Another number of threads adds up in another order.
    key = digest(made_by, images.digest, trunk.mean.device.type, torch.get_num_threads())
    arrays = cache.arrays(
        "sal-trunk-maps", key, lambda: {"maps": compute_trunk_maps(trunk, images)}
    )
    return replace(images, trunk_maps=torch.from_numpy(arrays["maps"]))


@torch.inference_mode()
def compute_trunk_maps(trunk: Classifier, images: Images) -> np.ndarray:
    """(n, rows, columns, channels) float16: what a trunk makes of the pixels."""
    log.info("computing the trunk's maps of %d images", len(images))
    parts = batches(trunk, images, np.arange(len(images)))
    return torch.cat([trunk(b).permute(0, 2, 3, 1).half().cpu() for _, b in parts]).numpy()
