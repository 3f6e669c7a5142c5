"""The rows of a bundle's files as frozen models. `stimuli.bundle` reads them."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from stimuli.study.offline import Facts
from stimuli.study.online import Phase

Probability = Annotated[float, Field(ge=0, le=1)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
OpaqueId = Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]
Line = Annotated[str, Field(pattern=r"^[^\n\r]*\S[^\n\r]*$")]
ImagePath = Annotated[str, Field(pattern=r"^images/[0-9a-f]{16}\.jpg$")]


class Bin(StrEnum):
    """How hard it is to see whether the AI is right, from its confidence (paper, 2.4.3)."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


class Kind(StrEnum):
    """Photographs as they are, with an adversarial perturbation, or with a harmless one of it.

    A flipped picture has the perturbation of an attack, turned left to right, and the AI is right.
    """

    NATURAL = "natural"
    ADVERSARIAL = "adversarial"
    FLIPPED = "flipped"


class Stimulus(Facts):
    """A picture with its true label.

    Attributes:
        phase: where it is shown: practice, validation or test.
        attacked: the classifiers that its perturbation was made to deceive; none of a natural one,
            and of pictures of before, which were made against the first.
        source: the example's name in the data set; never leaves for a browser.
        boxes: left, top, right, bottom in pixels of the picture as shown.
        input_sha256: of what the classifier saw, the picture's pixels after the resize to
            `dataset.crop_px` (`stimuli.bundle.classifier_input`); None in bundles of version 1.
        rationale: one line that practice feedback shows.
        debatable: whether a reviewer doubts its true label, though it stays.
        debatable_reason: why.
    """

    stimulus_id: OpaqueId
    phase: Literal[Phase.PRACTICE, Phase.VALIDATION, Phase.TEST]
    kind: Kind
    true_index: int = Field(ge=0)
    true_label: str
    image: ImagePath
    source: str
    attacked: tuple[str, ...] = ()
    boxes: tuple[tuple[float, float, float, float], ...] = ()
    input_sha256: Sha256 | None = None
    rationale: str = ""
    debatable: bool = False
    debatable_reason: str = ""


class Card(Facts):
    """A class as shown before a decision: its description and training images."""

    description: str
    images: tuple[ImagePath, ...]


class Answer(Facts):
    """A label with the probability that a classifier gives it."""

    label: str
    confidence: Probability


class Prediction(Facts):
    """What one classifier said of one stimulus, with the class card of that label.

    Attributes:
        confidence: softmax probability of the label.
        bin: None for a practice or validation item outside the confidence bands.
        true_card: of a practice item: the card of its true class, which feedback shows.
        best: the most likely labels, the one above first; none in bundles of before.
    """

    stimulus_id: OpaqueId
    classifier: str
    label_index: int = Field(ge=0)
    label: str
    confidence: Probability
    right: bool
    bin: Bin | None
    card: Card
    true_card: Card | None = None
    best: tuple[Answer, ...] = ()


class Explanation(Facts):
    """What one explainer made of one prediction: a heat map, several pictures, or a text.

    Attributes:
        text: where words are shown; then there are no pictures.
        scores: those that are defined, by name (docs/scores.md).
        scores_sha256: of the pictures' names and the scores, which belong together
            (`stimuli.bundle.scored_pictures`); None without scores, and in bundles of before.
    """

    stimulus_id: OpaqueId
    classifier: str
    explainer: str
    images: tuple[ImagePath, ...]
    text: str = ""
    scores: dict[str, float] = Field(default_factory=dict)
    scores_sha256: Sha256 | None = None

    @model_validator(mode="after")
    def _shows_one_thing(self) -> Self:
        if bool(self.images) == bool(self.text):
            raise ValueError("has pictures and a text, or neither; build again")
        return self


class PoolImage(Facts):
    """One classifier's answer to one eligible image.

    Attributes:
        split: `test` is the pool that stimuli come from; `val` is where T* is chosen, and has no
            rows where T* is chosen on the pool.
        bin: None outside the confidence bands.
    """

    source: str
    split: Literal["val", "test"]
    classifier: str
    confidence: Probability
    right: bool
    bin: Annotated[Bin | None, BeforeValidator(lambda cell: cell or None)]


class ItemRow(Facts):
    """A practice or validation item as `items.csv` names it.

    Attributes:
        source: the example's name in the data set.
        rationale: of a practice item; one is written where it is empty.
    """

    phase: Literal[Phase.PRACTICE, Phase.VALIDATION]
    source: Line
    rationale: Annotated[str, Field(pattern=r"^[^\n\r]*$")] = ""


class Ruling(StrEnum):
    """What a reviewer wants with a stimulus: another in its place, or a mark."""

    VETO = "veto"
    DEBATABLE = "debatable"


class Verdict(Facts):
    """A reviewer's word on a stimulus.

    Attributes:
        source: the example's name in the data set, which the id is a digest of.
    """

    stimulus_id: OpaqueId
    ruling: Ruling
    reason: Line
    reviewer: Line
    source: Line
