"""What results call a data set, so that those of two folders of photos are not mixed up."""

from pathlib import Path

from stimuli.sal.experiment import Experiment
from stimuli.study.dataset_settings import DatasetSettings


def dataset_name(settings: DatasetSettings, data: Path | None) -> str:
    """Its name, else its adaptor, of a folder of photos the folder's.

    Args:
        data: the folder of the data set; None where it is not known.
    """
    folder = data.resolve().name if data and settings.adaptor == "folder" else None
    return settings.name or folder or settings.adaptor


def named(experiment: Experiment, name: str | None) -> Experiment:
    """The experiment with a name of its data set, where it has none yet."""
    dataset = experiment.dataset
    if dataset.name is not None:
        return experiment
    return experiment.model_copy(update={"dataset": dataset.model_copy(update={"name": name})})
