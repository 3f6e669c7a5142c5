"""A small invented bundle of plain pictures, and its study file."""

import io
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from PIL import Image, ImageDraw

from stimuli.bundle import (
    AiOnly,
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


def build_bundle(folder: Path, text: str, *, per_cell: int = 2) -> Bundle:
    """Write an invented bundle: five practice and ten validation items, and all six cells."""
    drawer, examples = Drawer(), parse_study(text, subject="study.toml").cards.examples
    stimuli, predictions, explanations = [], [], []
    counts = {Phase.PRACTICE: 5, Phase.VALIDATION: 10, Phase.TEST: per_cell * len(CELLS)}
    for phase, count in counts.items():
        for i in range(count):
            difficulty, right = CELLS[i % len(CELLS)]
            stimulus_id = sha256(f"{phase}{i}".encode()).hexdigest()[:12]
            true, guess = i % 4, i % 4 if right else (i + 1) % 4
            stimuli.append(
                Stimulus(
                    stimulus_id=stimulus_id,
                    phase=phase,
                    kind=Kind.ADVERSARIAL if i % 5 == 4 and not right else Kind.NATURAL,
                    true_index=true,
                    true_label=LABELS[true],
                    image=drawer.draw("photo", phase, i),
                    source=f"source/{phase}/{i}",
                    rationale="Look at the tips of its wings.",
                    debatable=i % 7 == 3,
                    debatable_reason="May be a twin. (Ada)" if i % 7 == 3 else "",
                )
            )
            cards = tuple(drawer.draw("card", guess, n) for n in range(examples))
            predictions.append(
                Prediction(
                    stimulus_id=stimulus_id,
                    classifier="tiny",
                    label_index=guess,
                    label=LABELS[guess],
                    confidence=CONFIDENCE[difficulty, right],
                    right=right,
                    bin=difficulty,
                    card=Card(description=f"A butterfly, number {guess}.", images=cards),
                )
            )
            for explainer in parse_study(text, subject="study.toml").explainers.names:
                pictures = 3 if explainer == "neighbours" else 1
                explanations.append(
                    Explanation(
                        stimulus_id=stimulus_id,
                        classifier="tiny",
                        explainer=explainer,
                        images=tuple(drawer.draw(explainer, phase, i, n) for n in range(pictures)),
                        scores={"iou": i / 100},
                    )
                )
    partial = folder.with_name(folder.name + ".partial")
    write_partial(
        partial,
        manifest=_manifest(per_cell),
        study_text=text,
        stimuli=stimuli,
        predictions=predictions,
        explanations=explanations,
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
