"""Adaptors by name: the settings of a study to the data set."""

from pathlib import Path

from stimuli.datasets.base import Dataset
from stimuli.datasets.folder import DataError, Folder
from stimuli.datasets.species.dataset import Species
from stimuli.settings import FolderSettings, PictureSettings, SpeciesSettings

ADAPTORS = {
    "species": "ten invented butterfly species, drawn by Lorikeet; needs nothing",
    "folder": "a folder of photos with labels.csv; needs --data DIR",
}


def open_dataset(settings: SpeciesSettings | FolderSettings, data: Path | None) -> Dataset:
    """Open the data set that a study names.

    Raises:
        DataError: if its files are missing or wrong.
    """
    if isinstance(settings, FolderSettings):
        if data is None:
            raise DataError("the data set", ["the folder adaptor needs photos; add --data DIR"])
        return Folder(data, settings)
    picture_fields = {*PictureSettings.model_fields, "adaptor"}
    return Species(**settings.model_dump(exclude=picture_fields))
