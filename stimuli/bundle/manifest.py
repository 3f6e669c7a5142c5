"""A bundle as a whole: what it says of itself (`bundle.json`), and all its rows in memory."""

import json
import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from stimuli.bundle.mask_facts import MaskFacts
from stimuli.bundle.records import (
    Bin,
    Explanation,
    PoolImage,
    Prediction,
    Probability,
    Sha256,
    Stimulus,
    Verdict,
)
from stimuli.study import Study, parse_study, with_earlier_screens
from stimuli.study.offline import Facts
from stimuli.study.online import Condition, Phase

# In version 2, `display_px` of the study may differ from what the classifier saw, each stimulus has
# the digest of that, and study files may say which screens a trial has.
SCHEMA_VERSION: Literal[2] = 2
SINCE_SCREENS = 2


class BinCount(Facts):
    """One of the six bins: how many images the pool has there, and how many are stimuli."""

    bin: Bin
    right: bool
    available: int = Field(ge=0)
    chosen: int = Field(ge=0)


class FlippedFacts(Facts):
    """What became of the same images with the perturbation turned left to right.

    Attributes:
        right: of which all attacked classifiers were right, as JPEG files.
        bins: the three bins of those that could be shown, as the first attacked classifier sees
            them.
    """

    right: int = Field(ge=0)
    bins: tuple[BinCount, ...]


class AdversarialFacts(Facts):
    """What became of the images that were attacked.

    Attributes:
        against: the classifiers that were to be deceived; none in bundles of before, in which it
            was the first.
        deceived: that these still got wrong as JPEG files, all with one label.
        twins: of those, how many are left out because people see their photograph, or a reviewer
            vetoed it.
        excluded: of the rest, how many a condition could not show.
        bins: the three bins of the rest, as the first attacked classifier sees them.
        flipped: None where the study asks for none.
        detector_auc: how well a small detector tells these stimuli from natural ones by their
            sharpness and noise, 0.5 by chance and 1 always (`stimuli.pictures.detector`); None
            where there are too few.
    """

    against: tuple[str, ...] = ()
    attacked: int = Field(ge=0)
    deceived: int = Field(ge=0)
    twins: int = Field(ge=0)
    excluded: int = Field(ge=0)
    bins: tuple[BinCount, ...]
    flipped: FlippedFacts | None = None
    detector_auc: Probability | None = None


class Tally(Facts):
    """How many images the AI alone accepts or rejects rightly."""

    n_images: int = Field(ge=0)
    n_right: int = Field(ge=0)

    @property
    def accuracy(self) -> float:
        """Share of right decisions, 0 to 1; of no image, not a number."""
        return self.n_right / self.n_images if self.n_images else math.nan


class AiOnly(Facts):
    """The AI alone: it accepts its own answer where confidence >= threshold (T*).

    Attributes:
        accuracy: share of right decisions on `chosen_on`, where the threshold is best.
        sweep: that share at each threshold tried, "0.05" to "0.95".
        tallies: right decisions at T*: of the "whole pool", of its images in the "six bins", of
            each of these ("easy, AI right", ...), and of the test stimuli, "natural stimuli" and
            "adversarial stimuli".
    """

    threshold: Probability
    chosen_on: Literal["val", "pool"]
    accuracy: Probability
    sweep: dict[str, Probability] = Field(default_factory=dict)
    tallies: dict[str, Tally] = Field(default_factory=dict)


class ClassifierFacts(Facts):
    """A classifier as it was used.

    Attributes:
        backbone: its architecture, or "predictions" where its answers were given.
        digest: SHA-256 of its checkpoint, or of these answers.
        source: where weights come from that were not trained here; empty in bundles of before.
        licence: under which these may be used, where it is known.
        accuracy: top-1 by split, over all images that pass the picture filters. Without "train"
            no training picture has an answer, and a card may show any of its class.
        heatmap_thresholds: where an explainer's heat maps were binarised for the scores iou and
            wsl; by explainer.
    """

    name: str
    backbone: str
    digest: str
    accuracy: dict[Literal["train", "val", "test"], Probability]
    ai_only: AiOnly
    source: str = ""
    licence: str = ""
    duplicate_distance: float | None = None
    heatmap_thresholds: dict[str, Probability] = Field(default_factory=dict)

    @property
    def is_unasked(self) -> bool:
        """Whether its answers were given, and none of them to a training picture."""
        return self.backbone == "predictions" and "train" not in self.accuracy


class PluginFacts(Facts):
    """An explainer that the lab brought.

    Attributes:
        source: its file's name, or its distribution with version, module and function.
        sha256: of the file, or of the distribution's code.
    """

    source: str
    sha256: str


def as_several(facts: object) -> object:
    """Bundles of before say of their one attack, or that there was none."""
    if facts is None:
        return ()
    return (facts,) if isinstance(facts, dict) else facts


class GivenFacts(Facts):
    """Explanations that another tool made, as they were given to the build.

    Attributes:
        digest: SHA-256 of all files or texts, with the classifier and image of each.
        n_images: how many answers to an image were explained, whether they are shown or not; of
            features, how many images have some.
    """

    digest: Sha256
    n_images: int = Field(ge=0)


class Manifest(Facts):
    """`bundle.json`: where the bundle came from, and what was counted on the way.

    Attributes:
        excluded: images of the test split that are no candidates, by reason.
        empty_maps: images that made room for others, since a heat map of theirs is the same
            everywhere; by explainer and classifier, "gradcam (b1)".
        one_map: those whose heat maps are all one, whatever the picture.
        adversarial: of each attack: one, or one for each classifier.
        bins: the six bins of the first classifier, natural images only.
        covered_share: share of the pool that lies in one of them.
        plugins: whose code drew the heat maps of explainers that are not ours; by explainer.
        masks: what the data set's masks come to; None where it has none, and in bundles of before.
        explanations: those that another tool made, by the explainer's name; neighbours that it
            found, or features to find them by, as "neighbours (api)".
        items: whether practice and validation items were chosen automatically or by hand.
        verdicts: vetoes, and marks as debatable, that the build followed.
        short: whether a bin was allowed to hold fewer stimuli than `per_bin`.
        versions: of the packages that decide what a bundle contains.
    """

    schema_version: Literal[1, 2] = SCHEMA_VERSION
    study: str
    seed: int
    classifiers: tuple[ClassifierFacts, ...]
    bins: tuple[BinCount, ...]
    adversarial: Annotated[tuple[AdversarialFacts, ...], BeforeValidator(as_several)] = ()
    pool_size: int = Field(ge=0)
    covered_share: Probability
    excluded: dict[str, int]
    empty_maps: dict[str, int] = Field(default_factory=dict)
    plugins: dict[str, PluginFacts] = Field(default_factory=dict)
    masks: MaskFacts | None = None
    one_map: tuple[str, ...] = ()
    explanations: dict[str, GivenFacts] = Field(default_factory=dict)
    items: Literal["automatic", "by hand"] = "automatic"
    verdicts: tuple[Verdict, ...] = ()
    short: bool
    versions: dict[str, str]


def later_version(text: str) -> str | None:
    """What to do with a `bundle.json` whose version is not known yet; None for any other text."""
    try:
        manifest = json.loads(text)
    except ValueError:
        return None
    version = manifest.get("schema_version") if isinstance(manifest, dict) else None
    if not isinstance(version, int) or version <= SCHEMA_VERSION:
        return None
    return (
        f"was written by a later version of Lorikeet (schema_version {version}); "
        "use that version to read it"
    )


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """A bundle that was read and checked.

    Attributes:
        path: its folder.
        digest: SHA-256 of its list of checksums, and so of everything in it.
        study_text: `study.toml` as it was written.
    """

    path: Path
    digest: str
    manifest: Manifest
    study: Study
    study_text: str
    stimuli: tuple[Stimulus, ...]
    predictions: tuple[Prediction, ...]
    explanations: tuple[Explanation, ...]
    pool: tuple[PoolImage, ...]
    checksums: dict[str, str]

    @cached_property
    def built_from(self) -> Study:
        """The study that it was built from, where `study` has other online tables."""
        return self.study_of(self.study_text, subject="the bundle's study.toml")

    def study_of(self, text: str, *, subject: str) -> Study:
        """A study file for this bundle.

        Raises:
            StudyError: with every problem, if it is not a valid study.
        """
        study = parse_study(text, subject=subject)
        is_early = self.manifest.schema_version < SINCE_SCREENS
        return with_earlier_screens(study) if is_early else study

    @cached_property
    def stimulus_by_id(self) -> dict[str, Stimulus]:
        """Stimuli by their id."""
        return {s.stimulus_id: s for s in self.stimuli}

    @cached_property
    def _prediction_by_key(self) -> dict[tuple[str, str], Prediction]:
        return {(p.stimulus_id, p.classifier): p for p in self.predictions}

    @cached_property
    def _explanation_by_key(self) -> dict[tuple[str, str, str], Explanation]:
        return {(e.stimulus_id, e.classifier, e.explainer): e for e in self.explanations}

    def shows(self, stimulus: Stimulus, condition: Condition) -> bool:
        """Whether people of a condition may see a stimulus.

        All may, but where each classifier has adversarial pictures of its own.
        """
        settings, classifier = self.study.adversarial, self.study.classifier_of(condition)
        is_own = settings is not None and settings.deceives == "each"
        return not (is_own and stimulus.attacked) or classifier in stimulus.attacked

    def prediction(self, stimulus_id: str, condition: Condition) -> Prediction:
        """What the condition's classifier said of a stimulus."""
        return self._prediction_by_key[stimulus_id, self.study.classifier_of(condition)]

    def panels(self, stimulus_id: str, condition: Condition) -> list[Explanation]:
        """The explanations that the condition shows beside a stimulus, in order."""
        classifier = self.study.classifier_of(condition)
        return [self._explanation_by_key[stimulus_id, classifier, p] for p in condition.panels]

    def of_phase(self, phase: Phase) -> list[Stimulus]:
        """The stimuli of one phase, in the bundle's order."""
        return [s for s in self.stimuli if s.phase is phase]
