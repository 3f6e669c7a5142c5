"""Explainers whose explanations another tool made: they read what is given, and draw nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from stimuli.build.context import BuildContext, SplitRow
from stimuli.build.evaluated import EvaluatedClassifier
from stimuli.build.heatmaps.drawings import Drawings, heat_map_drawings
from stimuli.build.imported.explanation_pictures import shown_picture
from stimuli.build.imported.given import Given
from stimuli.build.imported.heat_map_files import read_heat_map
from stimuli.build.imported.intake import ExplanationsError
from stimuli.pictures.jpeg import of_one_length
from stimuli.progress_bars import tqdm


@dataclass(frozen=True, kw_only=True)
class ImportedHeatMaps:
    """Arrays, which are drawn and scored as our own maps are."""

    name: str
    given: Given

    def reader(
        self, evaluated: EvaluatedClassifier, context: BuildContext
    ) -> Callable[[SplitRow], np.ndarray]:
        """What gives the map of a row, (side, side)."""
        side, is_signed = context.study.dataset.crop_px, self.given.settings.signed

        def heatmap_of(split_row: SplitRow) -> np.ndarray:
            (path,) = self.given.files[of_row(evaluated, split_row, context)]
            heatmap, problem = read_heat_map(path, side, is_signed=is_signed)
            if heatmap is None:
                raise ExplanationsError(self.name, [f"{path}: {problem}"])
            return heatmap

        return heatmap_of

    def __call__(
        self, evaluated: EvaluatedClassifier, rows: Sequence[SplitRow], context: BuildContext
    ) -> Drawings:
        """A map of each row as a picture, and how it scores."""
        heatmap_of = self.reader(evaluated, context)
        return heat_map_drawings(self.name, heatmap_of, {}, evaluated, rows, context)


@dataclass(frozen=True, kw_only=True)
class ImportedPictures:
    """Pictures and photos, shown as they are."""

    name: str
    given: Given

    def __call__(
        self, evaluated: EvaluatedClassifier, rows: Sequence[SplitRow], context: BuildContext
    ) -> Drawings:
        """The pictures of each row, all in files of one length."""
        side = context.study.display_px
        given = [self.given.files[of_row(evaluated, row, context)] for row in rows]
        progress = tqdm(given, desc=self.name, unit="img", leave=False)
        pictures = [[shown_picture(path, side) for path in paths] for paths in progress]
        padded = iter(of_one_length([jpeg for own in pictures for jpeg in own]))
        return Drawings(
            pictures=[[next(padded) for _ in own] for own in pictures], scores=[{} for _ in rows]
        )


@dataclass(frozen=True, kw_only=True)
class ImportedTexts:
    """Words beside the photo."""

    name: str
    given: Given

    def __call__(
        self, evaluated: EvaluatedClassifier, rows: Sequence[SplitRow], context: BuildContext
    ) -> Drawings:
        """The text of each row."""
        texts = [self.given.texts[of_row(evaluated, row, context)] for row in rows]
        return Drawings(pictures=[[] for _ in rows], scores=[{} for _ in rows], texts=texts)


Imported = ImportedHeatMaps | ImportedPictures | ImportedTexts
OF_KIND: dict[str, Callable[..., Imported]] = {
    "heatmaps": ImportedHeatMaps,
    "pictures": ImportedPictures,
    "photos": ImportedPictures,
    "text": ImportedTexts,
}


def imported_explainer(name: str, given: Given) -> Imported:
    """What shows the explanations of a name."""
    return OF_KIND[given.settings.shows](name=name, given=given)


def of_row(
    evaluated: EvaluatedClassifier, split_row: SplitRow, context: BuildContext
) -> tuple[str, str]:
    """The classifier and the image of a row, by which explanations are found."""
    split, row = split_row
    return evaluated.name, context.crops[split][row].example.source
