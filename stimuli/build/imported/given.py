"""Explanations that a lab brings, by what they are of."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from stimuli.bundle import GivenFacts
from stimuli.study.explainer_settings import ImportedSettings

OfImage = tuple[str, str]
"""A classifier and an image."""


@dataclass(frozen=True, kw_only=True)
class Given:
    """The explanations of one name.

    Attributes:
        files: of each classifier's answer to an image, in the order in which they are shown.
        texts: the same of texts.
        sums: the SHA-256 of each file or text.
    """

    settings: ImportedSettings
    files: Mapping[OfImage, tuple[Path, ...]] = field(default_factory=dict)
    texts: Mapping[OfImage, str] = field(default_factory=dict)
    sums: Mapping[OfImage, tuple[str, ...]] = field(default_factory=dict)

    def explains(self, classifier: str, image: str) -> bool:
        """Whether there is one of a classifier's answer to an image."""
        return (classifier, image) in self.sums

    @property
    def digest(self) -> str:
        """SHA-256 of the digests of all explanations, with the classifier and image of each."""
        lines = ("\t".join((*key, *own)) for key, own in sorted(self.sums.items()))
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    @property
    def facts(self) -> GivenFacts:
        """What a bundle says of them."""
        return GivenFacts(digest=self.digest, n_images=len(self.sums))
