"""From the settings of an experiment and the folders of a machine to the context of a run."""

from functools import cache
from pathlib import Path

import numpy as np
import torch

from stimuli.cache import Cache
from stimuli.datasets.adaptors import open_dataset
from stimuli.sal.data.file_masks import picture_sizes, read_file_masks
from stimuli.sal.data.images import Data, load_data
from stimuli.sal.experiment import Experiment, ModelSettings
from stimuli.sal.learning.context import RunContext
from stimuli.sal.learning.trunk_maps import with_trunk_maps
from stimuli.sal.runs.dataset_names import dataset_name, named
from stimuli.sal.runs.feasibility import require_feasible
from stimuli.study.dataset_settings import DatasetSettings, MaskFormat


def new_context(
    experiment: Experiment,
    *,
    data: Path | None,
    masks: Path | None,
    cache: Cache,
    device: str | None = None,
) -> RunContext:
    """Read the pictures and see whether the experiment can be run on them.

    Args:
        data: folder of the data set, None where it needs none; it names what has no name.
        masks: folder of another program's masks, for scenario "files".
        device: such as cpu or cuda; a GPU is used where there is one.

    Raises:
        ProblemsError: with every problem.
    """
    experiment = named(experiment, dataset_name(experiment.dataset, data))
    images = open_data(experiment.dataset, data, cache)
    form = experiment.files.mask_format
    file_masks = open_file_masks(experiment.dataset, form, data, masks, cache) if masks else None
    require_feasible(experiment, images, file_masks)
    processor = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    if experiment.model.frozen:
        images = open_trunk_maps(experiment.dataset, experiment.model, data, cache, processor)
    return RunContext(
        data=images,
        experiment=experiment,
        cache=cache,
        device=processor,
        file_masks=images.train.masks * 0 if file_masks is None else file_masks,
    )


@cache
def open_data(settings: DatasetSettings, folder: Path | None, cache: Cache) -> Data:
    """A process that does many runs reads its pictures once."""
    return load_data(open_dataset(settings, folder), settings, cache)


@cache
def open_file_masks(
    settings: DatasetSettings, form: MaskFormat, data: Path | None, masks: Path, cache: Cache
) -> np.ndarray:
    """Another program's masks of the training images, read once too."""
    sizes = picture_sizes(open_dataset(settings, data))
    sources = open_data(settings, data, cache).train.sources
    return read_file_masks(masks, sources, settings, form, sizes=sizes)


@cache
def open_trunk_maps(
    settings: DatasetSettings,
    model: ModelSettings,
    folder: Path | None,
    cache: Cache,
    device: torch.device,
) -> Data:
    """The same with what the model's frozen modules make of them, read once too."""
    return with_trunk_maps(open_data(settings, folder, cache), model, cache, device)
