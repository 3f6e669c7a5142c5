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
        if problems := _wrong_shapes(self) or _wrong_numbers(self):
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


def _wrong_shapes(candidates: Candidates) -> list[str]:
    logits, features = candidates.logits.shape, candidates.features.shape
    labelled = candidates.labelled_features.shape
    problems = []
    if len(logits) != 2 or logits[1] < 2:
        problems.append(f"logits {logits}: give (candidates, classes) with two classes or more")
    if len(features) != 2 or features[:1] != logits[:1]:
        problems.append(f"features {features}, logits {logits}: give a row of each per candidate")
    if len(labelled) != 2 or labelled[1:] != features[1:]:
        problems.append(
            f"labelled_features {labelled}, features {features}: give as many columns, and"
            " (0, columns) where nothing is labelled"
        )
    return problems


def _wrong_numbers(candidates: Candidates) -> list[str]:
    """A logit of -inf is a probability of 0, but one in each row must be a number."""
    checks = {
        "logits": np.isfinite(candidates.logits.max(axis=1)).all(),
        "features": np.isfinite(candidates.features).all(),
        "labelled_features": np.isfinite(candidates.labelled_features).all(),
    }
    return [
        f"{name} with NaN or infinity: look at the training, which has diverged"
        for name, fine in checks.items()
        if not fine
    ]
