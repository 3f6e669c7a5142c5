"""Adaptors by name: what each needs, and from the settings of a study to the data set.

A new one is a module here with its `Dataset`, its table in `stimuli.study.dataset_settings` (and in
the union there), and below a text in `ADAPTORS` and a case in `open_dataset`.
"""

from pathlib import Path

from stimuli.datasets.base import DataError, Dataset
from stimuli.datasets.cub import Cub
from stimuli.datasets.flowers.dataset import Flowers
from stimuli.datasets.folder.dataset import Folder
from stimuli.datasets.food201 import Food201
from stimuli.datasets.ham10000 import Ham10000
from stimuli.datasets.imagenet.dataset import ImageNet
from stimuli.datasets.imagenet.synsets import DOGS
from stimuli.datasets.imagenet_s import ImageNetS
from stimuli.datasets.pets.dataset import Pets, download_pets
from stimuli.datasets.species.dataset import Species
from stimuli.study.dataset_settings import (
    CubSettings,
    DatasetSettings,
    DogsSettings,
    FlowersSettings,
    FolderSettings,
    Food201Settings,
    Ham10000Settings,
    ImageNetSettings,
    ImageNetSSettings,
    PetsSettings,
    PictureSettings,
    SpeciesSettings,
)

ADAPTORS = {
    "species": """ten invented butterfly species, drawn by Lorikeet; needs nothing""",
    "folder": """your photos; needs --data DIR
  DIR/CLASS/*.jpg  a folder for each class, or DIR/train/CLASS, DIR/val/CLASS, DIR/test/CLASS
  or, for masks and boxes too:
  DIR/labels.csv   image, label [, class_index] [, wnid] [, mask] [, boxes] [, split]
  DIR/images/, DIR/masks/, DIR/classes.json or classes.csv
  With pool = true in [dataset], all of them are stimuli; a second folder of the same form,
  --pool DIR, serves for class cards, neighbours, practice and validation.""",
    "imagenet": """the 1000 classes of ILSVRC 2012; needs --data DIR
  from image-net.org (register there), unpacked:
    DIR/ILSVRC2012_img_val/*.JPEG    or DIR/val, flat or in folders nXXXXXXXX
    DIR/train/nXXXXXXXX/*.JPEG       class cards, neighbours, practice and validation items
    DIR/ILSVRC2012_devkit_t12/data/  meta.mat, ILSVRC2012_validation_ground_truth.txt
    DIR/ILSVRC2012_bbox_val_v3/val/*.xml   or boxes = false in [dataset]
  or from Kaggle's ImageNet Object Localization Challenge, unpacked:
    DIR/ILSVRC/Data/CLS-LOC, DIR/ILSVRC/Annotations/CLS-LOC, DIR/LOC_val_solution.csv
  It has no val split: T* of the AI alone is chosen on the pool.""",
    "dogs": """the 120 classes of Stanford Dogs in ILSVRC 2012; needs what imagenet needs
  Predictions outside the 120 classes are left out and counted.""",
    "pets": """Oxford-IIIT Pet, 37 breeds with masks; needs --data DIR
  DIR/oxford-iiit-pet/images, DIR/oxford-iiit-pet/annotations
  `python -m stimuli datasets --download pets --data DIR` fetches it (0.8 GB).""",
    "cub": """CUB-200-2011, 200 species of birds with masks; needs --data DIR
  DIR/CUB_200_2011/                    CUB_200_2011.tgz, unpacked
  DIR/CUB_200_2011/segmentations/      or DIR/segmentations/: segmentations.tgz, unpacked""",
    "flowers": """Oxford Flowers102, 102 flowers with masks; needs --data DIR
  DIR/jpg/, DIR/segmim/                102flowers.tgz, 102segmentations.tgz, unpacked
  DIR/imagelabels.mat, DIR/setid.mat   or all of it in torchvision's folder DIR/flowers-102/""",
    "imagenet_s": """ImageNet-S, 919 classes (or 300, or 50) with masks; needs --data DIR
  DIR/ImageNetS919/train-semi/nXXXXXXXX/*.JPEG   and train-semi-segmentation/nXXXXXXXX/*.png
  DIR/ImageNetS919/validation/nXXXXXXXX/*.JPEG   and validation-segmentation/nXXXXXXXX/*.png
  The release's data_preparation.sh makes them from ILSVRC 2012.""",
    "ham10000": """HAM10000, 7 diagnoses of skin lesions with masks; needs --data DIR
  DIR/HAM10000_metadata.csv
  DIR/HAM10000_images_part_1/, DIR/HAM10000_images_part_2/    or DIR/HAM10000_images/
  DIR/HAM10000_segmentations_lesion_tschandl/""",
    "food201": """Food-201, segmented: dishes of Food-101 with masks; needs --data DIR
  DIR/food201/                         food201.zip, unpacked: pixel_annotations_map.csv,
                                       {train,test}_pixel_annotations.txt, pixel_annotations/
  DIR/food-101/images/                 food-101.tar.gz, unpacked""",
}

DOWNLOADS = {"pets": download_pets}
"""What torchvision can fetch, by name; ImageNet asks for an account."""


def open_dataset(settings: DatasetSettings, data: Path | None, pool: Path | None = None) -> Dataset:
    """Open the data set that a study names.

    Args:
        data: its folder.
        pool: a second folder, for a study that asks for it.

    Raises:
        DataError: if its files are missing or wrong.
    """
    if isinstance(settings, SpeciesSettings) and pool is None:
        not_drawn = {*PictureSettings.model_fields, "name", "adaptor"}
        return Species(**settings.model_dump(exclude=not_drawn))
    problems = _option_problems(settings, data, pool)
    if problems or data is None or isinstance(settings, SpeciesSettings):
        raise DataError("the data set", problems)
    match settings:
        case FolderSettings():
            return Folder(data, settings, pool=pool)
        case ImageNetSettings():
            return ImageNet(data, settings)
        case DogsSettings():
            return ImageNet(data, settings, labels=DOGS)
        case PetsSettings():
            return Pets(data, settings)
        case CubSettings():
            return Cub(data, settings)
        case FlowersSettings():
            return Flowers(data, settings)
        case ImageNetSSettings():
            return ImageNetS(data, settings)
        case Ham10000Settings():
            return Ham10000(data, settings)
        case Food201Settings():
            return Food201(data, settings)


def _option_problems(settings: DatasetSettings, data: Path | None, pool: Path | None) -> list[str]:
    """Folders that are missing, or that the study has no use for."""
    problems = []
    if data is None and not isinstance(settings, SpeciesSettings):
        problems.append(f"the {settings.adaptor} adaptor needs photos; add --data DIR")
    has_pool = isinstance(settings, FolderSettings) and settings.pool
    if has_pool and pool is None:
        problems.append("pool = true in [dataset] needs a second folder; add --pool DIR")
    if pool is not None and not has_pool:
        problems.append(
            "the study has no use for --pool; remove it, or set pool = true in the [dataset] of a "
            "folder study"
        )
    return problems


def fetch(name: str, data: Path | None) -> None:
    """Fetch a public release into the folder `data`, where its adaptor finds it.

    Raises:
        DataError: if there is no such download, no folder, or no connection.
    """
    problems = [] if data else ["say where to put it; add --data DIR"]
    if name not in DOWNLOADS:
        problems.append(f"{name!r} cannot be fetched, only {', '.join(DOWNLOADS)}")
    if problems or data is None:
        raise DataError(f"the download of {name}", problems)
    try:
        DOWNLOADS[name](data)
    except (OSError, RuntimeError) as error:
        raise DataError(f"the download of {name}", [f"it failed ({error}); try again"]) from error
