"""What each condition shows of its test stimuli, as a table of named numbers.

Nothing here looks at the truth: what readers are given is made of what the screen shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from stimuli.bundle import Bundle, Explanation, Prediction
from stimuli.bundle.classifier_input import seen_pixels
from stimuli.ceiling.displayed import heat_map, in_cells, small_picture
from stimuli.ceiling.likeness import of_card, of_neighbours
from stimuli.ceiling.map_features import of_map, of_map_on_photo, of_photo
from stimuli.progress_bars import tqdm
from stimuli.study.online import Condition, Phase

CONFIDENCE, PANELS, ALL = "confidence", "panels", "all"
ANSWER = "answer: "  # begins the name of what tells which label the AI said
NO_SPREAD = 1e-9


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A condition's test stimuli and what it shows of them.

    Attributes:
        stimuli: by stimulus id: right (whether the AI is), kind, bin ("" where in none) and
            confidence.
        confidence, answer, panels: features by stimulus id; without columns where people do not see
            such a thing. The answer stands for label, photo and class card, which every condition
            shows.
    """

    condition: Condition
    classifier: str
    stimuli: pd.DataFrame
    confidence: pd.DataFrame
    answer: pd.DataFrame
    panels: pd.DataFrame

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The features of the confidence alone, of the panels alone and of all, as far as shown."""
        parts = {CONFIDENCE: self.confidence, PANELS: self.panels}
        whole = pd.concat([self.confidence, self.answer, self.panels], axis=1)
        return {name: table for name, table in parts.items() if len(table.columns)} | {ALL: whole}


def shown_by(bundle: Bundle, condition: Condition) -> Shown:
    """Look at every test stimulus that people of a condition may see."""
    stimuli = [s for s in bundle.of_phase(Phase.TEST) if bundle.shows(s, condition)]
    ids = [stimulus.stimulus_id for stimulus in stimuli]
    answers = [bundle.prediction(stimulus_id, condition) for stimulus_id in ids]
    looks = [
        _looks(bundle, condition, stimulus.image, answer)
        for stimulus, answer in zip(
            tqdm(stimuli, desc=f"pictures of {condition.name}", leave=False), answers, strict=True
        )
    ]
    labels = pd.get_dummies(pd.Series([a.label for a in answers], index=ids), dtype=float)
    photos = pd.DataFrame([photo for photo, _ in looks], index=ids).dropna(axis=1)
    confidence = [a.confidence for a in answers]
    facts = {
        "right": [a.right for a in answers],
        "kind": [stimulus.kind.value for stimulus in stimuli],
        "bin": [a.bin.value if a.bin else "" for a in answers],
        "confidence": confidence,
    }
    seen = {"confidence": np.round(confidence, 2)} if bundle.study.shows_confidence else {}
    return Shown(
        condition=condition,
        classifier=bundle.study.classifier_of(condition),
        stimuli=pd.DataFrame(facts, index=ids),
        confidence=pd.DataFrame(seen, index=ids),
        answer=pd.concat([labels.add_prefix(ANSWER), photos], axis=1),
        panels=pd.DataFrame([panels for _, panels in looks], index=ids).dropna(axis=1),
    )


def _looks(
    bundle: Bundle, condition: Condition, image: str, answer: Prediction
) -> tuple[dict[str, float], dict[str, float]]:
    """Numbers of photo and card, and numbers of the panels."""
    pixels = seen_pixels((bundle.path / image).read_bytes())
    photo = in_cells(pixels / 255)
    panels: dict[str, float] = {}
    for panel in bundle.panels(answer.stimulus_id, condition):
        is_map = bundle.study.explainers.draws_heat_maps(panel.explainer)
        numbers = (
            _of_heat_map(bundle, panel, pixels, photo)
            if is_map
            else _of_pictures(bundle, panel, photo)
        )
        panels |= {f"{panel.explainer}: {name}": number for name, number in numbers.items()}
    card = answer.card.images if bundle.study.trial.show_card != "never" else ()
    examples = [small_picture(bundle.path / example) for example in card]
    return of_photo(photo) | of_card(photo, examples), panels


def _of_pictures(bundle: Bundle, panel: Explanation, photo: np.ndarray) -> dict[str, float]:
    """Of neighbours and photos how alike they are; of pictures of any sort their looks too."""
    pictures = [small_picture(bundle.path / path) for path in panel.images]
    names = [f"distance_{number}" for number in range(1, len(pictures) + 1)]
    distances = [panel.scores[name] for name in names if name in panel.scores]
    likeness = of_neighbours(photo, pictures, distances)
    imported = bundle.study.explainers.imported(panel.explainer)
    if imported is None or imported.shows == "photos":
        return likeness
    looks = pd.DataFrame([of_photo(picture) for picture in pictures]).mean()
    return likeness | {
        str(name).removeprefix("photo_"): float(mean) for name, mean in looks.items()
    }


def _of_heat_map(
    bundle: Bundle, panel: Explanation, pixels: np.ndarray, photo: np.ndarray
) -> dict[str, float]:
    study = bundle.study
    heat = heat_map(
        seen_pixels((bundle.path / panel.images[0]).read_bytes()),
        pixels,
        study.rendering.heatmaps,
        is_signed=study.explainers.is_signed(panel.explainer),
        width=study.display_px / study.dataset.crop_px,
    )
    return of_map(heat) | of_map_on_photo(heat, photo)


def as_numbers(features: pd.DataFrame) -> np.ndarray:
    """Features as readers take them, (stimuli, features): without what is the same everywhere.

    Each has mean 0 and standard deviation 1, but for the label, of which each class stays 0 or 1:
    a penalty lets ten classes move a reader less than ten measured numbers. Scaling looks at all
    stimuli and at no truth, so it gives nothing away.
    """
    values = features.to_numpy()
    is_measured = np.array([not str(name).startswith(ANSWER) for name in features])
    varies = np.ptp(values, axis=0) > NO_SPREAD
    middles = np.where(is_measured, values.mean(0), 0)
    spreads = np.where(is_measured & varies, values.std(0), 1)
    scaled = ((values - middles) / spreads)[:, varies]
    return scaled if varies.any() else np.zeros((len(values), 1))
