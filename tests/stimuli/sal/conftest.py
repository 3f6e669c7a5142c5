"""A small experiment on coloured discs that is over in a second."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
import torch

from stimuli.cache import Cache
from stimuli.sal.data.images import Data, Images
from stimuli.sal.data.masks import packed
from stimuli.sal.experiment import Experiment
from stimuli.sal.learning.context import RunContext
from stimuli.sal.runs.rounds import Round, rounds

NewContext = Callable[..., RunContext]

# Maps of 3 x 3 places.
SIDE = 96
COLOURS = np.array([[220, 40, 40], [40, 200, 40], [60, 60, 230]], dtype=np.uint8)

Tables = Mapping[str, Mapping[str, object]]
TABLES: Tables = {
    "dataset": {"adaptor": "species"},
    "model": {"backbone": "tiny", "weights": "none"},
    "training": {"epochs": 2, "batch_size": 8, "learning_rate": 0.01},
    "rounds": {"points": [0.25, 0.5, 0.75, 1.0], "change_point": 0.5},
}


def discs(n: int, seed: int, *, side: int = SIDE) -> Images:
    """`n` images, class after class."""
    rng = np.random.default_rng(seed)
    labels, margin = np.arange(n) % len(COLOURS), 20 * side // SIDE
    centres = rng.integers(margin, side - margin, size=(n, 2))
    places = np.stack(np.meshgrid(np.arange(side), np.arange(side), indexing="ij"), axis=-1)
    inside = ((places[None] - centres[:, None, None]) ** 2).sum(-1) < (18 * side / SIDE) ** 2
    noise = rng.integers(0, 30, size=(n, side, side, 3))
    pixels = np.where(inside[..., None], COLOURS[labels][:, None, None], 110) + noise - 15
    return Images(
        sources=tuple(f"{seed}/{k}.png" for k in range(n)),
        pixels=torch.from_numpy(pixels.clip(0, 255).astype(np.uint8)),
        labels=labels.astype(np.int64),
        masks=packed(inside),
        has_mask=np.ones(n, dtype=bool),
    )


def all_rounds(context: RunContext) -> list[Round]:
    """Those of a whole run."""
    return list(rounds(context))


@pytest.fixture(scope="session")
def data() -> Data:
    """24 images to learn from."""
    return Data(
        classes=("red", "green", "blue"), train=discs(24, 1), val=discs(6, 2), test=discs(9, 3)
    )


@pytest.fixture
def new_context(data: Data, tmp_path: Path) -> NewContext:
    """Makes the context of a run of a scenario; all of a test share a cache."""

    def make(
        scenario: str, *, data: Data = data, tables: Tables = TABLES, **run: object
    ) -> RunContext:
        experiment = Experiment.model_validate({**tables, "run": {"scenario": scenario} | run})
        # Another program's masks: the left half of each picture.
        side = data.train.pixels.shape[2]
        halves = np.zeros((len(data.train), side, side), dtype=bool)
        halves[:, :, : side // 2] = True
        return RunContext(
            data=data,
            experiment=experiment,
            cache=Cache(folder=tmp_path / "cache"),
            device=torch.device("cpu"),
            file_masks=packed(halves),
        )

    return make
