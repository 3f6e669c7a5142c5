"""The bundle, which carries stimuli from the offline stage to the study. Imports no torch."""

from stimuli.bundle.manifest import (
    AdversarialFacts,
    AiOnly,
    BinCount,
    Bundle,
    ClassifierFacts,
    FlippedFacts,
    Manifest,
    Tally,
)
from stimuli.bundle.records import (
    Answer,
    Bin,
    Card,
    Explanation,
    ItemRow,
    Kind,
    PoolImage,
    Prediction,
    Ruling,
    Stimulus,
    Verdict,
)
from stimuli.bundle.store import BundleError, image_path, read_bundle, seal, write_partial

__all__ = [
    "AdversarialFacts",
    "AiOnly",
    "Answer",
    "Bin",
    "BinCount",
    "Bundle",
    "BundleError",
    "Card",
    "ClassifierFacts",
    "Explanation",
    "FlippedFacts",
    "ItemRow",
    "Kind",
    "Manifest",
    "PoolImage",
    "Prediction",
    "Ruling",
    "Stimulus",
    "Tally",
    "Verdict",
    "image_path",
    "read_bundle",
    "seal",
    "write_partial",
]
