"""A small invented bundle of plain pictures, and its study file."""

import io
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from PIL import Image, ImageDraw

from stimuli.bundle import (
    AiOnly,
    Answer,
    Bin,
    BinCount,
    Bundle,
    Card,
    ClassifierFacts,
    Explanation,
    Kind,
    Manifest,
    PoolImage,
    Prediction,
    Stimulus,
    image_path,
    seal,
    write_partial,
)
from stimuli.study import Phase, parse_study

LABELS = ("Amber Fritillary", "Blue Morpho", "Orange Tip", "Peacock")
CONFIDENCE = {
    (Bin.EASY, True): 0.925,
    (Bin.EASY, False): 0.145,
    (Bin.MEDIUM, True): 0.515,
    (Bin.MEDIUM, False): 0.455,
    (Bin.HARD, True): 0.215,
    (Bin.HARD, False): 0.885,
}
CELLS = tuple(CONFIDENCE)

STUDY = """
[study]
name = "invented"
title = "Is the butterfly expert right?"
seed = 7

[dataset]
adaptor = "species"

[[classifiers]]
name = "tiny"
backbone = "tiny"
weights = "none"
[classifiers.training]
epochs = 1

[explainers.gradcam]
[explainers.neighbours]

[practice]
items = {practice}
steps = "paper"
feedback = "verdict"
[trial]
pause = false
[validation]
items = {validation}

[[conditions]]
name = "confidence"
[[conditions]]
name = "heatmap"
panels = ["gradcam"]
[[conditions]]
name = "neighbours"
panels = ["neighbours"]

[[phases]]
name = "consent"
[[phases]]
name = "instructions"
[[phases]]
name = "practice"
[[phases]]
name = "validation"
[[phases]]
name = "test"
trials = {test}
[[phases]]
name = "debrief"

[gate]
min_correct = {min_correct}
live = {live}

[provider]
ids = "optional"
open = true

[pay]
minutes = 12
reward = 1.8

[prolific.codes]
completed = "CDONE123"
"""


def study_text(
    *, practice: int = 5, validation: int = 10, test: int = 6, live: bool = False
) -> str:
    """A study file for an invented bundle."""
    return STUDY.format(
        practice=practice,
        validation=validation,
        test=test,
        min_correct=min(8, validation),
        live=str(live).lower(),
    )


@dataclass
class Drawer:
    """Draws pictures that differ from each other, and keeps them by path."""

    images: dict[str, bytes] = field(default_factory=dict)

    def draw(self, *what: object) -> str:
        """The path of a new picture."""
        seed = sha256(repr(what).encode()).digest()
        image = Image.new("RGB", (64, 64), tuple(seed[:3]))
        ImageDraw.Draw(image).ellipse(
            (8, 8, 20 + seed[3] % 40, 20 + seed[4] % 40), tuple(seed[5:8])
        )
        file = io.BytesIO()
        image.save(file, "JPEG")
        path = image_path(file.getvalue())
        self.images[path] = file.getvalue()
        return path


@dataclass(frozen=True)
class Lot:
    """One invented stimulus and what the AI says of it, by its number in a phase."""

    phase: Phase
    number: int

    @property
    def stimulus_id(self) -> str:
        """By which it is known in every file."""
        return sha256(f"{self.phase}{self.number}".encode()).hexdigest()[:12]

    @property
    def cell(self) -> tuple[Bin, bool]:
        """How hard it is, and whether the AI is right."""
        return CELLS[self.number % len(CELLS)]

    @property
    def guess(self) -> int:
        """The class that the AI says."""
        return (self.number + (not self.cell[1])) % len(LABELS)

    def stimulus(self, drawer: Drawer) -> Stimulus:
        """Every fifth is adversarial if the AI is wrong, every seventh debatable."""
        phase, i, right = self.phase, self.number, self.cell[1]
        return Stimulus(
            stimulus_id=self.stimulus_id,
            phase=phase,
            kind=Kind.ADVERSARIAL if i % 5 == 4 and not right else Kind.NATURAL,
            true_index=i % 4,
            true_label=LABELS[i % 4],
            image=drawer.draw("photo", phase, i),
            source=f"source/{phase}/{i}",
            input_sha256=None if i % 7 == 3 else sha256(f"seen {phase} {i}".encode()).hexdigest(),
            rationale="Look at the tips of its wings.",
            debatable=i % 7 == 3,
            debatable_reason="May be a twin. (Ada)" if i % 7 == 3 else "",
        )

    def prediction(self, drawer: Drawer, *, examples: int, describes: bool) -> Prediction:
        """With a card of so many examples, which describes the class or not."""
        cards = [
            Card(
                description=f"A butterfly, number {label}." if describes else "",
                images=tuple(drawer.draw("card", label, n) for n in range(examples)),
            )
            for label in (self.guess, self.number % 4)
        ]
        return Prediction(
            stimulus_id=self.stimulus_id,
            classifier="tiny",
            label_index=self.guess,
            label=LABELS[self.guess],
            confidence=CONFIDENCE[self.cell],
            right=self.cell[1],
            bin=self.cell[0],
            card=cards[0],
            true_card=cards[1] if self.phase is Phase.PRACTICE else None,
            best=tuple(
                Answer(label=LABELS[(self.guess + place) % 4], confidence=confidence)
                for place, confidence in enumerate((CONFIDENCE[self.cell], 0.07, 0.005, 0))
            ),
        )

    def explanation(self, explainer: str, shows: str, drawer: Drawer) -> Explanation:
        """One picture, three photos, or a text."""
        n = {"photos": 3, "text": 0}.get(shows, 1)
        images = tuple(drawer.draw(explainer, self.phase, self.number, i) for i in range(n))
        return Explanation(
            stimulus_id=self.stimulus_id,
            classifier="tiny",
            explainer=explainer,
            images=images,
            text="" if n else f"Its wings <b>{self.phase} {self.number}</b>.",
            scores={"iou": self.number / 100} if n else {},
        )


def build_bundle(folder: Path, text: str, *, per_cell: int = 2, describes: bool = True) -> Bundle:
    """Write an invented bundle: five practice and ten validation items, and all six cells."""
    drawer, study = Drawer(), parse_study(text, subject="study.toml")
    counts = {Phase.PRACTICE: 5, Phase.VALIDATION: 10, Phase.TEST: per_cell * len(CELLS)}
    lots = [Lot(phase, number) for phase, count in counts.items() for number in range(count)]
    explainers, examples = study.explainers, study.cards.examples
    imported = {name: explainers.imported(name) for name in explainers.names}
    shows = {name: own.shows if own else "" for name, own in imported.items()}
    shows |= {"neighbours": "photos"}
    partial = folder.with_name(folder.name + ".partial")
    write_partial(
        partial,
        manifest=_manifest(per_cell),
        study_text=text,
        stimuli=[lot.stimulus(drawer) for lot in lots],
        predictions=[
            lot.prediction(drawer, examples=examples, describes=describes) for lot in lots
        ],
        explanations=[
            lot.explanation(name, shows[name], drawer) for lot in lots for name in explainers.names
        ],
        pool=_pool(),
        images=drawer.images,
    )
    return seal(partial, folder)


def _manifest(per_cell: int) -> Manifest:
    ai_only = AiOnly(threshold=0.55, chosen_on="val", accuracy=0.8)
    facts = ClassifierFacts(
        name="tiny", backbone="tiny", digest="0" * 64, accuracy={"test": 0.7}, ai_only=ai_only
    )
    bins = [BinCount(bin=b, right=r, available=9, chosen=per_cell) for b, r in CELLS]
    return Manifest(
        study="invented",
        seed=7,
        classifiers=(facts,),
        bins=tuple(bins),
        pool_size=6,
        covered_share=1.0,
        excluded={"small": 1},
        short=False,
        versions={},
    )


def _pool() -> list[PoolImage]:
    return [
        PoolImage(source=f"pool/{i}", split="test", classifier="tiny", confidence=c, right=r, bin=b)
        for i, ((b, r), c) in enumerate(CONFIDENCE.items())
    ]
