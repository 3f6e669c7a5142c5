"""`[explainers]` of a study file: a frozen model of the settings of each explainer."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from stimuli.study.offline import Count, Facts, Name

Area = Annotated[float, Field(gt=0, lt=1)]


class GradCamSettings(Facts):
    """`[explainers.gradcam]`: nothing to choose yet."""


class ExtremalSettings(Facts):
    """`[explainers.extremal]`: the shares of the image that are covered, and the steps of each fit.

    The paper's areas are 2.5, 5, 10 and 20 %.
    """

    areas: Annotated[tuple[Area, ...], Field(min_length=1)] = (0.025, 0.05, 0.1, 0.2)
    n_steps: Count = 420


class HiResCamSettings(Facts):
    """`[explainers.hirescam]`: nothing to choose."""


class GradCamPlusPlusSettings(Facts):
    """`[explainers.gradcam_plus_plus]`: nothing to choose."""


class RiseSettings(Facts):
    """`[explainers.rise]`: random masks of `cells` x `cells`, each left with probability `kept`."""

    n_masks: Count = 4000
    cells: Count = 7
    kept: float = Field(default=0.5, gt=0, lt=1)


class AttributionSettings(Facts):
    """What captum's methods share: how the values of a pixel's channels become one of a map.

    Attributes:
        sign: what speaks against the label counts as what speaks for it ("absolute"), is left out
            ("positive"), or is drawn in another colour ("signed").
        channels: the sum of the three, or the one that counts most.
        clip: the quantile of a map's strengths that becomes 1, and what is stronger with it.
    """

    sign: Literal["absolute", "positive", "signed"] = "absolute"
    channels: Literal["sum", "max"] = "sum"
    clip: float = Field(default=0.99, gt=0, le=1)


class GradientSettings(AttributionSettings):
    """`[explainers.gradient]`: of a pixel the channel that counts most (Simonyan et al. 2014)."""

    channels: Literal["sum", "max"] = "max"


class SmoothGradSettings(AttributionSettings):
    """`[explainers.smoothgrad]`: noisy copies, and their noise over the image's range of values.

    The paper (Smilkov et al. 2017) has 50 copies and noise of .1 to .2.
    """

    n_samples: Count = 50
    noise: float = Field(default=0.15, gt=0)


class IntegratedGradientsSettings(AttributionSettings):
    """`[explainers.integrated_gradients]`: steps of the way, and where it begins."""

    n_steps: Count = 50
    baseline: Literal["black", "grey"] = "black"


class GradientShapSettings(AttributionSettings):
    """`[explainers.gradient_shap]`: samples, each from one of some training pictures.

    Sign and clipping are those of SHAP's pictures, the number of samples its GradientExplainer's.
    """

    sign: Literal["absolute", "positive", "signed"] = "signed"
    clip: float = Field(default=0.999, gt=0, le=1)
    n_samples: Count = 200
    n_baselines: Count = 20


class OcclusionSettings(AttributionSettings):
    """`[explainers.occlusion]`: side and steps of the grey square, in pixels of the input."""

    sign: Literal["absolute", "positive", "signed"] = "positive"
    clip: float = Field(default=1.0, gt=0, le=1)
    window_px: Count = 32
    stride_px: Count = 8


class GuidedGradCamSettings(AttributionSettings):
    """`[explainers.guided_gradcam]`: of networks with ReLU only."""


class SalientSettings(Facts):
    """`[explainers.salient]`: the network that marks the object, which knows no classifier.

    `u2netp` is a general one for photographs, `onnx` any other (`--salient PATH`), and `masks` is
    a small one that learns from the masks of the train split: `images_per_class` of them.
    """

    network: Literal["u2netp", "onnx", "masks"] = "u2netp"
    images_per_class: Count = 40
    epochs: Count = 12


class NeighbourSettings(Facts):
    """`[explainers.neighbours]`: how many, how alike, and which are duplicates.

    Attributes:
        layer: the stage whose maps are compared, of the last four that differ in size; the paper's
            layer1 to layer4, of which its pilot found the last the most useful.
        duplicate_distance: by classifier, the L2 distance below which one counts as a duplicate;
            the paper's ResNet-34 has 100. A classifier that is not named gets one from its own
            training images.
    """

    k: Count = 3
    layer: Literal[1, 2, 3, 4] = 4
    duplicate_distance: dict[str, float] = Field(default_factory=dict)


class ImportedSettings(Facts):
    """`[explainers.NAME]` with `kind = "imported"`: made elsewhere, given with `--explanations`.

    Attributes:
        shows: "heatmaps" are arrays, which are drawn and scored as ours are; "pictures" are shown
            as they are; "photos" stand side by side like neighbours; "text" is read.
        signed: heat maps are in [-1, 1] and also say what speaks against the label.
        caption: what people read below it; heat maps have ours where it is empty.
        help: what instructions and practice say about it, after the caption; of heat maps instead
            of what we say of their colours.
        placebo: all explanations may be alike; else that is refused as a mistake.
    """

    kind: Literal["imported"]
    shows: Literal["heatmaps", "pictures", "photos", "text"] = "heatmaps"
    signed: bool = False
    caption: str = ""
    help: str = ""
    placebo: bool = False

    @model_validator(mode="after")
    def _says_what_it_is(self) -> Self:
        if self.shows != "heatmaps" and self.signed:
            raise ValueError(f"shows = {self.shows!r} has no sign; remove signed")
        if self.shows != "heatmaps" and not self.caption.strip():
            raise ValueError(
                f"caption is missing; say what people read below the {self.shows}, such as "
                'caption = "Concepts that the AI saw"'
            )
        if self.help and not self.caption.strip():
            raise ValueError("help comes after the caption, which is missing; add it")
        return self


class PluginSettings(BaseModel):
    """`[explainers.NAME]` with `kind = "plugin"`: code that others wrote, and its settings.

    Attributes:
        signed: whether its maps are in [-1, 1] and also say what speaks against the label.
    """

    model_config = ConfigDict(extra="allow", frozen=True)
    kind: Literal["plugin"]
    signed: bool = False

    @property
    def further(self) -> dict[str, object]:
        """The settings of the code itself, by name."""
        return dict(self.__pydantic_extra__ or {})


OwnSettings = Annotated[ImportedSettings | PluginSettings, Field(discriminator="kind")]
"""An explainer that a lab brings, under any name but ours."""


class ExplainerSettings(BaseModel):
    """`[explainers.NAME]`: the explanations that a condition's panels can name.

    Ours have a field each; any other name is of an explainer that a lab brings.
    """

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[Name, OwnSettings]

    gradcam: GradCamSettings | None = None
    gradcam_plus_plus: GradCamPlusPlusSettings | None = None
    hirescam: HiResCamSettings | None = None
    gradient: GradientSettings | None = None
    smoothgrad: SmoothGradSettings | None = None
    integrated_gradients: IntegratedGradientsSettings | None = None
    gradient_shap: GradientShapSettings | None = None
    occlusion: OcclusionSettings | None = None
    guided_gradcam: GuidedGradCamSettings | None = None
    rise: RiseSettings | None = None
    extremal: ExtremalSettings | None = None
    salient: SalientSettings | None = None
    neighbours: NeighbourSettings | None = None

    @model_validator(mode="before")
    @classmethod
    def _kinds_are_said(cls, tables: object) -> object:
        unknown = [
            name
            for name, table in (tables.items() if isinstance(tables, Mapping) else ())
            if name not in cls.model_fields and not (isinstance(table, Mapping) and "kind" in table)
        ]
        if unknown:
            raise ValueError(
                f"{', '.join(unknown)}: no explainer has this name; there are "
                f"{', '.join(cls.model_fields)}; say kind = 'imported' where pictures were made "
                "elsewhere, or kind = 'plugin' of code of your own"
            )
        return tables

    @property
    def own(self) -> Mapping[str, ImportedSettings | PluginSettings]:
        """Those that the lab brings, by name."""
        return self.__pydantic_extra__

    @property
    def names(self) -> tuple[str, ...]:
        """The explainers that have a table."""
        return tuple(name for name, value in self if value is not None)

    def is_signed(self, name: str) -> bool:
        """Whether an explainer's maps also say what speaks against the label."""
        settings = self.own.get(name) or getattr(self, name)
        if isinstance(settings, ImportedSettings | PluginSettings):
            return settings.signed
        return isinstance(settings, AttributionSettings) and settings.sign == "signed"

    def imported(self, name: str) -> ImportedSettings | None:
        """The settings of explanations that another tool made; None of any other explainer."""
        settings = getattr(self, name)
        return settings if isinstance(settings, ImportedSettings) else None

    def draws_heat_maps(self, name: str) -> bool:
        """Whether an explainer's pictures are heat maps, drawn by us."""
        imported = self.imported(name)
        return name != "neighbours" and (imported is None or imported.shows == "heatmaps")
