"""A model of a run, trained when something is first asked of it that is not on the disk.

What a model predicts lies under a digest of everything that decides the model: the labelled images
with their masks, the settings, the seed and the code. A run that was cut off asks the same
questions again and trains only from where it stopped; scenarios whose labelled sets are still
equal share their models without knowing of each other; and a model that nobody asks is not trained.

With a warm start a model's digest holds that of the model whose weights it begins with. Weights are
not kept: where a run goes on that was cut off, that one is trained again, and those before it.
"""

import logging
from functools import cached_property

import numpy as np
import torch

import explainers
from explainers.classifier import Classifier, new_classifier
from explainers.networks.trunk import split
from stimuli.cache import code, digest, package_code
from stimuli.models import augmentation, device
from stimuli.sal import criteria, learning
from stimuli.sal import data as sal_data
from stimuli.sal.criteria.candidates import Candidates
from stimuli.sal.criteria.registry import CRITERIA
from stimuli.sal.data.labelled import Labelled, Origin
from stimuli.sal.data.masks import binarised, packed
from stimuli.sal.learning.context import RunContext
from stimuli.sal.learning.evaluation import evaluate
from stimuli.sal.learning.inference import label_maps, predict
from stimuli.sal.learning.training import train_classifier

log = logging.getLogger(__name__)

# Where the code lies that decides what a model predicts.
MADE_BY = (explainers, criteria, sal_data, learning)

ALPHAS = {"accuracy": "alpha", "interpreter": "interpreter_alpha", "teacher": "teacher_alpha"}
"""The balance of each role's loss, by its name in `[loss]`."""


class CachedModel:
    """One model.

    Attributes:
        labelled: what it learns from.
        role: one of ALPHAS. It has a seed of its own, so that no model's chance depends on whether
            another is trained.
        backbone: of its role.
        seed: of its first weights and the order of its batches.
        training_key: digest of everything that decides the model but the weights of another one
            that it may begin with, and of the code that asks it.
        key: digest of that, and of the key of the other one.
    """

    def __init__(
        self,
        context: RunContext,
        labelled: Labelled,
        *,
        role: str,
        previous: "CachedModel | None" = None,
    ) -> None:
        """Nothing is trained yet.

        Args:
            previous: whose weights it begins with; None for those of `[model]`.
        """
        self.context, self.labelled, self.role = context, labelled, role
        experiment, data = context.experiment, context.data
        alpha: float = getattr(experiment.loss, ALPHAS[role])
        # Without a mask there is nothing to balance: such a model is the same for every alpha.
        self.alpha = alpha if (labelled.origins != Origin.NOBODY).any() else 1.0
        self.seed = int(digest(experiment.run.seed, role, len(labelled))[:15], 16)
        made_by = package_code(*MADE_BY), code(augmentation, device)
        model = experiment.model.model_dump(exclude={"start", "backbone", "teacher"})
        loss = experiment.loss.model_dump(exclude=set(ALPHAS.values()))
        self.backbone = experiment.model.backbone_of(role)
        settings = self.backbone, model, experiment.training, loss, experiment.run.probe
        images = data.train.digest, data.val.digest, data.test.digest, labelled.digest
        # Another number of threads adds up in another order.
        machine = context.device.type, torch.get_num_threads()
        self.training_key = digest(
            *made_by, settings, self.seed, self.alpha, data.classes, *images, machine
        )
        self.key = self.training_key
        if previous is not None:
            self.key = digest(self.training_key, previous.key)
        self._previous = previous

    @cached_property
    def whole(self) -> Classifier:
        """The trained model, which takes pixels, in evaluation mode."""
        data, experiment = self.context.data, self.context.experiment
        model = experiment.model
        classifier = new_classifier(
            self.backbone, weights=model.weights, classes=data.classes, seed=self.seed
        ).to(self.context.device)
        if self._previous is not None:
            classifier.load_state_dict(self._previous.whole.state_dict())
            # It is let go, and with it all before it.
            self._previous = None
        log.info("training the %s model on %d images", self.role, len(self.labelled))
        train_classifier(
            self._trainable_part(classifier),
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
        """The part of it that was trained, which takes what the context's images give."""
        return self._trainable_part(self.whole)

    def _trainable_part(self, whole: Classifier) -> Classifier:
        frozen = self.context.experiment.model.frozen
        return split(whole, frozen)[1] if frozen else whole

    def scores(self) -> dict[str, float]:
        """On the test split, as `stimuli.sal.learning.evaluation` has them."""
        test, probe = self.context.data.test, self.context.experiment.run.probe

        def make() -> dict[str, np.ndarray]:
            scores = evaluate(self.classifier, test, probe=probe)
            return {name: np.array(score) for name, score in scores.items()}

        arrays = self.context.cache.arrays("sal-scores", self.key, make)
        return {name: float(score) for name, score in arrays.items()}

    def picks(self, criterion: str, rows: np.ndarray, n: int) -> np.ndarray:
        """The `n` of some rows of the training set that a criterion wants labelled."""
        train, probe = self.context.data.train, self.context.experiment.run.probe

        def make() -> dict[str, np.ndarray]:
            pool = predict(self.classifier, train, rows, probe=probe)
            labelled = predict(self.classifier, train, self.labelled.rows, probe=probe)
            candidates = Candidates(
                logits=pool.logits.numpy(),
                features=pool.features.numpy(),
                labelled_features=labelled.features.numpy(),
            )
            rng = np.random.default_rng([self.seed, *criterion.encode()])
            return {"picks": rows[CRITERIA[criterion](candidates, n, rng)]}

        key = digest(self.key, criterion, rows.tobytes(), n)
        return self.context.cache.arrays("sal-picks", key, make)["picks"]

    def masks(self, rows: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """(rows, bytes), packed bits: what it draws for rows of the training set."""
        train, probe = self.context.data.train, self.context.experiment.run.probe
        settings = self.context.experiment.masks

        def make() -> dict[str, np.ndarray]:
            if settings.class_of_map == "predicted":
                maps = predict(self.classifier, train, rows, probe=probe).maps
            else:
                maps = label_maps(self.classifier, train, rows, labels, probe=probe)
            pixels = binarised(
                maps, train.side, threshold=settings.threshold, resolution=settings.resolution
            )
            return {"masks": packed(pixels)}

        key = digest(self.key, settings, rows.tobytes(), labels.tobytes())
        return self.context.cache.arrays("sal-masks", key, make)["masks"]
