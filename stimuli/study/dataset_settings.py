"""The `[dataset]` table of a study file: a frozen model for each data set. Imports no torch."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from stimuli.study.offline import Count, Facts, Share, Text


class PictureSettings(Facts):
    """How a data set's pictures become the view that is classified and shown.

    The paper resizes the shorter side to 256 px, crops the central 224 px, and drops images
    with a side below 224 px. `colour_only` drops images whose three channels are equal.

    With `fit = "crop"` a picture is cut as in the paper; with "squash" the whole of it is resized
    to crop_px on both sides, whatever its shape; with "pad" its longer side is, between grey bars.
    """

    min_side: int = Field(default=224, ge=1)
    colour_only: bool = False
    resize_px: int = Field(default=256, ge=16)
    crop_px: int = Field(default=224, ge=16)
    fit: Literal["crop", "squash", "pad"] = "crop"

    @model_validator(mode="after")
    def _crop_fits(self) -> Self:
        is_cut, default = self.fit == "crop", PictureSettings.model_fields["resize_px"].default
        if is_cut and self.crop_px > self.resize_px:
            raise ValueError(
                f"crop_px ({self.crop_px}) must not exceed resize_px ({self.resize_px})"
            )
        if not is_cut and self.resize_px != default:
            raise ValueError(f"resize_px has no use with fit = {self.fit!r}; remove it")
        return self


class _NamedSettings(PictureSettings):
    """`name` is what results of saliency training call the data set.

    Without it they take its adaptor, of a folder of photos the folder's name.
    """

    name: Text | None = None


class SpeciesSettings(_NamedSettings):
    """`[dataset] adaptor = "species"`: the drawn butterflies."""

    adaptor: Literal["species"]
    seed: int = 2021
    size: int = Field(default=224, ge=64, le=512)
    train_per_class: Count = 60
    val_per_class: Count = 30
    test_per_class: Count = 100
    train_habitat_agreement: Share = 0.85
    test_habitat_agreement: Share | None = None


class _SharesSettings(_NamedSettings):
    """Images without splits of their own: seeded shares are val and test, the rest train."""

    val_share: Share = 0.2
    test_share: Share = 0.4
    split_seed: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _something_is_left_to_train(self) -> Self:
        if self.val_share + self.test_share >= 1:
            raise ValueError("val_share and test_share must leave images to train on (sum below 1)")
        return self


BoxForm = Literal["corners", "xywh", "normalised", "yolo"]
"""How a folder's boxes are written; `stimuli.datasets.folder.box_forms` tells."""


class MaskFormat(Facts):
    """What the values of mask files mean; without any of it, of two the higher is the object.

    More than two need a word: `mask_threshold`, in the files' own values, is the least that is
    object; "soft" keeps them as a map of how much people look at each pixel; "trimap" is 1 object,
    2 background, 3 border, or 255, 0 and 128. "alpha" reads the alpha channel, "binary" the
    picture. Pixels of the value `ignore` are no object. See docs/masks.md.
    """

    masks: Literal["binary", "soft", "alpha", "trimap"] | None = None
    mask_threshold: float | None = Field(default=None, gt=0)
    ignore: float | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _settings_have_a_use(self) -> Self:
        if self.masks in ("soft", "trimap") and self.mask_threshold is not None:
            raise ValueError(f"mask_threshold has no use with masks = {self.masks!r}; remove it")
        if self.masks == "trimap" and self.ignore is not None:
            raise ValueError("ignore has no use with masks = 'trimap'; remove it")
        return self

    @property
    def mask_format(self) -> "MaskFormat":
        """These settings without any others."""
        return MaskFormat(**{name: getattr(self, name) for name in MaskFormat.model_fields})


class FolderSettings(_SharesSettings, MaskFormat):
    """`[dataset] adaptor = "folder"`: a folder of photos, given as `--data DIR`.

    The shares and the seed split the photos that carry no split of their own; the rest train.
    With `pool`, all these photos are stimuli, and those of a second folder, `--pool DIR`, are
    split into val (`val_share`) and train. `boxes` is the form of the boxes in `labels.csv`.

    `allow` names what is refused otherwise: "like_names", classes whose names a reader takes for
    one; "untrained_classes", classes of test images without a training image; "index_holes",
    class indices of which nobody says what they are.
    """

    adaptor: Literal["folder"]
    pool: bool = False
    boxes: BoxForm = "corners"
    allow: tuple[Literal["like_names", "untrained_classes", "index_holes"], ...] = ()


class _ImageNetTree(_NamedSettings):
    """ILSVRC 2012 with grey images left out, as in the paper.

    Of each class, a seeded choice of training images serves for class cards and neighbours
    (`train_per_class`; 1300 takes all, as the paper does), and another one for practice and
    validation items (`val_per_class`). `boxes` reads the boxes of the validation images.
    """

    colour_only: bool = True
    boxes: bool = True
    train_per_class: Count = 100
    val_per_class: Count = 5
    sample_seed: int = Field(default=0, ge=0)


class ImageNetSettings(_ImageNetTree):
    """`[dataset] adaptor = "imagenet"`: all 1000 classes."""

    adaptor: Literal["imagenet"]


class DogsSettings(_ImageNetTree):
    """`[dataset] adaptor = "dogs"`: images of the 120 classes of Stanford Dogs."""

    adaptor: Literal["dogs"]


class PetsSettings(_NamedSettings):
    """`[dataset] adaptor = "pets"`: Oxford-IIIT Pet. `val_share` of its trainval images are val.

    `boxes` is "head" for the release's boxes, which only trainval images have, or "pet" for the
    frame of the mask, which every image has.
    """

    adaptor: Literal["pets"]
    val_share: float = Field(default=0.2, ge=0, lt=1)
    split_seed: int = Field(default=0, ge=0)
    boxes: Literal["head", "pet"] = "head"


class _SplitSettings(_NamedSettings):
    """A release whose training images are split: `val_share` of each class are val, seeded."""

    val_share: float = Field(default=0.3, ge=0, lt=1)
    split_seed: int = Field(default=0, ge=0)


class CubSettings(_SplitSettings):
    """`[dataset] adaptor = "cub"`: CUB-200-2011, 80 to 20 as in the SAL paper."""

    adaptor: Literal["cub"]
    val_share: float = Field(default=0.2, ge=0, lt=1)


class FlowersSettings(_NamedSettings):
    """`[dataset] adaptor = "flowers"`: Oxford Flowers102 in its own splits."""

    adaptor: Literal["flowers"]


class ImageNetSSettings(_SplitSettings):
    """`[dataset] adaptor = "imagenet_s"`: ImageNet-S, 70 to 30; `classes` names the release."""

    adaptor: Literal["imagenet_s"]
    classes: Literal[50, 300, 919] = 919


class Ham10000Settings(_SharesSettings):
    """`[dataset] adaptor = "ham10000"`: HAM10000; the shares are of all images.

    By default those of the SAL paper's Table 1: 4,893, 2,092 and 3,030 of 10,015.
    """

    adaptor: Literal["ham10000"]
    val_share: Share = 2092 / 10015
    test_share: Share = 3030 / 10015


class Food201Settings(_SplitSettings):
    """`[dataset] adaptor = "food201"`: Food-201, segmented, 70 to 30."""

    adaptor: Literal["food201"]


DatasetSettings = Annotated[
    SpeciesSettings
    | FolderSettings
    | ImageNetSettings
    | DogsSettings
    | PetsSettings
    | CubSettings
    | FlowersSettings
    | ImageNetSSettings
    | Ham10000Settings
    | Food201Settings,
    Field(discriminator="adaptor"),
]
