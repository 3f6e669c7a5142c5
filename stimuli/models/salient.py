"""The salient-object network of a study, ready to use: read from a file, or trained on masks."""

import hashlib
import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from explainers import mask_network
from explainers.classifier import write_whole
from explainers.mask_network import MARKED_SIDE, SEEN_SIDE, MaskNetwork, shrunk
from explainers.salient import Salient, SalientNetworkError, onnx_network, u2netp_path
from stimuli.cache import code, digest
from stimuli.datasets.base import Split
from stimuli.models.augmentation import moved, moves
from stimuli.models.classifiers import Machine
from stimuli.models.predictions import as_images, pixels_of
from stimuli.models.training import few_per_class
from stimuli.pictures.crops import Crop, Crops, mask_of
from stimuli.problems import ProblemsError
from stimuli.progress_bars import tqdm
from stimuli.study.explainer_settings import SalientSettings

log = logging.getLogger(__name__)

BATCH = 32
LEARNING_RATE = 1e-2


class SalientError(ProblemsError):
    """A salient-object network that a study asks for and cannot have."""


@dataclass(frozen=True, kw_only=True)
class ReadySalient:
    """A salient-object network.

    Attributes:
        digest: SHA-256 of its file, or of what it was trained on.
    """

    salient: Salient
    digest: str


def ready_salient(
    settings: SalientSettings, crops: Crops, *, seed: int, machine: Machine
) -> ReadySalient:
    """The given network, the packaged one, or one that is trained on exactly these masks.

    Raises:
        SalientError: if it cannot be had.
    """
    try:
        if settings.network == "masks":
            return _trained(settings, crops, seed, machine)
        path = u2netp_path() if settings.network == "u2netp" else machine.salient
        if path is None:
            raise SalientNetworkError("network = 'onnx' needs a file; add --salient PATH")
        salient = onnx_network(path)
        return ReadySalient(salient=salient, digest=hashlib.sha256(path.read_bytes()).hexdigest())
    except SalientNetworkError as error:
        raise SalientError("explainers.salient", [str(error)]) from None


def _trained(settings: SalientSettings, crops: Crops, seed: int, machine: Machine) -> ReadySalient:
    masked = [crop for crop in crops[Split.TRAIN] if crop.mask is not None]
    if not masked:
        raise SalientNetworkError("no training picture has a mask; choose network = 'u2netp'")
    lessons = few_per_class(masked, settings.images_per_class, np.random.default_rng(seed))
    made_from = training_digest(settings, lessons, seed)
    path = machine.store / f"salient-{made_from[:12]}.pt"
    if not path.is_file():
        network = train_on_masks(lessons, settings, seed=seed, device=machine.device)
        write_whole(path, network.state_dict())
    network = MaskNetwork()
    network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return ReadySalient(salient=network.eval().to(machine.device).salient, digest=made_from)


def training_digest(settings: SalientSettings, crops: Sequence[Crop], seed: int) -> str:
    """What decides the weights: the code, settings, seed, pictures and masks."""
    made_by = code(mask_network, sys.modules[__name__])
    lessons = (part for crop in crops for part in (*crop.input_key, crop.mask or b""))
    return digest(made_by, settings, seed, *lessons)


def train_on_masks(
    crops: Sequence[Crop], settings: SalientSettings, *, seed: int, device: torch.device
) -> MaskNetwork:
    """A network that marks the masks of these crops, in evaluation mode.

    Adam with a learning rate that rises and falls again, on cross-entropy plus the soft Dice
    loss: a mask covers little of a picture. Pictures are mirrored and turned by quarters.
    """
    log.info("training the salient-object network on %d masks", len(crops))
    rng = np.random.default_rng(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = MaskNetwork().to(device).to(memory_format=torch.channels_last)
    parts = []
    for crop in crops:
        mask = torch.from_numpy(mask_of(crop).astype(np.float32))[None, None]
        parts.append(shrunk(torch.cat([as_images(pixels_of([crop])), mask], dim=1), SEEN_SIDE))
    # (n, side, side, 4) in [0, 1], as the network sees them: RGB, and the mask.
    lessons = torch.cat(parts).permute(0, 2, 3, 1).contiguous()
    n_steps = settings.epochs * -(-len(crops) // BATCH)
    optimiser = torch.optim.Adam(network.parameters(), lr=LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, LEARNING_RATE, total_steps=n_steps)
    for _ in tqdm(range(settings.epochs), desc="salient", unit="epoch", leave=False):
        order = rng.permutation(len(crops))
        for rows in np.split(order, range(BATCH, len(order), BATCH)):
            optimiser.zero_grad()
            turned = moved(lessons[rows], moves(len(rows), rng, turned=True))
            _loss(network, turned.to(device)).backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
    return network.eval()


def _loss(network: MaskNetwork, lessons: Tensor) -> Tensor:
    """Of a batch (batch, side, side, 4)."""
    channels = lessons.permute(0, 3, 1, 2)
    images, masks = channels[:, :3], shrunk(channels[:, 3:], MARKED_SIDE)
    logits = network(images.contiguous(memory_format=torch.channels_last))
    probabilities = logits.sigmoid()
    overlap = (probabilities * masks).sum((1, 2, 3))
    total = (probabilities + masks).sum((1, 2, 3))
    dice = (1 - 2 * overlap / total.clamp_min(1)).mean()
    loss: Tensor = functional.binary_cross_entropy_with_logits(logits, masks) + dice
    return loss
