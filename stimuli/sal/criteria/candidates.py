"""What the accuracy model says of the images that a query may pick. Imports no torch."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True, eq=False)
class Candidates:
    """The images without a label, and where the labelled ones lie.

    Attributes:
        logits: (n, classes) before the softmax; log-probabilities do as well.
        features: (n, d) of the penultimate layer.
        labelled_features: (m, d) of the images that have a label; m may be 0.
    """

    logits: np.ndarray
    features: np.ndarray
    labelled_features: np.ndarray

    def __post_init__(self) -> None:
        logits, features = self.logits.shape, self.features.shape
        labelled, problems = self.labelled_features.shape, []
        if len(logits) != 2 or logits[1] < 2:
            problems.append(f"logits {logits}: give (candidates, classes) with two classes or more")
        if len(features) != 2 or features[:1] != logits[:1]:
            problems.append(
                f"features {features}, logits {logits}: give a row of each per candidate"
            )
        if len(labelled) != 2 or labelled[1:] != features[1:]:
            problems.append(
                f"labelled_features {labelled}, features {features}: give as many columns, and"
                " (0, columns) where nothing is labelled"
            )
        if not problems:
            # A logit of -inf is a probability of 0, but one in each row must be a number.
            checks = {
                "logits": np.isfinite(self.logits.max(axis=1)).all(),
                "features": np.isfinite(self.features).all(),
                "labelled_features": np.isfinite(self.labelled_features).all(),
            }
            problems = [
                f"{name} with NaN or infinity: look at the training, which has diverged"
                for name, finite in checks.items()
                if not finite
            ]
        if problems:
            raise ValueError("; ".join(problems))

    def __len__(self) -> int:
        return len(self.logits)

    def require(self, k: int) -> None:
        """Raises where a query cannot pick k different candidates."""
        if not 1 <= k <= len(self):
            raise ValueError(
                f"a query of {k} images from {len(self)} candidates: ask for at least one and at"
                f" most {len(self)}; the last query takes what is left"
            )
