"""A bundle in which it is known how much each condition tells."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import numpy as np
from PIL import Image

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
from stimuli.pictures.render import heatmap_jpeg
from stimuli.study.online import Phase

SIDE = 64
LABELS = ("Amber", "Blue", "Copper", "Dusk")
CELLS = tuple((bin, right) for bin in Bin for right in (True, False))
CONFIDENCE = {
    (Bin.EASY, True): 0.9,
    (Bin.HARD, False): 0.9,
    (Bin.MEDIUM, True): 0.5,
    (Bin.MEDIUM, False): 0.5,
    (Bin.EASY, False): 0.2,
    (Bin.HARD, True): 0.2,
}
POOL = {
    (Bin.EASY, True): 60,
    (Bin.MEDIUM, True): 10,
    (Bin.HARD, True): 5,
    (Bin.EASY, False): 5,
    (Bin.MEDIUM, False): 5,
    (Bin.HARD, False): 10,
}
OUTSIDE_THE_BINS = 5  # images of the pool
MARKED, LIKE = 0.9, 0.8
"""How often the map marks a wrong answer and no right one, and neighbours are like the photo of a
right answer and of no wrong one; planted exactly, in each cell."""

STUDY = """
[study]
name = "planted"
title = "What is planted"
seed = 7
[dataset]
adaptor = "species"
resize_px = 64
crop_px = 64
[[classifiers]]
name = "silent"
backbone = "tiny"
weights = "checkpoint"
[[classifiers]]
name = "marking"
backbone = "tiny"
weights = "checkpoint"
[explainers.gradcam]
[explainers.neighbours]
[cards]
examples = 0
[[conditions]]
name = "confidence"
[[conditions]]
name = "map-silent"
panels = ["gradcam"]
[[conditions]]
name = "map-marking"
classifier = "marking"
panels = ["gradcam"]
[[conditions]]
name = "neighbours"
panels = ["neighbours"]
[[phases]]
name = "consent"
[[phases]]
name = "instructions"
[[phases]]
name = "test"
trials = 6
[[phases]]
name = "debrief"
"""


@dataclass
class Pictures:
    """JPEG files by path."""

    files: dict[str, bytes] = field(default_factory=dict)

    def add(self, content: bytes) -> str:
        """The path of a file."""
        path = image_path(content)
        self.files[path] = content
        return path


def plain(colour: np.ndarray) -> bytes:
    """A picture of one colour, (3,) in [0, 1]."""
    file = io.BytesIO()
    pixels = np.broadcast_to((255 * colour).astype(np.uint8), (SIDE, SIDE, 3))
    Image.fromarray(np.ascontiguousarray(pixels)).save(file, "JPEG")
    return file.getvalue()


def spot(row: float, column: float) -> np.ndarray:
    """A heat map with one warm place, at a place from 0 to 1."""
    rows, columns = np.mgrid[0 : 1 : SIDE * 1j, 0 : 1 : SIDE * 1j]
    return np.asarray(np.exp(-20 * ((rows - row) ** 2 + (columns - column) ** 2)))


def planted_bundle(folder: Path, *, per_cell: int, seed: int = 3) -> Bundle:
    """Of each of the six cells so many natural test stimuli, and nothing else.

    The map of "silent" has its spot anywhere; that of "marking" in a corner where the answer is
    wrong, in MARKED of each cell, and in the middle where it is right. LIKE says the same of
    neighbours that have the photo's colour.
    """
    rng, pictures = np.random.default_rng(seed), Pictures()
    stimuli, predictions, explanations = [], [], []
    for number in range(per_cell * len(CELLS)):
        (bin, right), place = CELLS[number % len(CELLS)], number // len(CELLS)
        says = {share: right == (place < round(share * per_cell)) for share in (MARKED, LIKE)}
        photo, other = rng.random((2, 3))
        content = plain(photo)
        stimulus_id = sha256(str(number).encode()).hexdigest()[:12]
        label = int(rng.integers(len(LABELS)))
        stimuli.append(
            Stimulus(
                stimulus_id=stimulus_id,
                phase=Phase.TEST,
                kind=Kind.NATURAL,
                true_index=label if right else (label + 1) % len(LABELS),
                true_label="",
                image=pictures.add(content),
                source=f"test/{number}",
            )
        )
        where = {
            "silent": tuple(rng.random(2)),
            "marking": (0.5, 0.5) if says[MARKED] else (0.1, 0.1),
        }
        for classifier, (row, column) in where.items():
            facts = {"stimulus_id": stimulus_id, "classifier": classifier}
            predictions.append(
                Prediction(
                    **facts,
                    label_index=label,
                    label=LABELS[label],
                    confidence=CONFIDENCE[bin, right],
                    right=right,
                    bin=bin,
                    card=Card(description=LABELS[label], images=()),
                )
            )
            heat = pictures.add(heatmap_jpeg(spot(row, column), content))
            explanations.append(Explanation(**facts, explainer="gradcam", images=(heat,)))
        near = plain((photo + 0.01) % 1 if says[LIKE] else (photo + 0.3 + 0.4 * other) % 1)
        explanations.append(
            Explanation(
                stimulus_id=stimulus_id,
                classifier="silent",
                explainer="neighbours",
                images=(pictures.add(near),),
            )
        )
    partial = folder.with_name(folder.name + ".partial")
    write_partial(
        partial,
        manifest=_manifest(per_cell),
        study_text=STUDY,
        stimuli=stimuli,
        predictions=predictions,
        explanations=explanations,
        pool=[row for name in ("silent", "marking") for row in _pool(name)],
        images=pictures.files,
    )
    return seal(partial, folder)


def _manifest(per_cell: int) -> Manifest:
    ai_only = AiOnly(threshold=0.4, chosen_on="val", accuracy=0.8)
    facts = {"backbone": "tiny", "digest": "0" * 64, "accuracy": {"test": 0.7}, "ai_only": ai_only}
    return Manifest(
        study="planted",
        seed=7,
        classifiers=tuple(ClassifierFacts(name=name, **facts) for name in ("silent", "marking")),
        bins=tuple(BinCount(bin=b, right=r, available=9, chosen=per_cell) for b, r in CELLS),
        pool_size=sum(POOL.values()) + OUTSIDE_THE_BINS,
        covered_share=sum(POOL.values()) / (sum(POOL.values()) + OUTSIDE_THE_BINS),
        excluded={},
        short=False,
        versions={},
    )


def _pool(classifier: str) -> list[PoolImage]:
    in_bins = [(cell, CONFIDENCE[cell], cell[1]) for cell, n in POOL.items() for _ in range(n)]
    answers: list[tuple[tuple[Bin, bool] | None, float, bool]] = [*in_bins]
    answers += [(None, 0.7, True)] * OUTSIDE_THE_BINS
    new: Callable[..., PoolImage] = PoolImage
    return [
        new(
            source=f"pool/{number}",
            split="test",
            classifier=classifier,
            confidence=confidence,
            right=right,
            bin=cell[0] if cell else None,
        )
        for number, (cell, confidence, right) in enumerate(answers)
    ]
