"""The tables of a study file as frozen models. `stimuli.study` puts them together."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
Text = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0, le=1)]
Area = Annotated[float, Field(gt=0, lt=1)]


class Phase(StrEnum):
    """The parts of a session, in the order in which a participant meets them."""

    CONSENT = "consent"
    INSTRUCTIONS = "instructions"
    PRACTICE = "practice"
    VALIDATION = "validation"
    TEST = "test"
    DEBRIEF = "debrief"


class Facts(BaseModel):
    """A frozen record that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class StudySettings(Facts):
    """`[study]`: its name, the title participants read, and the seed of every random choice."""

    name: Name
    title: Text
    seed: int
    ai_name: Text = "Sam"


class PictureSettings(Facts):
    """How a data set's pictures become the view that is classified and shown.

    The paper resizes the shorter side to 256 px, crops the central 224 px, and drops images
    with a side below 224 px. `colour_only` drops images whose three channels are equal.
    """

    min_side: int = Field(default=224, ge=1)
    colour_only: bool = False
    resize_px: int = Field(default=256, ge=16)
    crop_px: int = Field(default=224, ge=16)

    @model_validator(mode="after")
    def _crop_fits(self) -> Self:
        if self.crop_px > self.resize_px:
            raise ValueError(
                f"crop_px ({self.crop_px}) must not exceed resize_px ({self.resize_px})"
            )
        return self


class SpeciesSettings(PictureSettings):
    """`[dataset] adaptor = "species"`: the drawn butterflies."""

    adaptor: Literal["species"]
    seed: int = 2021
    size: int = Field(default=224, ge=64, le=512)
    train_per_class: Count = 60
    val_per_class: Count = 30
    test_per_class: Count = 100
    train_habitat_agreement: Share = 0.85
    test_habitat_agreement: Share | None = None


class FolderSettings(PictureSettings):
    """`[dataset] adaptor = "folder"`: a folder of photos, given as `--data DIR`.

    The shares and the seed split the photos that carry no split of their own; the rest train.
    With `pool`, all these photos are stimuli, and those of a second folder, `--pool DIR`, are
    split into val (`val_share`) and train.
    """

    adaptor: Literal["folder"]
    pool: bool = False
    val_share: Share = 0.2
    test_share: Share = 0.4
    split_seed: int = 0

    @model_validator(mode="after")
    def _something_is_left_to_train(self) -> Self:
        if self.val_share + self.test_share >= 1:
            raise ValueError("val_share and test_share must leave images to train on (sum below 1)")
        return self


class _ImageNetTree(PictureSettings):
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


class PetsSettings(PictureSettings):
    """`[dataset] adaptor = "pets"`: Oxford-IIIT Pet. `val_share` of its trainval images are val.

    `boxes` is "head" for the release's boxes, which only trainval images have, or "pet" for the
    frame of the mask, which every image has.
    """

    adaptor: Literal["pets"]
    val_share: float = Field(default=0.2, ge=0, lt=1)
    split_seed: int = Field(default=0, ge=0)
    boxes: Literal["head", "pet"] = "head"


class _SplitSettings(PictureSettings):
    """A release whose training images are split: `val_share` of each class are val, seeded."""

    val_share: float = Field(default=0.3, ge=0, lt=1)
    split_seed: int = Field(default=0, ge=0)


class CubSettings(_SplitSettings):
    """`[dataset] adaptor = "cub"`: CUB-200-2011, 80 to 20 as in the SAL paper."""

    adaptor: Literal["cub"]
    val_share: float = Field(default=0.2, ge=0, lt=1)


class FlowersSettings(PictureSettings):
    """`[dataset] adaptor = "flowers"`: Oxford Flowers102 in its own splits."""

    adaptor: Literal["flowers"]


class ImageNetSSettings(_SplitSettings):
    """`[dataset] adaptor = "imagenet_s"`: ImageNet-S, 70 to 30; `classes` names the release."""

    adaptor: Literal["imagenet_s"]
    classes: Literal[50, 300, 919] = 919


class Ham10000Settings(_SplitSettings):
    """`[dataset] adaptor = "ham10000"`: HAM10000; the shares are of all images.

    By default those of the SAL paper's Table 1: 4,893, 2,092 and 3,030 of 10,015.
    """

    adaptor: Literal["ham10000"]
    val_share: float = Field(default=2092 / 10015, ge=0, lt=1)
    test_share: float = Field(default=3030 / 10015, ge=0, lt=1)

    @model_validator(mode="after")
    def _something_is_left_to_train(self) -> Self:
        if self.val_share + self.test_share >= 1:
            raise ValueError("val_share and test_share must leave images to train on (sum below 1)")
        return self


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


class TrainingSettings(Facts):
    """`[classifiers.training]`: fine-tuning with cross-entropy and early stopping.

    `target_accuracy` stops training at the first epoch whose val accuracy reaches it, and
    `images_per_class` limits the training images: a study needs an AI that errs. Images are
    mirrored at random; `turned` also turns them by quarters, for pictures that have no up.
    """

    epochs: Count = 30
    patience: Count = 8
    batch_size: Count = 32
    learning_rate: float = Field(default=1e-3, gt=0)
    weight_decay: float = Field(default=1e-2, ge=0)
    label_smoothing: float = Field(default=0.0, ge=0, lt=1)
    turned: bool = False
    images_per_class: Count | None = None
    target_accuracy: Share | None = None


class ClassifierSettings(Facts):
    """`[[classifiers]]`: an architecture, where its weights come from, and how it is fine-tuned.

    `imagenet` loads published weights, `checkpoint` loads one of ours (`--checkpoint NAME=PATH`).
    """

    name: Name
    backbone: Literal["resnet18", "resnet34", "resnet50", "swin_t", "efficientnet_lite0", "tiny"]
    weights: Literal["imagenet", "none", "checkpoint"]
    training: TrainingSettings | None = None

    @model_validator(mode="after")
    def _has_weights_or_training(self) -> Self:
        if self.weights == "checkpoint" and self.training:
            raise ValueError("a checkpoint is used as it is; remove [classifiers.training]")
        if self.weights == "none" and not self.training:
            raise ValueError("random weights know nothing; add [classifiers.training]")
        if self.backbone == "tiny" and self.weights == "imagenet":
            raise ValueError("the tiny backbone has no ImageNet weights; use weights = 'none'")
        return self


class BinSettings(Facts):
    """`[bins]`: images drawn per bin and right/wrong, and the confidence bands.

    The paper's bands: low [0, .3), medium [.4, .6], high [.8, 1].

    With several classifiers, `pairing` says what a condition's people judge: "system" a classifier
    as it is, each image with its own answer, and "matched" only images of which all classifiers
    give the same answer in the same bin, so that nothing but their explanations differs.
    """

    per_bin: Count = 50
    pairing: Literal["system", "matched"] = "system"
    allow_short: bool = False
    low_below: Share = 0.3
    medium: tuple[Share, Share] = (0.4, 0.6)
    high_from: Share = 0.8

    @model_validator(mode="after")
    def _bands_are_apart(self) -> Self:
        start, stop = self.medium
        if not self.low_below <= start <= stop <= self.high_from:
            raise ValueError("the bands must not overlap: low_below <= medium <= high_from")
        return self


class AdversarialSettings(Facts):
    """`[adversarial]`: pictures perturbed so that the first classifier errs; none without it.

    At most `attacked` images are tried, and `per_bin` are drawn from each bin of those that still
    deceive as JPEG files. `epsilon` is the largest change of a channel on the scale of [0, 1],
    `relative_step` the length of a step as a share of it (paper: 16/255, 40 steps of 1/30).
    """

    per_bin: Count = 50
    attacked: Count = 1000
    epsilon: float = Field(default=16 / 255, gt=0, le=1)
    n_steps: Count = 40
    relative_step: float = Field(default=1 / 30, gt=0)


class GradCamSettings(Facts):
    """`[explainers.gradcam]`: nothing to choose yet."""


class ExtremalSettings(Facts):
    """`[explainers.extremal]`: the shares of the image that are covered, and the steps of each fit.

    The paper's areas are 2.5, 5, 10 and 20 %.
    """

    areas: Annotated[tuple[Area, ...], Field(min_length=1)] = (0.025, 0.05, 0.1, 0.2)
    n_steps: Count = 400


class SalientSettings(Facts):
    """`[explainers.salient]`: the network that marks the object, which knows no classifier.

    `u2netp` is a general one for photographs, `onnx` any other (`--salient PATH`), and `masks` is
    a small one that learns from the masks of the train split: `images_per_class` of them.
    """

    network: Literal["u2netp", "onnx", "masks"] = "u2netp"
    images_per_class: Count = 40
    epochs: Count = 12


class NeighbourSettings(Facts):
    """`[explainers.neighbours]`: how many, and below which distance one counts as a duplicate.

    `duplicate_distance` maps a classifier's name to an L2 distance; the paper's ResNet-34 has
    100. A classifier that is not named gets one from its own training images.
    """

    k: Count = 3
    duplicate_distance: dict[str, float] = Field(default_factory=dict)


class ExplainerSettings(Facts):
    """`[explainers.NAME]`: the explanations that a condition's panels can name."""

    gradcam: GradCamSettings | None = None
    extremal: ExtremalSettings | None = None
    salient: SalientSettings | None = None
    neighbours: NeighbourSettings | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The explainers that have a table."""
        return tuple(name for name, value in self if isinstance(value, Facts))


class RenderingSettings(Facts):
    """`[rendering]`: how a heat map looks.

    `beside` draws it in reds with faint edges of the photo, as the paper does, and `overlay`
    blends it over the photo in grey, with contour lines.
    """

    heatmaps: Literal["beside", "overlay"] = "beside"


class CardSettings(Facts):
    """`[cards]`: example images on a class card, and the confidence they need (paper: 3, .9).

    With `examples = 0` a card is the class's description alone.
    """

    examples: int = Field(default=3, ge=0)
    min_confidence: Share = 0.9


class PracticeSettings(Facts):
    """`[practice]`: trials with feedback."""

    items: Count = 5


class ValidationSettings(Facts):
    """`[validation]`: trials that check whether the task was understood; half right, half wrong.

    `confident_wrong` of the wrong answers have confidence `bins.high_from` or more and the others
    less, so that the number does not tell; without it, confidence does not matter.
    """

    items: Count = 10
    confident_wrong: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _enough_are_wrong(self) -> Self:
        # The larger half is wrong, as `stimuli.items` has it.
        n_wrong = self.items - round(self.items * 0.5)
        if self.confident_wrong is not None and self.confident_wrong > n_wrong:
            raise ValueError(
                f"confident_wrong ({self.confident_wrong}) must not exceed the {n_wrong} items "
                "with a wrong answer"
            )
        return self


class Condition(Facts):
    """`[[conditions]]`: what one group of participants sees beside the photo.

    Attributes:
        classifier: the AI that is judged; the first one where not given.
        panels: explainers, in order; none for the condition that sees only the confidence.
    """

    name: Name
    classifier: str | None = None
    panels: tuple[str, ...] = ()


class PhaseSettings(Facts):
    """`[[phases]]`: a phase of the session. Only the test phase says how many trials it has."""

    name: Phase
    trials: Count | None = None


class Gate(Facts):
    """`[gate]`: right answers needed in validation; `live` ends the session below it at once."""

    min_correct: int = Field(default=8, ge=0)
    live: bool = False


class Prolific(Facts):
    """`[prolific]`: completion codes by outcome; one that is missing is made by the server."""

    codes: dict[str, Text] = Field(default_factory=dict)


class Pay(Facts):
    """`[pay]`: what the landing page promises."""

    minutes: Count = 12
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "GBP"
    reward: float | None = Field(default=None, ge=0)


class Texts(Facts):
    """`[texts]`: the words of the lab. Paragraphs are plain text."""

    lab: Text = "our research group"
    contact: Text = "the researcher who sent you the link"
    welcome: Text = "Help us find out when people can tell whether an AI is right."
    task: Text = "You will see photos, and what an AI believes they show."
    consent: tuple[Text, ...] = (
        "Taking part is voluntary. You may stop at any time by closing the page.",
        "We store your answers and your answer times under a random number: no name, no address.",
        "The anonymous answers may be published so that other researchers can check our work.",
    )
    debrief: tuple[Text, ...] = (
        "We compare ways of explaining what an AI saw: heat maps, similar photos, or nothing.",
        "Your answers tell us which of them helps people to notice when the AI is wrong.",
    )


class Analysis(Facts):
    """`[analysis]`: the primary test, fixed before data are seen.

    Attributes:
        outcome: what is compared, one number per participant.
        pairs: pairs of conditions, which are the family of the test; empty means all pairs.
        alternative: as in `scipy.stats.mannwhitneyu`, the first of a pair against the second.
    """

    outcome: Literal["accuracy"] = "accuracy"
    pairs: tuple[tuple[str, str], ...] = ()
    alternative: Literal["two-sided", "less", "greater"] = "two-sided"
