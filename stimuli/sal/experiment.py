"""The file of an experiment as one frozen model. Imports no torch."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator

from stimuli.problems import ProblemsError, validation_problems
from stimuli.sal.criteria.registry import CriterionName
from stimuli.sal.round_settings import RoundSettings
from stimuli.study.dataset_settings import DatasetSettings, MaskFormat
from stimuli.study.offline import Backbone, Count, Facts, Share

ScenarioName = Literal["b1", "b2", "sal", "single", "no_ai", "tait", "files"]
ProbeName = Literal["cam", "gradcam", "gradcam++", "hirescam"]
Saliency = Literal["ssim_l1", "mse"]
ClassOfMap = Literal["true", "predicted"]


class ExperimentError(ProblemsError):
    """An experiment that cannot be run as it is described."""


class ModelSettings(Facts):
    """`[model]`: what every model of a run begins as.

    With `start = "new"` it does so in each round; with "warm" only in the first, and then each
    model begins with the weights of the last round's model of its role. The first `frozen` modules
    of the backbone's features stay as they are, in evaluation mode: what they make of a picture is
    computed once, and only the rest is trained. TAIT's `teacher` has a backbone of its own, which
    begins with `weights` too; without it that of the others.
    """

    backbone: Backbone = "resnet50"
    teacher: Backbone | None = None
    weights: Literal["imagenet", "none"] = "imagenet"
    frozen: int = Field(default=0, ge=0)
    start: Literal["new", "warm"] = "new"

    @model_validator(mode="after")
    def _weights_exist(self) -> Self:
        if "tiny" in (self.backbone, self.teacher) and self.weights == "imagenet":
            raise ValueError("the tiny backbone has no ImageNet weights; use weights = 'none'")
        if self.teacher not in (None, self.backbone) and self.frozen:
            raise ValueError(
                "a teacher cannot see through another's frozen modules; use frozen = 0"
            )
        return self

    def backbone_of(self, role: str) -> Backbone:
        """That of accuracy model, interpreter or teacher."""
        return self.teacher or self.backbone if role == "teacher" else self.backbone


class TrainingSettings(Facts):
    """`[training]`: how each model is trained. The paper is silent: CYBORG's recipe by default.

    With `schedule = "step"` the learning rate is multiplied by `step_factor` every `step_epochs`;
    "one_cycle" rises to it and falls again. `keep` is the epoch whose weights stay: the best on
    val, of equal ones the later, or the last. `label_smoothing` keeps a model for a study from
    being sure of everything.
    """

    epochs: Count = 50
    batch_size: Count = 20
    optimiser: Literal["sgd", "adamw"] = "sgd"
    learning_rate: float = Field(default=0.005, gt=0)
    momentum: float = Field(default=0.9, ge=0, lt=1)
    weight_decay: float = Field(default=1e-6, ge=0)
    schedule: Literal["step", "one_cycle"] = "step"
    step_epochs: Count = 12
    step_factor: float = Field(default=0.1, gt=0, le=1)
    label_smoothing: float = Field(default=0.0, ge=0, lt=1)
    keep: Literal["best", "last"] = "best"
    mirrored: bool = False
    turned: bool = False


class LossSettings(Facts):
    """`[loss]`: the balance of cross-entropy (1) and saliency (0) of each model.

    `alpha` is the accuracy model's, `interpreter_alpha` that of SAL's second model, and
    `teacher_alpha` that of TAIT's teacher. `saliency` compares maps: 1 - SSIM and the mean absolute
    difference, or the mean squared difference, as in CYBORG. `class_of_map` is the class whose map
    is compared; with CYBORG the predicted one. Cross-entropy of an image without a mask, among
    others that have one, weighs 1 ("full") or alpha.
    """

    alpha: Share = 0.9
    interpreter_alpha: Share = 0.1
    teacher_alpha: Share = 0.5
    saliency: Saliency = "ssim_l1"
    class_of_map: ClassOfMap = "true"
    without_mask: Literal["full", "alpha"] = "full"


class MaskSettings(Facts):
    """`[masks]`: what a model draws of its map, stretched to [0, 1].

    All that reaches the `threshold`, of the map of the class that people gave or the predicted one,
    enlarged to the image or at the map's own `resolution`.
    """

    threshold: float = Field(default=0.5, gt=0, lt=1)
    resolution: Literal["image", "map"] = "image"
    class_of_map: ClassOfMap = "true"


class FileSettings(MaskFormat):
    """`[files]`: what the values of `--masks` mean, as in the `[dataset]` of a folder."""


class RunSettings(Facts):
    """`[run]`: what one run does; `grid` varies it."""

    scenario: ScenarioName = "sal"
    criterion: CriterionName = "margin"
    probe: ProbeName = "cam"
    seed: int = Field(default=0, ge=0)


class GridSettings(Facts):
    """`[grid]`: every combination of these is a run; what is not named stays as it is.

    The paper has eight seeds for each of its figures, and four for those of probes.
    """

    scenarios: tuple[ScenarioName, ...] = ()
    criteria: tuple[CriterionName, ...] = ()
    probes: tuple[ProbeName, ...] = ()
    change_points: tuple[Share, ...] = ()
    alphas: tuple[Share, ...] = ()
    seeds: Count = 8


class Experiment(Facts):
    """A whole file."""

    dataset: DatasetSettings
    model: ModelSettings = ModelSettings()
    training: TrainingSettings = TrainingSettings()
    loss: LossSettings = LossSettings()
    masks: MaskSettings = MaskSettings()
    files: FileSettings = FileSettings()
    rounds: RoundSettings = RoundSettings()
    run: RunSettings = RunSettings()
    grid: GridSettings | None = None

    @model_validator(mode="after")
    def _frozen_modules_are_possible(self) -> Self:
        if not self.model.frozen:
            return self
        problems = []
        if self.model.weights != "imagenet":
            problem = "frozen modules learn nothing; use 'imagenet', or frozen = 0"
            problems.append(f"model.weights: {problem}")
        for name in ("mirrored", "turned"):
            if getattr(self.training, name):
                once = "frozen modules see each picture once, as it is"
                problems.append(f"training.{name}: {once}; use false, or frozen = 0 in [model]")
        if problems:
            raise ValueError("\n".join(problems))
        return self


def checked_experiment(tables: Mapping[str, object], *, subject: str) -> Experiment:
    """The tables of a file as an experiment.

    Raises:
        ExperimentError: with every problem, if it is not a valid one.
    """
    try:
        return Experiment.model_validate(tables)
    except ValidationError as error:
        lines = [line for p in validation_problems(error) for line in p.splitlines()]
        raise ExperimentError(subject, lines) from None
