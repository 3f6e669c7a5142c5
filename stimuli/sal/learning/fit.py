"""A model of a run, trained when something is first asked of it that is not on the disk.

What a model answers lies under a digest of everything that decides the model: the labelled images
with their masks, the settings, the seed and the code. A run that was cut off asks the same
questions again and trains only from where it stopped; scenarios whose labelled sets are still
equal share their models without knowing of each other; and a model that nobody asks is not trained.

With a warm start a model's digest holds that of the model whose weights it begins with. Weights are
not kept: where a run goes on that was cut off, that one is trained again, and those before it.
"""

import logging
from collections.abc import Callable
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

import explainers
from explainers.classifier import Classifier, new_classifier
from explainers.trunk import split
from stimuli.cache import code, digest, package_code
from stimuli.models import augmentation, device
from stimuli.sal import criteria, learning
from stimuli.sal import data as sal_data
from stimuli.sal.criteria.candidates import Candidates
from stimuli.sal.criteria.registry import CRITERIA
from stimuli.sal.data.labelled import Labelled, Origin
from stimuli.sal.data.masks import binarised, packed
from stimuli.sal.learning.context import Bench
from stimuli.sal.learning.evaluation import evaluated
from stimuli.sal.learning.inference import answers, label_maps
from stimuli.sal.learning.training import teach

log = logging.getLogger(__name__)

# Where the code lies that decides what a model answers.
MADE_BY = (explainers, criteria, sal_data, learning)

ALPHAS = {"accuracy": "alpha", "interpreter": "interpreter_alpha", "teacher": "teacher_alpha"}
"""The balance of each role's loss, by its name in `[loss]`."""


class Fit:
    """One model.

    Attributes:
        labelled: what it learns from.
        role: one of ALPHAS. It has a seed of its own, so that no model's chance depends on whether
            another is trained.
        seed: of its first weights and the order of its batches.
        lesson: digest of everything that decides the model but the weights of another one that it
            may begin with, and of the code that asks it.
        key: digest of that, and of the key of the other one.
    """

    def __init__(
        self, bench: Bench, labelled: Labelled, *, role: str, previous: "Fit | None" = None
    ) -> None:
        """Nothing is trained yet.

        Args:
            previous: whose weights it begins with; None for those of `[model]`.
        """
        self.bench, self.labelled, self.role = bench, labelled, role
        alpha: float = getattr(bench.experiment.loss, ALPHAS[role])
        # Without a mask there is nothing to balance: such a model is the same for every alpha.
        self.alpha = alpha if (labelled.origins != Origin.NOBODY).any() else 1.0
        self.seed = int(digest(bench.experiment.run.seed, role, len(labelled))[:15], 16)
        self.lesson = self._lesson()
        self.key: str = self.lesson if previous is None else digest(self.lesson, previous.key)
        self._previous = previous

    def _lesson(self) -> str:
        experiment, data = self.bench.experiment, self.bench.data
        model = experiment.model.model_dump(exclude={"start"})
        loss = experiment.loss.model_dump(exclude=set(ALPHAS.values()))
        settings = model, experiment.training, loss, experiment.run.probe
        made_by = package_code(*MADE_BY), code(augmentation, device)
        shown = data.train.digest, data.val.digest, data.test.digest, self.labelled.digest
        # Another number of threads adds up in another order.
        machine = self.bench.device.type, torch.get_num_threads()
        return digest(*made_by, settings, self.seed, self.alpha, data.classes, *shown, machine)

    @cached_property
    def whole(self) -> Classifier:
        """The trained model, which takes pixels, in evaluation mode."""
        data, experiment = self.bench.data, self.bench.experiment
        classifier = self._begun()
        log.info("training the %s model on %d images", self.role, len(self.labelled))
        teach(
            self._learning(classifier),
            data.train,
            data.val,
            self.labelled,
            experiment.training,
            experiment.loss,
            alpha=self.alpha,
            probe=experiment.run.probe,
            seed=self.seed,
        )
        return classifier.eval()

    @property
    def classifier(self) -> Classifier:
        """The part of it that was trained, which takes what the bench's images give."""
        return self._learning(self.whole)

    def scores(self) -> dict[str, float]:
        """On the test split, as `stimuli.sal.learning.evaluation` has them."""
        test, probe = self.bench.data.test, self.bench.experiment.run.probe
        return self._floats("scores", lambda: evaluated(self.classifier, test, probe=probe))

    def picks(self, criterion: str, rows: np.ndarray, n: int) -> np.ndarray:
        """The `n` of some rows of the training set that a criterion wants labelled."""

        def make() -> dict[str, np.ndarray]:
            return {"picks": rows[self._chosen(criterion, rows, n)]}

        key = digest(self.key, criterion, rows.tobytes(), n)
        return self.bench.cache.arrays("sal-picks", key, make)["picks"]

    def masks(self, rows: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """(rows, bytes), packed bits: what it draws for rows of the training set."""
        side, settings = self.bench.data.train.side, self.bench.experiment.masks

        def make() -> dict[str, np.ndarray]:
            drawn = binarised(
                self._maps(rows, labels),
                side,
                threshold=settings.threshold,
                resolution=settings.resolution,
            )
            return {"masks": packed(drawn)}

        key = digest(self.key, settings, rows.tobytes(), labels.tobytes())
        return self.bench.cache.arrays("sal-masks", key, make)["masks"]

    def _learning(self, whole: Classifier) -> Classifier:
        frozen = self.bench.experiment.model.frozen
        return split(whole, frozen)[1] if frozen else whole

    def _begun(self) -> Classifier:
        """The model before it learns. The previous one is let go, and with it all before it."""
        model, classes = self.bench.experiment.model, self.bench.data.classes
        classifier = new_classifier(
            model.backbone, weights=model.weights, classes=classes, seed=self.seed
        ).to(self.bench.device)
        if self._previous is not None:
            classifier.load_state_dict(self._previous.whole.state_dict())
            self._previous = None
        return classifier

    def _maps(self, rows: np.ndarray, labels: np.ndarray) -> Tensor:
        """(rows, rows of a map, columns), signed: of the classes that `[masks]` names."""
        train, probe = self.bench.data.train, self.bench.experiment.run.probe
        if self.bench.experiment.masks.class_of_map == "predicted":
            return answers(self.classifier, train, rows, probe=probe).maps
        return label_maps(self.classifier, train, rows, labels, probe=probe)

    def _chosen(self, criterion: str, rows: np.ndarray, n: int) -> np.ndarray:
        train, probe = self.bench.data.train, self.bench.experiment.run.probe
        pool = answers(self.classifier, train, rows, probe=probe)
        known = answers(self.classifier, train, self.labelled.rows, probe=probe)
        candidates = Candidates(
            logits=pool.logits.numpy(),
            features=pool.features.numpy(),
            labelled_features=known.features.numpy(),
        )
        rng = np.random.default_rng([self.seed, *criterion.encode()])
        return CRITERIA[criterion](candidates, n, rng)

    def _floats(self, step: str, make: Callable[[], dict[str, float]]) -> dict[str, float]:
        arrays = self.bench.cache.arrays(
            f"sal-{step}", self.key, lambda: {n: np.array(v) for n, v in make().items()}
        )
        return {name: float(value) for name, value in arrays.items()}
