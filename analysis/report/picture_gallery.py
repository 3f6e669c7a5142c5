"""The gallery: a page of the pictures that stand out, with what people saw beside them.

Figure 3 and A14 of the paper. The pictures are those of the bundle, copied beside the page.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd

from analysis.export.bundle_pictures import BundlePictures, read_pictures
from analysis.report.page import render
from analysis.statistics.analysed import Analysed
from analysis.statistics.measures.standouts import by_difficulty, right_with_one_alone
from analysis.statistics.measures.stimulus_answers import per_stimulus
from analysis.statistics.pairs import comparable
from analysis.statistics.sample.coverage import ENOUGH

GALLERY = "gallery.html"
PICTURES = "gallery"  # the folder of its pictures
MOST_CARDS = 12  # of each sort; the tables of the report have all stimuli


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What an explainer drew, and the conditions that showed it beside the photo."""

    conditions: tuple[str, ...]
    images: tuple[str, ...]
    text: str


@dataclass(frozen=True, kw_only=True)
class Card:
    """A stimulus on the page.

    Attributes:
        photo: path of the picture within the bundle, as all paths here.
        drawn: what stood beside it.
        answers: rows of `stimulus_answers.per_stimulus` of it, one for each condition.
    """

    stimulus_id: str
    photo: str
    drawn: tuple[Drawn, ...]
    answers: tuple[Mapping[Hashable, Any], ...]

    @property
    def shown_percent(self) -> list[str]:
        """The confidences of the AIs that were judged, each once, in whole per cent."""
        return list(dict.fromkeys(f"{100 * answer['confidence']:.0f}" for answer in self.answers))

    @property
    def across(self) -> int:
        """How many single pictures stand in a line: photo and heat maps, two or three."""
        return min(3, max(2, 1 + sum(len(drawn.images) == 1 for drawn in self.drawn)))

    @property
    def images(self) -> Iterator[str]:
        """Every picture that the card shows."""
        yield self.photo
        for drawn in self.drawn:
            yield from drawn.images


@dataclass(frozen=True, kw_only=True)
class Group:
    """Cards of one sort.

    Attributes:
        title: of the sort.
        condition: the one that alone was right; empty for the hardest and the easiest.
        cards: those shown.
        n: how many there are of the sort.
    """

    title: str
    condition: str
    cards: tuple[Card, ...]
    n: int


def gallery(analysed: Analysed, bundle: Path) -> dict[str, bytes]:
    """The page and its pictures, by their path beside the report.

    Args:
        analysed: the export after the exclusions.
        bundle: the folder of the bundle that the study was built from.

    Raises:
        ExportError: if that is another bundle than the export's, or if it was changed.
    """
    pictures = read_pictures(bundle, analysed.export.facts)
    groups = groups_of(analysed, pictures)
    used = {image for group in groups for card in group.cards for image in card.images}
    copies = {copy_of(image): pictures.read(image) for image in sorted(used)}
    title = analysed.export.study.study.title or analysed.export.facts.study
    html = render(
        "gallery.html",
        kind="gallery",
        title=title,
        analysed=analysed,
        groups=groups,
        enough=ENOUGH,
        most=MOST_CARDS,
        copy_of=copy_of,
    )
    return {GALLERY: html.encode("utf-8"), **copies}


def groups_of(analysed: Analysed, pictures: BundlePictures) -> list[Group]:
    """The stimuli that stand out, sort by sort; apart for each AI where several were judged."""
    export, facts = analysed.export, analysed.export.facts
    answers = per_stimulus(analysed.answered, export.stimuli, export.predictions, facts.conditions)
    groups = []
    same_ai = comparable(facts)
    for conditions in same_ai:
        own = answers[answers["condition"].isin(conditions)]
        of_ai = f", {facts.classifier_of[conditions[0]]}" if len(same_ai) > 1 else ""
        alone = right_with_one_alone(own, conditions)
        sorts = [
            (f"Right with {name} alone", name, alone[alone["condition"] == name])
            for name in (conditions if len(conditions) > 1 else ())
        ]
        hardest, easiest = (by_difficulty(own, conditions, easiest_first=e) for e in (False, True))
        sorts += [(f"The hardest{of_ai}", "", hardest), (f"The easiest{of_ai}", "", easiest)]
        for title, condition, table in sorts:
            first = table["stimulus_id"].head(MOST_CARDS)
            cards = tuple(_card(own[own["stimulus_id"] == i], analysed, pictures) for i in first)
            groups.append(Group(title=title, condition=condition, cards=cards, n=len(table)))
    return groups


def copy_of(image: str) -> str:
    """Where the copy of a picture of the bundle lies, beside the page."""
    return f"{PICTURES}/{PurePosixPath(image).name}"


def _card(answers: pd.DataFrame, analysed: Analysed, pictures: BundlePictures) -> Card:
    stimulus = str(answers["stimulus_id"].iloc[0])
    return Card(
        stimulus_id=stimulus,
        photo=pictures.photos[stimulus],
        drawn=tuple(_drawn(stimulus, list(answers["condition"]), analysed, pictures)),
        answers=tuple(answers.to_dict("records")),
    )


def _drawn(
    stimulus: str, conditions: Sequence[str], analysed: Analysed, pictures: BundlePictures
) -> Iterator[Drawn]:
    """What conditions showed beside a stimulus, each drawing once."""
    classifier_of = analysed.export.facts.classifier_of
    shown_by: dict[tuple[str, str], list[str]] = {}
    for condition, explainers in analysed.export.study.panels_of(conditions).items():
        for explainer in explainers:
            shown_by.setdefault((classifier_of[condition], explainer), []).append(condition)
    for (classifier, explainer), names in shown_by.items():
        key = stimulus, classifier, explainer
        images, text = pictures.explanations.get(key, ()), pictures.texts.get(key, "")
        if images or text:
            yield Drawn(conditions=tuple(names), images=images, text=text)
