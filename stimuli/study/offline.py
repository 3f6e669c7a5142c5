"""The tables of a study file that say how its bundle is built, as frozen models.

`stimuli.study.online` has the others; `stimuli.study` puts them together.
"""

import re
from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
Text = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0, le=1)]
# A tag of BCP 47, such as de or pt-BR.
Language = Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


class Facts(BaseModel):
    """A frozen record that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class StudySettings(Facts):
    """`[study]`: its name, the title participants read, and the seed of every random choice.

    `title`, `ai_name` and `language`, that of participants' pages, may change without a rebuild.
    """

    name: Name
    title: Text
    seed: int
    ai_name: Text = "Sam"
    language: Language = "en"

    @property
    def base_language(self) -> str:
        """The language without its country or script, such as pt for pt-BR."""
        return self.language.partition("-")[0].lower()

    @property
    def is_english(self) -> bool:
        """Whether the pages need no translation."""
        return self.base_language == "en"


OwnBackbone = Literal["resnet18", "resnet34", "resnet50", "swin_t", "efficientnet_lite0", "tiny"]
TOKENS = r"(\d+\+)?\d+x\d+(\+\d+)?"
LIBRARY_BACKBONE = re.compile(rf"(torchvision|timm)/[a-z0-9_.]+(:[\w.]+)?(:tokens={TOKENS})?")


def _known_backbone(name: str) -> str:
    if name in get_args(OwnBackbone) or LIBRARY_BACKBONE.fullmatch(name):
        return name
    if ":tokens" in name:
        raise ValueError(
            "tokens are said last, as rows x columns of places with the tokens before and after "
            "them, such as timm/vit_small_patch16_224:blocks.8:tokens=1+14x14"
        )
    raise ValueError(
        f"there are {', '.join(get_args(OwnBackbone))}, and any network of two libraries, such as "
        "torchvision/densenet121 or timm/convnext_tiny"
    )


Backbone = Annotated[str, AfterValidator(_known_backbone)]
"""One of ours, or of these libraries by its name there.

Behind that name, the layer that heat maps come from, and how its tokens lie.
"""


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
    `called` says what weights from elsewhere call a class, by the data set's name of it.
    With `predictions` there is no network, and so no backbone: an AI elsewhere answered
    (`--predictions NAME=FILE.csv`).
    """

    name: Name
    backbone: Backbone | None = None
    weights: Literal["imagenet", "none", "checkpoint", "predictions"]
    training: TrainingSettings | None = None
    called: dict[str, str] = Field(default_factory=dict, repr=False)  # decides no weights

    @property
    def architecture(self) -> str:
        """The backbone; empty where there is no network."""
        return self.backbone or ""

    @property
    def has_network(self) -> bool:
        """Whether there is anything to look into, or to attack."""
        return self.weights != "predictions"

    @model_validator(mode="after")
    def _has_weights_or_training(self) -> Self:
        if not self.has_network and (self.backbone or self.training):
            keys = ["backbone"] * bool(self.backbone)
            keys += ["[classifiers.training]"] * bool(self.training)
            advice = f"there is no network; remove {' and '.join(keys)}"
            raise ValueError(f"the answers are given, and {advice}")
        if self.has_network and not self.backbone:
            raise ValueError("backbone is missing; add it, or say weights = 'predictions'")
        if self.weights == "checkpoint" and self.training:
            raise ValueError("a checkpoint is used as it is; remove [classifiers.training]")
        if self.weights == "none" and not self.training:
            raise ValueError("random weights know nothing; add [classifiers.training]")
        if self.called and self.training:
            raise ValueError("called: what is trained here calls classes as the data set does")
        if self.backbone == "tiny" and self.weights == "imagenet":
            raise ValueError("the tiny backbone has no ImageNet weights; use weights = 'none'")
        return self


class BinSettings(Facts):
    """`[bins]`: images drawn per bin and right/wrong, and the confidence bands.

    The paper's bands: low [0, .3), medium [.4, .6], high [.8, 1].

    With several classifiers, `pairing` says what a condition's people judge: "system" a classifier
    as it is, each image with its own answer, and "matched" only images of which all classifiers
    give the same answer in the same bin, so that nothing but their explanations differs. Only
    "matched" lets people of two classifiers be compared in a test.
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
    """`[adversarial]`: pictures perturbed so that a classifier errs; none without it.

    At most `attacked` images are tried, and `per_bin` are drawn from each bin of those that still
    deceive as JPEG files. `epsilon` is the largest change of a channel on the scale of [0, 1],
    `relative_step` the length of a step as a share of it (paper: 16/255, 40 steps of 1/30).

    Attributes:
        deceives: "first" attacks the first classifier (the paper has one), "each" makes pictures
            against each, which people who judge it see, and "all" makes pictures that deceive all
            of them into one wrong answer, by an attack on the mean of their losses. Attacks that
            transfer are another stimulus: they move people too (Elsayed et al. 2018).
        control: "flipped" adds pictures with a perturbation turned left to right, of the same
            energy, that leaves the AI right, as many; without them, noise means that the AI errs.
    """

    per_bin: Count = 50
    attacked: Count = 1000
    deceives: Literal["first", "each", "all"] = "first"
    control: Literal["flipped"] | None = None
    epsilon: float = Field(default=16 / 255, gt=0, le=1)
    n_steps: Count = 40
    relative_step: float = Field(default=1 / 30, gt=0)


class RenderingSettings(Facts):
    """`[rendering]`: how a heat map looks, and how large pictures are stored.

    `beside` draws it in reds with faint edges of the photo, as the paper does, and `overlay`
    blends it over the photo in grey, with contour lines. All pictures are squares of `display_px`;
    without it they have the size of the classifier's input, `dataset.crop_px`.
    """

    heatmaps: Literal["beside", "overlay"] = "beside"
    display_px: Count | None = None


class ScoreSettings(Facts):
    """`[scores]`: what heat maps are measured by, beside what they need no further work for.

    Attributes:
        faithfulness: asks the network again while parts of the picture are removed, which costs 356
            passes a scored map.
        robustness: ten maps more of each picture, of noisy copies of it.
        randomisation: one map more, of the classifier with random weights.
    """

    faithfulness: bool = True
    robustness: tuple[Name, ...] = ()
    randomisation: tuple[Name, ...] = ()


class CardSettings(Facts):
    """`[cards]`: example images on a class card, and the confidence they need (paper: 3, .9).

    With `examples = 0` a card is the class's description alone.
    """

    examples: int = Field(default=3, ge=0)
    min_confidence: Share = 0.9


class PracticeSettings(Facts):
    """`[practice]`: trials with feedback. All but `items` may change without a rebuild.

    Attributes:
        steps: "trial" has the same screens as a later trial; "paper" has the decision alone.
        explain: at which items numbered marks explain each part of the decision's screen; the
            paper's are at "each".
        feedback: "full" shows photo and panels again beside the card of the true class; "verdict"
            what the study paper showed: photo, verdict, true name and a line of reasons. Feedback
            that teaches may change how well people judge.
    """

    items: Count = 5
    steps: Literal["trial", "paper"] = "trial"
    explain: Literal["first", "each", "never"] = "first"
    feedback: Literal["full", "verdict"] = "full"


class ValidationSettings(Facts):
    """`[validation]`: trials that check whether the task was understood; half right, half wrong.

    `confident_wrong` of the wrong answers have confidence `bins.high_from` or more and the others
    less, so that the number does not tell; without it, confidence does not matter.
    """

    items: Count = 10
    confident_wrong: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _enough_are_wrong(self) -> Self:
        # The larger half is wrong, as `stimuli.build.items` has it.
        n_wrong = self.items - round(self.items * 0.5)
        if self.confident_wrong is not None and self.confident_wrong > n_wrong:
            raise ValueError(
                f"confident_wrong ({self.confident_wrong}) must not exceed the {n_wrong} items "
                "with a wrong answer"
            )
        return self
