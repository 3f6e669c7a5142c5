"""`[explainers]` of a study file: a frozen model of the settings of each explainer."""

from typing import Annotated, Literal

from pydantic import Field

from stimuli.study.offline import Count, Facts

Area = Annotated[float, Field(gt=0, lt=1)]


class GradCamSettings(Facts):
    """`[explainers.gradcam]`: nothing to choose yet."""


class ExtremalSettings(Facts):
    """`[explainers.extremal]`: the shares of the image that are covered, and the steps of each fit.

    The paper's areas are 2.5, 5, 10 and 20 %.
    """

    areas: Annotated[tuple[Area, ...], Field(min_length=1)] = (0.025, 0.05, 0.1, 0.2)
    n_steps: Count = 420


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
